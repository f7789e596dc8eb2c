"""One who has scrolled down, without a browser: what the `in_view` of a page would tell the server then."""

from collections.abc import Iterable

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.ui.exhibits.bitmaps.in_view import COMPONENT


def all_seen(elements: Iterable[Element]) -> list[WidgetState]:
    """What a browser has to say of those among the elements that wait to be seen, once each has been in view."""
    return [
        WidgetState(id=each.bidi_component.id, json_value='{"seen":true}')
        for each in elements
        if each.bidi_component.component_name == COMPONENT
    ]
