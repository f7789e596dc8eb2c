"""Every figure of a map says what its numbers are, and reaches as far as they do."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.pictures.figures.samples import attention_map, read, row_names, words
from viz.attention import AttentionMap
from viz.pictures.figures import FigureText, heatmap, layer_grid, overview
from viz.pictures.figures.heat_maps.head_grids import heads_beside

Draw = Callable[[AttentionMap], Figure]
DRAWN: dict[str, Draw] = {
    "heatmap": lambda found: heatmap(found, 0, 1),
    "layer": lambda found: layer_grid(found, 0),
    "overview": overview,
    "beside": lambda found: heads_beside(found, [(0, 0), (1, 1)]),
}
EVERY = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


def scale(figure: Figure) -> tuple[tuple[float, float], str]:
    """The ends of the colour bar, and its title."""
    bar = next(axes for axes in figure.axes if axes.get_ylabel() in {"Attention weight", *OTHERS})
    return bar.get_ylim(), bar.get_ylabel()


TEXT = FigureText()
OTHERS = {TEXT.norm, TEXT.share}


@EVERY
def test_lengths_go_up_to_the_largest_of_the_text(draw: Draw) -> None:
    attention = attention_map(words(6))
    norms = replace(attention, weights=attention.weights * np.float32(7.5), quantity="norm")
    ends, title = scale(draw(norms))
    assert ends == pytest.approx((0, float(norms.weights.max())))
    assert title == "Attention × value norm, to the largest of this text"


@EVERY
def test_shares_and_weights_go_up_to_one(draw: Draw) -> None:
    attention = attention_map(words(6))
    assert scale(draw(attention)) == ((0, 1), "Attention weight")
    assert scale(draw(replace(attention, quantity="share"))) == ((0, 1), "Share of attention × value norm")


def test_the_numbers_at_a_bar_are_short() -> None:
    attention = attention_map(words(6))
    weights = (attention.weights / attention.weights.max() * 5.0811663).astype(np.float32)
    figure = heatmap(replace(attention, weights=weights, quantity="norm"), 0, 0)
    bar = figure.axes[1]
    assert read(row_names(bar)) == ["0", "1.27", "2.54", "3.81", "5.08"]
