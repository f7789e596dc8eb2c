"""Every file that a page offers is whole, is what its name says, and speaks the language of the session that asked.

Each is made without asking the page's session.
"""

import csv
import io
from xml.etree import ElementTree

import pytest
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from tests.apps import followed, run, with_menus_open
from tests.components import scrolled
from tests.offered import made, offered_files
from tests.pages.opening import with_boxes_open
from tests.pages.test_app import ROOT
from tests.pages.test_importance import finished
from tests.pictures.export.test_export import SVG
from viz.language.catalogues import LOCALE_FOLDER
from viz.lessons.lesson_list import LESSONS

pytestmark = pytest.mark.slow

PAGES = (
    "explore",
    "heads",
    "texts",
    "tokens",
    "roles",
    "flow",
    "why",
    "by_hand",
    "inside",
    "many_heads",
    "training",
    "translator",
    "limits",
)
TEXT, OTHER = "The cat, the =NOW(A1) and the dog.", "The dog and a cat."


@pytest.fixture(scope="module")
def english() -> frozenset[str]:
    """The sentences and labels that a Chinese reader reads otherwise."""
    with (LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        catalogue = read_po(file)
    labels = {str(each.id).casefold() for each in catalogue if each.id and each.id != each.string}
    return frozenset(label for label in labels if any(character.isalpha() for character in label))


def chinese(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=120)
    app.session_state["atlas_language"] = "zh"
    followed(app, text=TEXT, other=OTHER)
    if page == "importance":
        finished(app)
    if page == "heads":
        with_boxes_open(app)
    return with_menus_open(scrolled(app) if page == "explore" else app)


def texts_of(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    return ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]


def head_of(table: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def in_form(app: AppTest, form: str) -> AppTest:
    """The page with this form chosen under every picture that has it."""
    for each in app.segmented_control:
        if str(each.key).endswith("_form") and form.upper() in each.options:
            each.set_value(form)
    return run(app)


def is_table(data: bytes) -> bool:
    """Whether it is a table with a head, the same columns in all its rows, and no formula of a spreadsheet's."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    plain = not any(cell.startswith(("=", "@")) for row in rows for cell in row)
    return len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1 and plain


def is_handout(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("page", [*PAGES, "importance"])
def test_every_file_of_a_chinese_page_is_what_its_name_says_and_has_no_english_label(
    page: str, monkeypatch: pytest.MonkeyPatch, english: frozenset[str]
) -> None:
    offered = offered_files(monkeypatch)
    app = in_form(chinese(page), "csv")
    tables = {name: made(data) for name, data in offered.items() if name.endswith(".csv")}
    handouts = [made(data) for name, data in offered.items() if name.endswith(".pdf")]
    assert tables
    assert [name for name, data in tables.items() if not is_table(data)] == []
    assert all(map(is_handout, handouts))
    assert len(handouts) == (page in {lesson.slug for lesson in LESSONS})

    offered.clear()
    in_form(app, "svg")
    labels = {name: head_of(data) for name, data in tables.items()}
    labels |= {name: texts_of(made(data)) for name, data in offered.items() if name.endswith(".svg")}
    left = {name: [text for text in texts if text.casefold() in english] for name, texts in labels.items()}
    assert {name: texts for name, texts in left.items() if texts} == {}
