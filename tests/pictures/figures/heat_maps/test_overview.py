"""The overview's state: each head's numbers in its place, the gaps, the names, and what averaging does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures.figures.samples import (
    CHINESE,
    JET,
    attention_map,
    column_names,
    read,
    row_names,
    texts,
    words,
)
from viz.errors import InputError
from viz.pictures.figures import Style, overview
from viz.pictures.figures.heat_maps.head_grids import MOST_CELLS, blocks


def test_every_head_stands_in_its_place() -> None:
    attention = attention_map(words(6), heads=3)
    axes = overview(attention).axes[0]
    image: np.ndarray = np.ma.filled(np.ma.asarray(axes.images[0].get_array()), np.nan)
    layers, heads, queries, keys = attention.weights.shape
    down, across = image.shape[0] // layers, image.shape[1] // heads
    for layer in range(layers):
        for head in range(heads):
            tile = image[layer * down : (layer + 1) * down, head * across : (head + 1) * across]
            np.testing.assert_array_equal(tile[:queries, :keys], attention.weights[layer, head])
            assert np.isnan(tile[queries:]).all()
            assert np.isnan(tile[:, keys:]).all()
    assert axes.images[0].get_clim() == (0, 1)


def test_layers_and_heads_are_named_from_one() -> None:
    attention = attention_map(words(6), heads=3)
    axes = overview(attention).axes[0]
    assert read(column_names(axes)) == ["1", "2", "3"]
    assert read(row_names(axes)) == [f"Layer {number + 1}" for number in range(len(attention.weights))]


def test_words_are_the_ones_given() -> None:
    written = {
        text.get_text(): text.get_language()
        for text in texts(overview(attention_map(words(4)), Style(words=CHINESE)))
    }
    assert written["注意力权重"] == "zh-Hans"


@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 70))
def test_blocks_are_means_as_a_loop_finds_them(queries: int, keys: int, most: int) -> None:
    weights = np.random.default_rng(queries * 1000 + keys).random((queries, keys), dtype=np.float32)
    found = blocks(weights, most)
    assert found.shape[0] <= most
    assert found.shape[1] <= most
    steps = [-(-size // most) for size in (queries, keys)]
    for row in (0, found.shape[0] - 1):
        for column in (0, found.shape[1] - 1):
            block = weights[
                row * steps[0] : (row + 1) * steps[0], column * steps[1] : (column + 1) * steps[1]
            ]
            assert abs(float(found[row, column]) - float(block.mean())) < 1e-5


def test_few_tokens_are_not_averaged() -> None:
    weights = np.random.default_rng(0).random((2, 2, MOST_CELLS, 3), dtype=np.float32)
    assert blocks(weights) is weights


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InputError):
        overview(attention_map(words(4)), JET)
