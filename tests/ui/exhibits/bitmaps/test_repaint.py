"""Which theme the page is told that its pictures were drawn in."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.apps import run
from tests.components import data_of, triggered

APP = Path(__file__).parents[4] / "app.py"


def test_the_page_knows_the_theme_of_its_pictures_and_asks_for_others() -> None:
    app = run(AppTest.from_file(str(APP), default_timeout=60))
    assert data_of(app, "repaint") == {"dark": False}
    assert not triggered(app, "repaint", "switched", True).exception
