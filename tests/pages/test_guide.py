import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.apps import run
from tests.pages.test_app import ROOT
from viz.models import list_models


def opened() -> AppTest:
    return run(AppTest.from_file(str(ROOT / "pages" / "guide.py"), default_timeout=60))


def models(page: AppTest) -> pd.DataFrame:
    found: pd.DataFrame = page.dataframe[0].value
    return found


def test_the_guide_says_how_to_read_and_lists_the_models() -> None:
    page = opened()
    assert page.title[0].value == "How to read it"
    table = models(page).set_index("Model")
    assert len(table) == len(list_models()) >= 22
    assert table.loc["all-MiniLM-L6-v2", "Availability"] == "in the app"
    assert table.loc["multilingual-e5-small (4-bit weights)", "Licence"] == "MIT"
    assert table.loc["google-t5/t5-small", "Attention"] == "Encoder, Decoder, Cross"
    assert table.loc["google-t5/t5-small", "Layers × heads"] == "6 × 8 + 6 × 8"


def test_the_models_can_be_narrowed_down_by_several_words() -> None:
    page = opened()
    page.text_input(key="w_filter").set_value("DECODER opus").run()
    names = list(models(page)["Model"])
    assert names
    assert all("opus" in name for name in names)
    page.text_input(key="w_filter").set_value("<b>no such").run()
    assert not page.dataframe
    assert "No model of the list" in page.info[0].value
