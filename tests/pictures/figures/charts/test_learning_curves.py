"""The curves of a training and the maps of its heads: what is drawn where, and what is refused."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.pictures.figures.samples import JET
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, LIGHT, Style, to_png
from viz.pictures.figures.charts.line_charts import LearningText, learning_curves
from viz.pictures.figures.heat_maps.training_maps import MapsText, training_maps

SAYS = LearningText("Title", "Loss", "Right", "Step")
MAPS = MapsText("Title", "Given", "Answered")


def values(*given: float) -> np.ndarray:
    return np.array(given, dtype=np.float32)


def test_both_curves_are_drawn_over_the_steps() -> None:
    figure = learning_curves([0, 5, 20], values(np.nan, 2, 1), values(0, 0.5, 1), SAYS, passed=0.99, chosen=5)
    left, right = figure.axes
    np.testing.assert_array_equal(np.array(left.lines[0].get_xydata())[1:], [[5, 2], [20, 1]])
    np.testing.assert_array_equal(right.lines[0].get_xydata(), [[0, 0], [5, 0.5], [20, 1]])
    assert [np.array(line.get_ydata()).tolist() for line in right.lines[1:2]] == [[0.99, 0.99]]
    assert [np.array(axes.lines[-1].get_xdata()).tolist() for axes in (left, right)] == [[5, 5], [5, 5]]
    assert left.get_ylim()[0] == 0
    assert [text.get_text() for text in figure.texts] == ["Title", "Loss", "Right"]


def test_one_look_alone_can_be_drawn() -> None:
    assert to_png(learning_curves([0], values(np.nan), values(0), SAYS, Style(DARK)))[:4] == b"\x89PNG"


@pytest.mark.parametrize(("steps", "loss", "right"), [(0, 0, 0), (2, 1, 2), (2, 2, 3)])
def test_curves_of_other_lengths_are_refused(steps: int, loss: int, right: int) -> None:
    with pytest.raises(MetricError, match=f"{steps} steps were given with {loss} losses"):
        learning_curves(range(steps), np.zeros(loss, np.float32), np.zeros(right, np.float32), SAYS)


def made(layers: int, heads: int, length: int = 4) -> np.ndarray:
    weights = np.random.default_rng(0).random((layers, heads, length, length)).astype(np.float32)
    return np.asarray(weights / weights.sum(-1, keepdims=True))


@pytest.mark.parametrize(("layers", "heads"), [(1, 1), (2, 4), (3, 2)])
def test_every_head_is_drawn_on_one_scale(layers: int, heads: int) -> None:
    weights = made(layers, heads)
    figure = training_maps(weights, "abcd", "dcba", [True] * 4, MAPS)
    board = figure.axes[0]
    assert len(board.images) == layers * heads
    for image, drawn in zip(board.images, weights.reshape(-1, 4, 4), strict=True):
        np.testing.assert_array_equal(image.get_array(), drawn)
        assert image.get_clim() == (0, 1)
    boxes = [image.get_extent() for image in board.images]
    assert len({tuple(box) for box in boxes}) == layers * heads
    across, down = board.get_xlim(), board.get_ylim()
    assert all(across[0] <= box[0] < box[1] <= across[1] + 1e-9 for box in boxes)
    assert all(down[1] <= box[3] < box[2] <= down[0] + 1e-9 for box in boxes)
    written = {text.get_text() for text in figure.texts}
    assert {"Title", "Given →", "Answered →", f"Layer {layers} · Head {heads}"} <= written


def test_keys_stand_above_the_first_layer_and_answers_at_the_first_head() -> None:
    figure = training_maps(made(2, 2), "abcd", ["1", "2", "12", "·"], [True, False, True, True], MAPS)
    signs = figure.axes[0].texts
    assert [text.get_text() for text in signs if text.get_horizontalalignment() == "center"] == list(
        "abcd"
    ) * 2
    answers = [text for text in signs if text.get_horizontalalignment() == "right"]
    assert [text.get_text() for text in answers] == ["1", "2 ✗", "12", "·"] * 2
    assert [to_hex(text.get_color()) for text in answers[:3]] == [LIGHT.text, LIGHT.accent, LIGHT.text]
    assert to_png(figure)[:4] == b"\x89PNG"


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(MetricError, match="4 queries and 4 keys"):
        training_maps(made(1, 1), "abc", "abcd", [True] * 4, MAPS)
    with pytest.raises(MetricError, match="4 queries and 4 keys"):
        training_maps(made(1, 1), "abcd", "abcd", [True] * 3, MAPS)
    with pytest.raises(InputError, match="no palette"):
        training_maps(made(1, 1), "abcd", "abcd", [True] * 4, MAPS, JET)
