"""Table 1 of the paper for one sentence: formulas by hand, paths by walking through the layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.lessons.why import LAYER_NAMES, LayerName, layer_costs, path_length


def walked(name: LayerName, distance: int, kernel: int, window: int) -> int:
    """How many layers it takes a mark at token 0 to reach token `distance`, each layer applied to all tokens."""
    tokens = distance + 1
    reached = np.zeros(tokens, dtype=bool)
    reached[0] = True
    layers = 0
    while not reached[distance]:
        sees = np.zeros((tokens, tokens), dtype=bool)  # [query, key]
        for query in range(tokens):
            if name == "attention":
                keys = range(tokens)
            elif name == "recurrent":
                keys = range(max(0, query - 1), query + 1)
            elif name == "convolution":
                keys = range(query, max(-1, query - kernel * kernel**layers), -(kernel**layers))
            else:
                keys = range(max(0, query - window // 2), min(tokens, query + window // 2 + 1))
            sees[query, list(keys)] = True
        reached = sees @ reached
        layers += 1
    return layers


@pytest.mark.parametrize("name", LAYER_NAMES)
@given(
    distance=st.integers(0, 70),
    kernel=st.integers(2, 5),
    window=st.integers(2, 12),
)
def test_paths_are_those_that_a_mark_takes(name: LayerName, distance: int, kernel: int, window: int) -> None:
    assert path_length(name, distance, kernel, window) == walked(name, distance, kernel, window)


def test_the_table_for_ten_tokens_by_hand() -> None:
    rows = {row.name: row for row in layer_costs(10, 4, kernel=3, window=4)}
    assert {name: row.multiplications for name, row in rows.items()} == {
        "attention": 400,
        "recurrent": 160,
        "convolution": 480,
        "restricted": 160,
    }
    assert {name: (row.steps, row.path) for name, row in rows.items()} == {
        "attention": (1, 1),
        "recurrent": (10, 9),
        "convolution": (1, 3),  # 3^2 - 1 = 8 places are not enough for 9
        "restricted": (1, 5),
    }


def test_one_token_needs_no_path() -> None:
    assert [row.path for row in layer_costs(1, 384)] == [0, 0, 0, 0]


@pytest.mark.parametrize("bad", [(0, 4, 3, 8), (4, 0, 3, 8), (4, 4, 1, 8), (4, 4, 3, 1)])
def test_what_cannot_be_is_refused(bad: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError, match="was expected"):
        layer_costs(*bad)
