"""Models that the tests of this room share."""

from pathlib import Path
from typing import Any

import pytest

from tests.studies.importance.loaded import tiny, with_head
from viz.models import LoadedModel

FAMILIES = ("bert", "gpt2", "llama", "t5", "modernbert")


@pytest.fixture(scope="session", params=FAMILIES)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return tiny(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session", params=("minilm", "e5", *FAMILIES))
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if request.param in FAMILIES:
        return tiny(request.param, tmp_path_factory.mktemp(request.param))
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return tiny("bert", tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session", params=("bert", "roberta", "distilbert"))
def masked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[LoadedModel, Any]:
    """A tiny model with a masked-language head: the bare model in it, and all of it."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    return with_head(tiny(request.param, folder), request.param)
