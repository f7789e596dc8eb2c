"""Fixtures that all tests share: the two embedded models, loaded once."""

import pytest
import torch
from hypothesis import settings

from viz.models import LoadedModel, load_model

settings.register_profile("atlas", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("atlas")
torch.manual_seed(0)


@pytest.fixture(scope="session")
def minilm() -> LoadedModel:
    return load_model("all-MiniLM-L6-v2")


@pytest.fixture(scope="session")
def e5() -> LoadedModel:
    return load_model("multilingual-e5-small")
