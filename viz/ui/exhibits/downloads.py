"""The menu under a picture: its formats and widths, the numbers it shows, and all that belongs to its result.

A file is made only when it is asked for, on a thread of its own: what it needs of the session is taken before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from viz.attention import AttentionMap, AttentionResult
from viz.pictures.export import (
    Width,
    csv_table,
    file_name,
    fitting_layers,
    head_csv,
    provenance_of,
    write_bundle,
    write_npz,
    write_picture,
)
from viz.pictures.export.bundle import LARGEST
from viz.pictures.export.number_files import BUDGET
from viz.pictures.figures import Draw, Style
from viz.ui.exhibits.explorer_exhibit import document
from viz.ui.session import tag, tr, view
from viz.ui.wording.names import head_name, kind_names, stem, weigh_names
from viz.view.saved_views import settings_of
from viz.view.state import ViewState

Picture = Literal["png", "svg", "pdf"]
Form = Literal["png", "svg", "pdf", "csv", "npz", "html", "zip"]

PICTURES: tuple[Picture, ...] = ("png", "svg", "pdf")
_MIME: dict[Form, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "npz": "application/octet-stream",
    "html": "text/html",
    "zip": "application/zip",
}
_DPI = 300
_QUOTED = 80  # characters of the text in a caption
_IN_A_BUNDLE = 16 * 2**20  # bytes of weights: with the pictures it can still be dropped in again
_SMALL_FROM = 16  # tokens, from which on letters in a column are under 4 points


@dataclass(frozen=True, eq=False)
class ResultFiles:
    """What can be saved of a result as the view shows it, on any thread. `explorer` makes the HTML."""

    result: AttentionResult
    state: ViewState
    caption: str
    settings: Mapping[str, str]
    explorer: Callable[[], bytes]

    @classmethod
    def of_view(cls, result: AttentionResult, state: ViewState) -> "ResultFiles":
        """The files of the result, with what is asked of the session for them."""
        caption = captioned(result, state, head_name(state.layer, state.head))
        return cls(result, state, caption, settings_of(state), document(result, state, caption, tag()))

    @property
    def map(self) -> AttentionMap:
        """The map on screen."""
        return self.result.map_of(self.state.switches.kind)

    def name(self, name: str, form: Form) -> str:
        """The name of a file of this form, in which `name` says what is shown."""
        kind = () if len(self.result.maps) == 1 else (self.map.kind,)
        head = f"layer{self.state.layer + 1}", f"head{self.state.head + 1}"
        return file_name(stem(self.result), *kind, *head, name, ending=form)

    def numbers(self) -> bytes:
        """The chosen head's weights as CSV."""
        return head_csv(self.map, self.state.layer, self.state.head)

    def weights(self, budget: int = BUDGET) -> bytes:
        """The weights as NPZ, of the chosen layer alone where all take more than `budget` bytes."""
        layers = fitting_layers(self.map, self.state.layer, budget)
        return write_npz(self.map, self.result.card.id, self.result.revision, layers)

    def bundle(self, pictures: Mapping[str, bytes], name: str = "weights") -> bytes:
        """The ZIP; without the explorer where with it the file would be too large to be opened again."""
        files = {
            **pictures,
            self.name(name, "csv"): self.numbers(),
            "attention.npz": self.weights(_IN_A_BUNDLE),
        }
        provenance = provenance_of(self.result, self.settings, self.state.other, self.state.target or None)
        whole = write_bundle(provenance, {**files, self.name("explorer", "html"): self.explorer()})
        return whole if len(whole) <= LARGEST else write_bundle(provenance, files)

    def say_layers(self, budget: int) -> None:
        """Tell where a file of `budget` bytes has not all layers."""
        if len(fitting_layers(self.map, self.state.layer, budget)) < self.map.layers:
            st.caption(
                tr(
                    "The text is long: the file has the weights of layer {layer} only. The others can be computed "
                    "again.",
                    layer=self.state.layer + 1,
                )
            )


def save_menu(
    name: str,
    draw: Draw,
    style: Style,
    caption: str = "",
    table: Callable[[], bytes] | None = None,
    result: AttentionResult | None = None,
) -> None:
    """The box behind the button under a picture: format, width and the button that saves.

    `name` is unique on the page and says in the file's name what is shown; `caption` stands below the picture. `table`
    makes the CSV of what the picture shows. Of a `result`, all that belongs to it is offered, and its file's name and
    caption say which it is.

    A download that is offered holds on to what it would be made of, all weights of a text at times, for as long as
    it is on the page: so the box is filled only while it is open.
    """
    box = st.popover(tr("Download"), icon=":material/download:", key=f"w_{name}_menu", on_change="rerun")
    if not box.open:
        return
    width: Width = "page"
    dpi = _DPI
    files = ResultFiles.of_view(result, view()) if result is not None else None
    if files is not None:
        caption, table = files.caption, files.numbers

    def write(kind: Picture) -> bytes:
        return write_picture(draw(style), kind, width=width, dpi=dpi, caption=caption, style=style)

    makers: dict[Form, Callable[[], bytes]] = {kind: partial(write, kind) for kind in PICTURES}
    if table is not None:
        makers["csv"] = table
    if files is not None:
        shown = files
        makers |= {
            "npz": files.weights,
            "html": files.explorer,
            "zip": lambda: shown.bundle({shown.name(name, kind): write(kind) for kind in PICTURES}, name),
        }
    with box:
        form = _form_choice(name, list(makers))
        if form in PICTURES:
            width = _width_choice(name)
        if files is not None and form in PICTURES:
            dpi = _dpi_choice(name, form, width, len(files.map.queries))
        if files is not None and form in ("npz", "zip"):
            files.say_layers(_IN_A_BUNDLE if form == "zip" else BUDGET)
        file = files.name(name, form) if files is not None else file_name(name, ending=form)
        save_button(name, form, file, makers[form])


def bundle_button(result: AttentionResult, state: ViewState, key: str) -> None:
    """The button for a bundle without a picture: the numbers, and what restores the view."""
    files = ResultFiles.of_view(result, state)
    files.say_layers(_IN_A_BUNDLE)
    save_button(key, "zip", files.name(key, "zip"), lambda: files.bundle({}))


def _form_choice(name: str, forms: Sequence[Form]) -> Form:
    form: Form = st.segmented_control(
        tr("Format"),
        forms,
        default="png",
        format_func=({form: form.upper() for form in forms} | {"zip": tr("All in one (ZIP)")}).__getitem__,
        required=True,
        key=f"w_{name}_form",
        help=tr(
            "PNG: pixels. SVG and PDF: sharp at any size, with text that can be searched. CSV: the numbers of this "
            "picture. NPZ: all weights, for NumPy. HTML: the explorer, for any browser, with no network. ZIP: all of "
            "these, to be opened again in this app."
        )
        if "zip" in forms
        else None,
    )
    return form


def _width_choice(name: str) -> Width:
    names: dict[Width, str] = {
        "column": tr("Column (3.35 in)"),
        "page": tr("Page (6.9 in)"),
        "drawn": tr("Original size"),
    }
    width: Width = st.segmented_control(
        tr("Width"),
        list(names),
        default="page",
        format_func=names.__getitem__,
        required=True,
        key=f"w_{name}_width",
    )
    return width


def _dpi_choice(name: str, form: Form, width: Width, tokens: int) -> int:
    """How many dots an inch of a PNG has; and whether so many tokens can be read at that width."""
    if width == "column" and tokens > _SMALL_FROM:
        st.caption(tr("The picture has many tokens: in a column its letters are very small."))
    if form != "png":
        return _DPI
    dpi: int = st.segmented_control(
        tr("Dots per inch"),
        [150, 300] if width == "drawn" else [150, 300, 600],
        default=_DPI,
        required=True,
        key=f"w_{name}_dpi_{width == 'drawn'}",
    )
    return dpi


def save_button(name: str, form: Form, file: str, make: Callable[[], bytes]) -> None:
    """The button that saves what `make` makes as `file`; `name` is that of the menu."""
    st.download_button(
        tr("Save {kind}", kind=form.upper()),
        make,
        file_name=file,
        mime=_MIME[form],
        icon=":material/download:",
        on_click="ignore",
        key=f"w_{name}_save_{form}",
    )


def captioned(result: AttentionResult, state: ViewState, what: str) -> str:
    """What stands below an exported picture: the model, what is shown, and how the text begins."""
    quoted = " ".join(state.text.split())
    quoted = quoted if len(quoted) <= _QUOTED else quoted[: _QUOTED - 1] + "…"
    # Of several maps it is said which one it is.
    kind = [kind_names()[result.map_of(state.switches.kind).kind]] if len(result.maps) > 1 else []
    weigh = [] if result.maps[0].quantity == "attention" else [weigh_names()["norm"]]
    return " · ".join([result.card.title, *kind, *weigh, what, f"“{quoted}”"])


def matrix_csv(
    values: NDArray[np.floating], rows: Sequence[str], columns: Sequence[str], corner: str
) -> Callable[[], bytes]:
    """What makes the CSV of values [row, column], its rows and columns named."""
    return lambda: csv_table(
        [corner, *columns], ([label, *numbers] for label, numbers in zip(rows, values, strict=True))
    )


def columns_csv(columns: Mapping[str, Any]) -> Callable[[], bytes]:
    """What makes the CSV of columns by their titles, all of one length."""
    return lambda: csv_table(list(columns), zip(*columns.values(), strict=True))
