"""A picture of categories: its cells, words, legend and what it refuses."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from tests.pictures.figures.samples import CHINESE, LITERAL, column_names, inside, read, row_names, texts
from viz.errors import MetricError
from viz.pictures.figures import DARK, LIGHT, PLAIN, Style, to_png
from viz.pictures.figures.heat_maps.category_grid import COLOURS, Category, category_grid
from viz.pictures.figures.heat_maps.matrix import MatrixText

SAYS = MatrixText("Title", "Layer", "Head", "")
KINDS = [
    Category("Previous", "prev", COLOURS[0]),
    Category("Sand", "sand", COLOURS[5]),
    Category("None", "·", None),
]
VALUES = np.array([[0, 2, 2], [2, 1, 0]])


def drawn(style: Style = PLAIN) -> Figure:
    return category_grid(VALUES, KINDS, ["1", "2"], list("abc"), SAYS, style)


def words_in(figure: Figure) -> list[str]:
    return read(inside(figure.axes[0]))


def test_each_cell_has_its_colour_and_its_word() -> None:
    figure = drawn()
    (image,) = figure.axes[0].images
    shown = np.asarray(image.get_array())
    for (row, column), kind in np.ndenumerate(VALUES):
        colour = KINDS[kind].colour
        assert tuple(shown[row, column]) == (to_rgba(colour) if colour else (0, 0, 0, 0))
    assert words_in(figure) == ["prev", "·", "·", "·", "sand", "prev"]


def test_words_are_readable_on_their_colour() -> None:
    by_word = {text.get_text(): text.get_color() for text in inside(drawn(Style(DARK)).axes[0])}
    assert by_word == {"prev": "#ffffff", "sand": "#000000", "·": DARK.text}


def test_rows_columns_and_title_are_named() -> None:
    axes = drawn().axes[0]
    assert read(column_names(axes)) == list("abc")
    assert read(row_names(axes)) == ["1", "2"]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("Layer", "Head")


def test_the_legend_names_what_occurs_the_most_frequent_first() -> None:
    outside = [text.get_text() for text in drawn().texts]
    assert outside == ["None · 3", "Previous · 2", "Sand · 1", "Title"]
    alone = category_grid(np.zeros((1, 1), dtype=int), KINDS, ["1"], ["1"], SAYS)
    assert [text.get_text() for text in alone.texts] == ["Previous · 1", "Title"]


def test_all_of_it_lies_within_the_figure() -> None:
    figure = drawn()
    figure.canvas.draw()
    whole = figure.bbox
    for text in texts(figure):
        box = text.get_window_extent()
        assert box.x0 >= whole.x0 - 1
        assert box.x1 <= whole.x1 + 1
        assert box.y0 >= whole.y0 - 1
        assert box.y1 <= whole.y1 + 1


@pytest.mark.parametrize("said", [*LITERAL, "{0}"])
def test_names_are_shown_as_they_are(said: str) -> None:
    kinds = [Category(said, said, None)]
    figure = category_grid(
        np.zeros((1, 1), dtype=int),
        kinds,
        [said],
        [said],
        MatrixText(said, said, said, ""),
        Style(words=CHINESE),
    )
    assert words_in(figure) in ([said], [])
    assert f"{said} · 1" in [text.get_text() for text in figure.texts]
    assert to_png(figure, 40).startswith(b"\x89PNG")


def test_where_cells_are_too_small_for_words_there_are_none() -> None:
    many = category_grid(
        np.zeros((2, 96), dtype=int), KINDS, ["1", "2"], [str(at) for at in range(96)], SAYS, Style(LIGHT)
    )
    assert words_in(many) == []
    assert many.get_size_inches()[0] < 14


@pytest.mark.parametrize("values", [np.array([[3, 0, 0], [0, 0, 0]]), np.array([[0, -1, 0], [0, 0, 0]])])
def test_a_category_that_is_none_is_refused(values: np.ndarray) -> None:
    with pytest.raises(MetricError, match="there are 3"):
        category_grid(values, KINDS, ["1", "2"], list("abc"), SAYS)


def test_names_and_values_go_together() -> None:
    with pytest.raises(MetricError, match="1 names of rows"):
        category_grid(VALUES, KINDS, ["1"], list("abc"), SAYS)
    with pytest.raises(MetricError):
        category_grid(np.zeros((0, 3), dtype=int), KINDS, [], list("abc"), SAYS)


def test_the_colours_can_be_told_apart() -> None:
    assert len(set(COLOURS)) == len(COLOURS) == 9
