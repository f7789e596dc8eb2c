"""Table 1 of the paper for one sentence: formulas by hand, paths by walking through the layers."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.errors import InputError
from viz.lessons.why.path_lengths import LayerName, layer_costs, multiplications, path_length


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


@pytest.mark.parametrize("name", get_args(LayerName))
@given(
    distance=st.integers(0, 70),
    kernel=st.integers(2, 5),
    window=st.integers(2, 12),
)
def test_paths_are_those_that_a_mark_takes(name: LayerName, distance: int, kernel: int, window: int) -> None:
    assert path_length(name, distance, kernel, window) == walked(name, distance, kernel, window)


def test_the_table_for_ten_tokens_by_hand() -> None:
    rows = {row.name: row for row in layer_costs(10, 4)}
    assert {name: (row.matrices, row.pairs) for name, row in rows.items()} == {
        "attention": (640, 800),
        "recurrent": (160, 0),
        "convolution": (480, 0),
        "restricted": (640, 640),
    }
    assert rows["attention"].multiplications == 1440
    assert {name: (row.steps, row.path) for name, row in rows.items()} == {
        "attention": (1, 1),
        "recurrent": (10, 9),
        "convolution": (1, 3),  # 3^2 - 1 = 8 places are not enough for 9
        "restricted": (1, 3),
    }


def test_one_token_needs_no_path() -> None:
    assert [row.path for row in layer_costs(1, 384)] == [0, 0, 0, 0]


@given(n=st.integers(1, 12), d=st.integers(1, 9), causal=st.booleans())
def test_multiplications_of_attention_are_those_of_its_matrix_products(n: int, d: int, causal: bool) -> None:
    done = 0

    def product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        nonlocal done
        done += left.shape[0] * left.shape[1] * right.shape[1]
        return np.asarray(left @ right)

    x, w = np.ones((n, d)), np.ones((d, d))
    q, k, v = (product(x, w) for _matrix in "QKV")
    weights = np.tril(product(q, k.T)) if causal else product(q, k.T)
    product(product(weights, v), w)
    assert sum(multiplications("attention", n, d)) == done
    assert multiplications("attention", n, d)[0] == 4 * n * d * d
    # Whatever the length, it is never less work than a recurrent layer.
    assert sum(multiplications("attention", n, d)) > 4 * sum(multiplications("recurrent", n, d))


@pytest.mark.parametrize("bad", [(0, 4), (4, 0)])
def test_what_cannot_be_is_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="was expected"):
        layer_costs(*bad)
