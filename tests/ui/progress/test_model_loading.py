"""What stands in a picture's place while its model is not here: an offer, the progress, what went wrong."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.apps import followed, press, run, view_of
from tests.serving.test_resident_models import Loader
from viz.errors import HubError
from viz.models.hub import Progress
from viz.serving.resident_models import Residents
from viz.ui.progress import model_loading, waiting
from viz.ui.wording.written_numbers import megabytes
from viz.view.state import ViewState

pytestmark = pytest.mark.slow

NAME = "someone/model"


class Hub:
    """Residents of a stand-in loader, and which models count as being on this computer."""

    def __init__(self) -> None:
        self.loader = Loader()
        self.residents = Residents(self.loader, most=2, most_bytes=10**6, grace=0)
        self.here: set[str] = set()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    found = Hub()
    for module in ("progress.model_loading", "widgets.model_box"):
        monkeypatch.setattr(f"viz.ui.{module}.residents", lambda: found.residents)
        monkeypatch.setattr(f"viz.ui.{module}.is_here", lambda name: name in found.here)
    monkeypatch.setattr(model_loading, "availability", lambda _name: None)
    monkeypatch.setattr(waiting, "session_id", lambda: st.session_state.get("who", "one"))
    yield found
    found.loader.go_on.set()


def page() -> None:
    import streamlit as st

    from viz.ui import session
    from viz.ui.progress.model_loading import loaded_model
    from viz.ui.widgets import model_box

    session.begin()
    session.enter("explore")
    model_box.choose("Model", "model", "w_model")
    found = loaded_model(session.view().model)
    if found is not None:
        st.success(found.revision)


def opened(who: str = "one", **params: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["who"] = who
    return followed(app, **{"model": NAME, **params})


def typed(app: AppTest, name: str) -> AppTest:
    """What a person types into the box; AppTest itself sends only what is in the list."""
    box = app.selectbox(key="w_model_en")
    box.options.append(name)
    box.set_value(name)
    return run(app)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def progress(app: AppTest) -> list[str]:
    bars: list[Any] = list(app.get("progress"))
    return [bar.proto.text for bar in bars]


def test_a_link_does_not_begin_a_download_by_itself(hub: Hub) -> None:
    app = opened()
    assert "has to be downloaded once" in app.markdown[0].value
    assert f"` {NAME} `" in app.markdown[0].value
    assert labels(app) == ["Download it", "Back to all-MiniLM-L6-v2"]
    assert not hub.loader.begun
    assert hub.residents.running(NAME) is None


def test_a_known_size_is_said_before_the_download(hub: Hub) -> None:
    app = opened(model="bert-base-uncased")
    assert labels(app)[0] == "Download it (about 440 MB)"


def test_asked_for_it_is_downloaded_with_its_progress_and_shown(hub: Hub) -> None:
    app = press(opened(), "Download it")
    assert hub.loader.at_work.wait(10)
    job = hub.residents.running(NAME)
    assert job is not None
    job.tell(Progress("`model`.safetensors", 4_000_000, 440_000_000))
    assert progress(run(app)) == ["4.0 MB of 440 MB · `` `model`.safetensors ``"]
    assert "Cancel" in labels(app)
    assert not app.success
    hub.loader.go_on.set()
    job.result()
    run(app)
    assert app.success[0].value == NAME
    assert hub.loader.begun == [NAME]
    assert labels(app) == []


def test_a_cancelled_download_can_be_tried_again(hub: Hub) -> None:
    app = press(opened(text="Stays."), "Download it")
    job = hub.residents.running(NAME)
    assert job is not None
    press(app, "Cancel")
    assert job.cancelled
    assert job.wait(10)
    assert "was cancelled" in app.info[0].value
    assert labels(app) == ["Try again", "Back to all-MiniLM-L6-v2"]
    assert view_of(app).text == "Stays."
    run(app)  # and it stays cancelled
    assert hub.residents.running(NAME) is None
    press(app, "Try again")
    hub.loader.go_on.set()
    again = hub.residents.join(NAME, "test")
    again.result()
    assert run(app).success[0].value == NAME


def test_the_way_back_leads_to_a_model_that_is_always_here(hub: Hub) -> None:
    hub.here.add("all-MiniLM-L6-v2")
    hub.loader.go_on.set()
    app = press(opened(text="Stays."), "Back to all-MiniLM-L6-v2")
    assert app.success[0].value == "all-MiniLM-L6-v2"
    assert view_of(app) == ViewState(text="Stays.")


def test_an_error_is_shown_in_place_and_tried_again_only_when_asked(hub: Hub) -> None:
    hub.loader.fails = [HubError("The hub has no {model}.", model="<b>$x$")]
    hub.loader.go_on.set()
    app = press(opened(), "Download it")
    for _ in range(3):
        while (job := hub.residents.running(NAME)) is not None:
            job.wait(10)
        run(app)
    assert app.error[0].value == "The hub has no ` <b>$x$ `."
    assert hub.loader.begun == [NAME]
    press(app, "Try again")
    hub.residents.load(NAME)
    assert run(app).success[0].value == NAME


def test_what_is_here_is_loaded_at_once(hub: Hub) -> None:
    hub.here.add(NAME)
    hub.loader.go_on.set()
    assert opened().success[0].value == NAME


def test_what_is_here_and_broken_is_not_read_at_every_rerun(hub: Hub) -> None:
    hub.here.add(NAME)
    hub.loader.fails = [HubError("Broken.")]
    hub.loader.go_on.set()
    app = opened()
    assert app.error[0].value == "Broken."
    run(app)
    assert hub.loader.begun == [NAME]
    assert press(app, "Try again").success[0].value == NAME


def test_two_sessions_share_a_download_and_one_may_leave(hub: Hub) -> None:
    one, other = press(opened("one"), "Download it"), opened("other")
    assert len(progress(other)) == 1, "it is on its way already"
    assert hub.loader.at_work.wait(10)
    job = hub.residents.running(NAME)
    assert job is not None
    press(one, "Cancel")
    assert "was cancelled" in one.info[0].value
    assert not job.cancelled
    hub.loader.go_on.set()
    job.result()
    assert run(other).success[0].value == NAME
    assert run(one).success[0].value == NAME
    assert hub.loader.begun == [NAME]


def test_who_turns_to_another_model_leaves_the_download(hub: Hub) -> None:
    hub.here.add("all-MiniLM-L6-v2")
    app = press(opened(), "Download it")
    assert hub.loader.at_work.wait(10)
    job = hub.residents.running(NAME)
    assert job is not None
    hub.loader.at_work.clear()
    app.selectbox(key="w_model_en").select("multilingual-e5-small")
    run(app)  # not here either in this test: its progress is shown
    assert job.wait(10)
    assert job.cancelled


def test_a_typed_name_is_downloaded_without_another_question(hub: Hub) -> None:
    hub.here.add("all-MiniLM-L6-v2")
    hub.loader.go_on.set()
    app = opened(model="all-MiniLM-L6-v2")
    typed(app, " other/model@main ")
    assert view_of(app).model == "other/model@main"
    hub.residents.load("other/model@main")
    assert run(app).success[0].value == "other/model@main"
    assert app.selectbox(key="w_model_en").value == "other/model@main"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "https://example.org/a", "C:\\models", "a" * 300, "\x00", ""]
)
def test_what_is_no_name_is_said_below_the_box_and_changes_nothing(hub: Hub, name: str) -> None:
    hub.here.add("all-MiniLM-L6-v2")
    hub.loader.go_on.set()
    app = opened(model="all-MiniLM-L6-v2")
    typed(app, name)
    assert len(app.error) == 1
    assert view_of(app) == ViewState()
    assert app.success[0].value == "all-MiniLM-L6-v2"
    assert not typed(app, "other/model").error


def test_a_label_that_was_sent_back_is_the_name_in_it(hub: Hub) -> None:
    """The browser may send the label of before a download was done."""
    hub.here.add("all-MiniLM-L6-v2")
    hub.loader.go_on.set()
    app = opened(model="all-MiniLM-L6-v2")
    assert "bert-base-uncased · ↓ 440 MB" in app.selectbox(key="w_model_en").options
    hub.here.add("bert-base-uncased")
    typed(app, "bert-base-uncased · ↓ 440 MB")
    assert view_of(app).model == "bert-base-uncased"
    assert "bert-base-uncased · ✓" in app.selectbox(key="w_model_en").options


def test_nothing_large_is_held_by_the_session(hub: Hub) -> None:
    hub.loader.fails = [HubError("It broke: {reason}", reason=ValueError("x"))]
    hub.loader.go_on.set()
    app = press(opened(), "Download it")
    while (job := hub.residents.running(NAME)) is not None:
        job.wait(10)
    run(app)
    problems = [wait.problem for wait in app.session_state["atlas_waits"].values()]
    (error,) = [problem for problem in problems if problem is not None]
    assert error.values == {"reason": "x"}
    assert error.__traceback__ is None
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("nbytes", "written"),
    [(0, "0.0 MB"), (3_240_000, "3.2 MB"), (440_000_000, "440 MB"), (1_530_000_000, "1.5 GB")],
)
def test_sizes_are_written_as_people_do(nbytes: int, written: str) -> None:
    assert megabytes(nbytes) == written
