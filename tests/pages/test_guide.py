from streamlit.testing.v1 import AppTest

from tests.pages.test_app import ROOT


def test_the_guide_says_how_to_read_and_lists_the_models() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "guide.py"), default_timeout=60).run()
    assert not page.exception
    assert page.title[0].value == "How to read it"
    written = " ".join(element.value for element in page.markdown)
    assert "all-MiniLM-L6-v2" in written
    assert "4-bit weights" in written
