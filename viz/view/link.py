"""A view to a link, and back."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from viz.errors import InputError, VizError
from viz.language import _
from viz.view.link_values import LinkValues
from viz.view.state import CARRIED, DEFAULT, ViewState, _shape, bound

LONGEST_LINK = 6_000

# What a link that would be too long does without, first the first.
_LEFT_OUT = (("saved",), ("lessons",), ("text", "pair", "other", "target"))

PARAMETERS = {name: carried.name or name for name, carried in CARRIED.items()}
"""The name that each field has in a link, in order."""


def to_params(view: ViewState) -> dict[str, str]:
    """The query parameters of a link to `view`, in the order of its fields: only what differs from the first visit's.

    A text too long for a link of `LONGEST_LINK` characters is left out; `fits_link` tells.
    """
    params: dict[str, str] = {}
    for name, carried in CARRIED.items():
        value = getattr(view, name)
        # A second text goes with its first one.
        if value != getattr(DEFAULT, name) or (name == "text" and view.pair != DEFAULT.pair):
            packed = carried.codec.write(value)
            if packed is not None:
                params[PARAMETERS[name]] = packed
    for names in _LEFT_OUT:
        if len(urlencode(params)) > LONGEST_LINK:
            params = {name: value for name, value in params.items() if name not in names}
    return params


def fits_link(view: ViewState) -> bool:
    """Whether a link can carry the texts and the saved views of `view`."""
    read, _notes = from_params(to_params(view))
    return all(getattr(read, name) == getattr(view, name) for names in _LEFT_OUT for name in names)


def for_others(view: ViewState) -> ViewState:
    """`view` as it is passed on to others: without a person's own answers and what they set up in the lessons."""
    return replace(view, answered=(), lessons="")


def from_params(params: Mapping[str, str]) -> tuple[ViewState, tuple[VizError, ...]]:
    """The valid view nearest to a link's parameters, and a note on each value that was ignored or bounded."""
    if "text" not in params:
        params = {name: value for name, value in params.items() if name != "pair"}
    link = LinkValues(params)
    values = {
        name: link.read(PARAMETERS[name], carried.codec, getattr(DEFAULT, name))
        for name, carried in CARRIED.items()
    }
    view = ViewState(**values)
    bounded = bound(view)
    changed = [name for name in values if name in params and getattr(bounded, name) != values[name]]
    return bounded, (*link.notes, *(_bounded_note(name, params, view) for name in changed))


def _bounded_note(name: str, params: Mapping[str, str], view: ViewState) -> VizError:
    model = view.model2 if name.endswith("2") else view.model
    if name == "off":
        return InputError(
            _("The link switches off heads that {model} does not have. They were ignored."), model=model
        )
    layers, heads = _shape(view, name.endswith("2"))
    return InputError(
        _("The link asked for {name} {number}; {model} has 1 to {count}. The nearest is shown."),
        name=name,
        number=params[name],
        model=model,
        count=heads if name.startswith("head") else layers,
    )
