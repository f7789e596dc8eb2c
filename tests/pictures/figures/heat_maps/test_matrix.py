"""A matrix's state: its numbers, names, scale, and what is hatched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.pictures.figures.samples import CHINESE, JET, LITERAL, column_names, read, row_names, texts
from viz.errors import InputError, MetricError
from viz.pictures.figures import DARK, LIGHT, Style, to_png
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix, round_limit

SAYS = MatrixText("Title", "Layer", "Head", "Share")
VALUES = np.random.default_rng(0).random((2, 5), dtype=np.float32)


def test_numbers_names_and_words_are_the_ones_given() -> None:
    figure = matrix(VALUES, ["1", "2"], list("abcde"), SAYS)
    axes, bar = figure.axes
    (mesh,) = axes.collections
    np.testing.assert_array_equal(np.asarray(mesh.get_array()).reshape(2, 5), VALUES)
    assert mesh.get_clim() == (0, 1)
    assert read(column_names(axes)) == list("abcde")
    assert read(row_names(axes)) == ["1", "2"]
    assert axes.get_ylabel() == "Layer"
    assert axes.get_xlabel() == "Head"
    assert bar.get_ylabel() == "Share"
    assert "Title" in [text.get_text() for text in texts(figure)]


@pytest.mark.parametrize("said", [*LITERAL, "{layer}", "{0}", "{"])
def test_titles_are_shown_as_they_are(said: str) -> None:
    figure = matrix(
        VALUES, ["1", "2"], list("abcde"), MatrixText(said, said, said, said), Style(words=CHINESE)
    )
    assert sum(text.get_text() == said for text in texts(figure)) == 4
    assert to_png(figure, 40).startswith(b"\x89PNG")


def test_a_difference_has_a_symmetric_scale() -> None:
    values = VALUES - 0.5
    for limit, theme, palette in ((1.0, LIGHT, "vlag"), (0.2, DARK, "icefire")):
        figure = difference_map(values, ["1", "2"], list("abcde"), SAYS, Style(theme), limit=limit)
        (mesh,) = figure.axes[0].collections
        assert mesh.get_clim() == (-limit, limit)
        assert mesh.get_cmap().name == palette


def test_what_cannot_be_compared_is_hatched_and_nothing_else() -> None:
    values = VALUES.copy()
    whole = difference_map(values, ["1", "2"], list("abcde"), SAYS)
    assert whole.axes[0].patch.get_hatch() is None
    values[1, 3] = np.nan
    figure = difference_map(values, ["1", "2"], list("abcde"), SAYS, Style(DARK))
    assert figure.axes[0].patch.get_hatch()
    (mesh,) = figure.axes[0].collections
    masked = np.ma.getmaskarray(np.ma.asarray(mesh.get_array())).reshape(2, 5)
    np.testing.assert_array_equal(masked, np.isnan(values))


@given(hnp.arrays(np.float32, (3, 3), elements=st.floats(-1, 1, width=32)))
def test_a_round_limit_holds_every_value(values: np.ndarray) -> None:
    limit = round_limit(values)
    assert limit in (0.05, 0.1, 0.2, 0.5, 1.0)
    assert np.abs(values).max() <= np.float32(limit)
    smaller = [each for each in (0.05, 0.1, 0.2, 0.5) if each < limit]
    assert all(np.abs(values).max() > each for each in smaller)


@pytest.mark.parametrize(("largest", "limit"), [(1.0, 1), (1.1, 2), (4.2, 5), (7.0, 10), (5e30, 5e30)])
def test_a_round_limit_holds_lengths_too(largest: float, limit: float) -> None:
    found = round_limit(np.array([[-largest, 0.1]], dtype=np.float32))
    assert found == pytest.approx(limit)
    assert found >= np.float32(largest)


def test_a_round_limit_leaves_out_what_is_not_there() -> None:
    assert round_limit(np.array([[np.nan, 0.15]], dtype=np.float32)) == 0.2
    assert round_limit(np.full((2, 2), np.nan, dtype=np.float32)) == 0.05


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MetricError, match=r"\(2, 5\) were given with 1 names of rows and 5 of columns"):
        matrix(VALUES, ["1"], list("abcde"), SAYS)
    with pytest.raises(MetricError, match="lower end first"):
        difference_map(VALUES, ["1", "2"], list("abcde"), SAYS, limit=0)
    with pytest.raises(InputError, match="no palette"):
        matrix(VALUES, ["1", "2"], list("abcde"), SAYS, JET)
    with pytest.raises(MetricError, match="0 queries"):
        matrix(VALUES[:0], [], list("abcde"), SAYS)
