"""The menu under a picture of more than one head: its formats, its widths, and the numbers it shows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from viz.attention import AttentionResult
from viz.pictures.export import Width, csv_table, file_name, write_picture
from viz.pictures.figures import Draw, Style
from viz.ui.session import tr
from viz.ui.wording.names import kind_names, weigh_names
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


@contextmanager
def menu(name: str) -> Iterator[bool]:
    """The box behind the button under a picture, and whether it is open: only then is anything to be put into it.

    A download that is offered holds on to what it would be made of, all weights of a text at times, for as long as
    it is on the page.
    """
    box = st.popover(tr("Download"), icon=":material/download:", key=f"w_{name}_menu", on_change="rerun")
    with box:
        yield bool(box.open)


def save_menu(
    name: str,
    draw: Draw,
    style: Style,
    caption: str,
    table: Callable[[], bytes] | None,
) -> None:
    """Format, width and the button. `name` is the file's, without its ending; `caption` stands below the picture.

    `table` makes the CSV of what the picture shows; without it none is offered. The file is made on the click, on a
    thread of its own: nothing here asks the session then.
    """
    names: dict[Form, str] = {form: form.upper() for form in PICTURES}
    if table is not None:
        names["csv"] = "CSV"
    with menu(name) as is_open:
        if not is_open:
            return
        form = form_choice(name, names)
        width: Width = "page" if form == "csv" else width_choice(name)

        def content() -> bytes:
            if form == "csv" and table is not None:
                return table()
            kind: Picture = next((picture for picture in PICTURES if picture == form), "png")
            return write_picture(draw(style), kind, width=width, dpi=_DPI, caption=caption, style=style)

        save_button(name, form, file_name(name, ending=form), content)


def form_choice(name: str, names: dict[Form, str], explanation: str | None = None) -> Form:
    """The format, one of `names`; `name` is that of the menu."""
    form: Form = st.segmented_control(
        tr("Format"),
        list(names),
        default="png",
        format_func=names.__getitem__,
        required=True,
        key=f"w_{name}_form",
        help=explanation,
    )
    return form


def width_choice(name: str) -> Width:
    """How wide the picture is to be; `name` is that of the menu."""
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
