"""Downloads under a picture, and the way back: a bundle that is dropped in restores its view.

A file is made only when it is asked for, on a thread of its own: what it needs of the session is taken before.
"""

from collections.abc import Callable

import streamlit as st

from viz.attention import AttentionResult
from viz.pictures.export import (
    Width,
    file_name,
    fitting_layers,
    head_csv,
    provenance_of,
    write_bundle,
    write_npz,
    write_picture,
)
from viz.pictures.export.bundle import LARGEST
from viz.pictures.figures import Draw, FigureText, Style
from viz.ui.exhibits.downloads import (
    PICTURES,
    Form,
    Picture,
    captioned,
    form_choice,
    menu,
    save_button,
    width_choice,
)
from viz.ui.exhibits.explorer_exhibit import document
from viz.ui.session import tag, tr
from viz.ui.wording.names import head_name, stem
from viz.view.saved_views import settings_of
from viz.view.state import ViewState

_IN_A_BUNDLE = 16 * 2**20  # bytes of weights: with the pictures it can still be dropped in again
_SMALL_FROM = 16  # tokens, from which on letters in a column are under 4 points


def download(
    result: AttentionResult, state: ViewState, name: str, draw: Draw, table: Callable[[], bytes] | None = None
) -> None:
    """The menu under a picture: its format, its width and its resolution, and the button.

    `name` is unique on the page and says in the file's name what is shown ("heatmap"). `draw` makes the figure anew,
    `table` the CSV of what it shows; the chosen head's weights when None. Both run on another thread.
    """
    with menu(name) as is_open:
        if not is_open:
            return
        form = _form(name)
        width, dpi = (
            _size(name, form, len(result.map_of(state.switches.kind).queries))
            if form in PICTURES
            else ("page", 300)
        )
        if form in ("npz", "zip"):
            _say_layers(result, state, form)
        style = Style(words=FigureText().translated(tag(), tr))
        _button(result, state, name, form, _maker(result, state, name, form, width, dpi, draw, table, style))


def bundle_button(result: AttentionResult, state: ViewState, key: str) -> None:
    """The button for a bundle without a picture: the numbers, and what restores the view."""
    _say_layers(result, state, "zip")
    settings, explorer = settings_of(state), _explorer(result, state)
    _button(
        result,
        state,
        key,
        "zip",
        lambda: _bundle(result, state, {}, settings, head_csv_of(result, state), explorer()),
    )


def head_csv_of(result: AttentionResult, state: ViewState) -> bytes:
    """The chosen head's weights as CSV."""
    return head_csv(result.map_of(state.switches.kind), state.layer, state.head)


def _form(name: str) -> Form:
    names: dict[Form, str] = {
        "png": "PNG",
        "svg": "SVG",
        "pdf": "PDF",
        "csv": "CSV",
        "npz": "NPZ",
        "html": "HTML",
        "zip": tr("All in one (ZIP)"),
    }
    return form_choice(
        name,
        names,
        tr(
            "PNG: pixels. SVG and PDF: sharp at any size, with text that can be searched. CSV: the numbers of this "
            "picture. NPZ: all weights, for NumPy. HTML: the explorer, for any browser, with no network. ZIP: all of "
            "these, to be opened again in this app."
        ),
    )


def _size(name: str, form: Form, tokens: int) -> tuple[Width, int]:
    width = width_choice(name)
    if width == "column" and tokens > _SMALL_FROM:
        st.caption(tr("The picture has many tokens: in a column its letters are very small."))
    if form != "png":
        return width, 300
    dpi: int = st.segmented_control(
        tr("Dots per inch"),
        [150, 300] if width == "drawn" else [150, 300, 600],
        default=300,
        required=True,
        key=f"w_{name}_dpi_{width == 'drawn'}",
    )
    return width, dpi


def _say_layers(result: AttentionResult, state: ViewState, form: Form) -> None:
    attention_map = result.map_of(state.switches.kind)
    if len(_layers(result, state, form)) < attention_map.layers:
        st.caption(
            tr(
                "The text is long: the file has the weights of layer {layer} only. The others can be computed again.",
                layer=state.layer + 1,
            )
        )


def _layers(result: AttentionResult, state: ViewState, form: Form) -> tuple[int, ...]:
    attention_map = result.map_of(state.switches.kind)
    return (
        fitting_layers(attention_map, state.layer, _IN_A_BUNDLE)
        if form == "zip"
        else fitting_layers(attention_map, state.layer)
    )


def _button(
    result: AttentionResult, state: ViewState, name: str, form: Form, make: Callable[[], bytes]
) -> None:
    save_button(name, form, _named(result, state, name, form), make)


def _named(result: AttentionResult, state: ViewState, name: str, form: str) -> str:
    kind = () if len(result.maps) == 1 else (result.map_of(state.switches.kind).kind,)
    return file_name(
        stem(result), *kind, f"layer{state.layer + 1}", f"head{state.head + 1}", name, ending=form
    )


def _explorer(result: AttentionResult, state: ViewState) -> Callable[[], bytes]:
    caption = captioned(result, state, head_name(state.layer, state.head))
    return document(result, state, caption, tag())


def _maker(
    result: AttentionResult,
    state: ViewState,
    name: str,
    form: Form,
    width: Width,
    dpi: int,
    draw: Draw,
    table: Callable[[], bytes] | None,
    style: Style,
) -> Callable[[], bytes]:
    """What makes the file, without asking the session for anything."""
    caption, settings, explorer = (
        captioned(result, state, head_name(state.layer, state.head)),
        settings_of(state),
        _explorer(result, state),
    )

    def drawn(kind: Picture) -> bytes:
        return write_picture(draw(style), kind, width=width, dpi=dpi, caption=caption, style=style)

    def numbers() -> bytes:
        return table() if table is not None else head_csv_of(result, state)

    def made() -> bytes:
        if form == "csv":
            return numbers()
        if form == "npz":
            return write_npz(
                result.map_of(state.switches.kind),
                result.card.id,
                result.revision,
                _layers(result, state, form),
            )
        if form == "html":
            return explorer()
        if form == "zip":
            pictures = {_named(result, state, name, kind): drawn(kind) for kind in PICTURES}
            return _bundle(result, state, pictures, settings, numbers(), explorer(), name)
        return drawn(form)

    return made


def _bundle(
    result: AttentionResult,
    state: ViewState,
    pictures: dict[str, bytes],
    settings: dict[str, str],
    numbers: bytes,
    explorer: bytes,
    name: str = "weights",
) -> bytes:
    """The ZIP; without the explorer where with it the file would be too large to be opened again."""
    layers = _layers(result, state, "zip")
    weights = write_npz(result.map_of(state.switches.kind), result.card.id, result.revision, layers)
    files = {**pictures, _named(result, state, name, "csv"): numbers, "attention.npz": weights}
    provenance = provenance_of(result, settings, state.other, state.target or None)
    whole = write_bundle(provenance, {**files, _named(result, state, "explorer", "html"): explorer})
    return whole if len(whole) <= LARGEST else write_bundle(provenance, files)
