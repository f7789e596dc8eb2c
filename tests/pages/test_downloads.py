"""Every file that a page offers is whole, is what its name says, and is made without asking the page's session."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import run, with_menus_open
from tests.components import scrolled
from tests.offered import Made, made, offered_files
from tests.pages.opening import opened
from viz.lessons.lesson_list import LESSONS

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
TEXT = "The cat, the =SUM(A1) and the dog."


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Made]:
    return offered_files(monkeypatch)


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


@pytest.mark.parametrize("page", PAGES)
def test_tables_and_handouts_of_a_page_are_what_their_names_say(page: str, offered: dict[str, Made]) -> None:
    app = opened(page, text=TEXT)
    in_form(with_menus_open(scrolled(app) if page == "explore" else app), "csv")
    tables = [made(data) for name, data in offered.items() if name.endswith(".csv")]
    handouts = [made(data) for name, data in offered.items() if name.endswith(".pdf")]
    assert tables
    assert all(map(is_table, tables))
    assert all(map(is_handout, handouts))
    assert len(handouts) == (page in {lesson.slug for lesson in LESSONS})
