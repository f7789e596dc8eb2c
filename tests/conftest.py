"""Fixtures that all tests share: the two embedded models, loaded once."""

from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings

from viz.models import LoadedModel, load_model
from viz.models.settings import settings as host_settings

settings.register_profile("atlas", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("quick", settings.get_profile("atlas"), max_examples=10)
settings.load_profile("atlas")
torch.manual_seed(0)


@pytest.fixture(autouse=True)
def _settings_read_anew() -> Iterator[None]:
    """What a test says by variables is no setting of the next one's."""
    host_settings.cache_clear()
    yield
    host_settings.cache_clear()


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    """Tests beside each other have a thread each: with more, all that run later wait for one another's."""
    before = torch.get_num_threads()
    yield
    assert torch.get_num_threads() == before


@pytest.fixture(autouse=True)
def linked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a page links to: run alone it knows of no other, and Streamlit would refuse the link."""
    pages: list[str] = []
    monkeypatch.setattr("streamlit.page_link", lambda page, **_: pages.append(page))
    return pages


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are told without a run of a page, in English: for tests of what only makes sentences."""
    monkeypatch.setattr("viz.ui.session.session_id", lambda: "a test's")


@pytest.fixture(scope="session")
def minilm() -> LoadedModel:
    return load_model("all-MiniLM-L6-v2")


@pytest.fixture(scope="session")
def e5() -> LoadedModel:
    return load_model("multilingual-e5-small")
