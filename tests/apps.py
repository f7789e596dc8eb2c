"""Apps and pages run without a browser."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from viz.view.state import ViewState

# The name of each page in an address; the first page has none.
PAGES = {path.stem for path in (Path(__file__).parent.parent / "pages").glob("*.py")} - {"explore"} | {""}

T = TypeVar("T")


def in_english(ask: Callable[[], T]) -> T:
    """What `ask` returns where an English session can be asked for its words."""
    told: list[T] = []

    def page(ask: "Callable[[], T]", told: "list[T]") -> None:
        told.append(ask())

    run(AppTest.from_function(page, kwargs={"ask": ask, "told": told}))
    return told[0]


def complete(work: Coroutine[object, object, T]) -> T:
    """What `work` returns, run on a thread of its own: where browsers are driven, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def run(app: AppTest) -> AppTest:
    """Run it once more; nothing is raised."""
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def followed(app: AppTest, **params: str) -> AppTest:
    """Run it as from a link with these parameters; nothing is raised."""
    for name, value in params.items():
        app.query_params[name] = value
    return run(app)


def went(app: AppTest, **params: str) -> AppTest:
    """Run it as after Back or Forward to a link with these parameters; nothing is raised."""
    app.query_params.clear()
    with patch.object(local_script_runner, "RerunData", partial(RerunData, is_history_navigation=True)):
        return followed(app, **params)


def press(app: AppTest, label: str) -> AppTest:
    """Run it after a click on the button of that label."""
    next(button for button in app.button if button.label == label).click()
    return run(app)


def with_menus_open(app: AppTest) -> AppTest:
    """Run it with every box of downloads open; a closed one is empty."""
    for key in app.session_state.to_dict():
        if key.endswith("_menu"):
            app.session_state[key] = True
    return run(app)


def view_of(app: AppTest) -> ViewState:
    """What the session has on screen."""
    found: ViewState = app.session_state["atlas_view"]
    return found
