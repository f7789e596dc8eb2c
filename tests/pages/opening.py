"""Pages opened one by one, without the browser and without app.py around them."""

from streamlit.testing.v1 import AppTest

from tests.apps import followed, run
from tests.pages.test_app import ROOT


def opened(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=120)
    return followed(app, **params)


def with_boxes_open(app: AppTest) -> AppTest:
    """The page of heads once the boxes below it are open, which draw only then."""
    for key in ("w_distances_open", "w_layer_open"):
        app.session_state[key] = True
    return run(app)


def written(app: AppTest) -> str:
    """All sentences on the page, one a line."""
    kinds = ("markdown", "caption", "warning", "info", "error", "header", "subheader")
    return "\n".join(str(getattr(element, "value", "")) for kind in kinds for element in app.get(kind))


def pictures(app: AppTest) -> int:
    return len(app.get("image"))
