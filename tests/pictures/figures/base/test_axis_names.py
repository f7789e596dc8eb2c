"""Names of rows and columns: where they stand, what they look like, and that no tick is made for them."""

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures.figures.samples import (
    LITERAL,
    attention_map,
    column_names,
    inside,
    places,
    read,
    row_names,
    words,
)
from viz.pictures.figures import PLAIN, heatmap, layer_grid, overview
from viz.pictures.figures.base.axis_names import (
    TITLE_PAD,
    Letters,
    name_columns,
    name_rows,
    no_ticks,
    title_columns,
    title_rows,
)
from viz.pictures.figures.base.figure_builder import FigureBuilder, finish
from viz.pictures.figures.charts.bars import bars
from viz.pictures.figures.heat_maps.head_grids import heads_beside

LETTERS = Letters(8.0, "#123456", "de")
LEFT, TOP, WIDTH, HEIGHT = 2.0, 1.5, 3.0, 2.0  # inches
PIXELS = 100.0  # to the inch, so that 72 points are 100
NEAR = 1.0  # pixel: letters are fitted to whole ones


def some_axes() -> Axes:
    """Axes of 6 columns and 4 rows, the first row on top."""
    builder = FigureBuilder(LEFT + WIDTH + 1, TOP + HEIGHT + 1, PLAIN)
    axes = builder.axes(LEFT, TOP, WIDTH, HEIGHT)
    axes.set(xlim=(0, 6), ylim=(4, 0))
    no_ticks(axes)
    return axes


def drawn(axes: Axes) -> Figure:
    figure = axes.figure
    assert isinstance(figure, Figure)
    finish(figure).canvas.draw()
    assert figure.dpi == PIXELS
    return figure


def test_rows_end_at_the_pad_from_the_left_edge_at_their_heights() -> None:
    axes = some_axes()
    name_rows(axes, [0.5, 2.5], ["a", "longer"], LETTERS, pad=7.2, va="center")
    drawn(axes)
    assert read(row_names(axes)) == ["a", "longer"]
    assert [y for _x, y in places(axes, row_names(axes))] == pytest.approx([0.5, 2.5])
    edge = axes.get_window_extent()
    for text, row in zip(row_names(axes), (0.5, 2.5), strict=True):
        box = text.get_window_extent()
        assert box.x1 == pytest.approx(edge.x0 - 10, abs=NEAR)
        assert (box.y0 + box.y1) / 2 == pytest.approx(edge.y1 - row / 4 * edge.height, abs=NEAR)


def test_rows_begin_at_the_pad_from_the_right_edge_where_they_are_to_stand_there() -> None:
    axes = some_axes()
    name_rows(axes, [1], ["a"], LETTERS, pad=7.2, right=True)
    drawn(axes)
    (text,) = row_names(axes)
    assert text.get_window_extent().x0 == pytest.approx(axes.get_window_extent().x1 + 10, abs=NEAR)


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("below", [False, True])
def test_columns_stand_or_lie_above_or_below_their_middles(angle: int, below: bool) -> None:
    axes = some_axes()
    name_columns(axes, [0.5, 3.5], ["a", "longer"], LETTERS, angles=[angle] * 2, pad=7.2, below=below)
    drawn(axes)
    assert read(column_names(axes)) == ["a", "longer"]
    edge = axes.get_window_extent()
    for text, column in zip(column_names(axes), (0.5, 3.5), strict=True):
        box = text.get_window_extent()
        assert (box.x0 + box.x1) / 2 == pytest.approx(edge.x0 + column / 6 * edge.width, abs=NEAR)
        if below:
            assert box.y1 == pytest.approx(edge.y0 - 10, abs=NEAR)
        else:
            assert box.y0 == pytest.approx(edge.y1 + 10, abs=NEAR)
        assert (box.height > box.width) == (angle == 90) or text.get_text() == "a"


def test_names_follow_their_cells_where_the_axes_are_moved() -> None:
    axes = some_axes()
    name_rows(axes, [2], ["a"], LETTERS, va="center")
    axes.set_position((0.5, 0.1, WIDTH / 6, 0.3))
    drawn(axes)
    (text,) = row_names(axes)
    box, edge = text.get_window_extent(), axes.get_window_extent()
    assert (box.y0 + box.y1) / 2 == pytest.approx((edge.y0 + edge.y1) / 2, abs=NEAR)
    assert box.x1 < edge.x0


def test_names_have_the_letters_given_and_are_no_formulas() -> None:
    axes = some_axes()
    name_rows(axes, range(len(LITERAL)), LITERAL, LETTERS)
    name_columns(axes, range(len(LITERAL)), LITERAL, LETTERS)
    for found in (row_names(axes), column_names(axes)):
        assert read(found) == list(LITERAL)
        assert {text.get_fontsize() for text in found} == {8.0}
        assert {text.get_color() for text in found} == {"#123456"}
        assert {text.get_language() for text in found} == {"de"}
        assert not any(text.get_parse_math() for text in found)
    assert inside(axes) == []
    drawn(axes)


def test_as_many_names_as_places_are_expected() -> None:
    for name in (name_rows, name_columns):
        with pytest.raises(ValueError, match="shorter"):
            name(some_axes(), [0, 1], ["a"], LETTERS)


def test_titles_stand_beyond_the_names_in_the_middle_or_from_the_start() -> None:
    room = 0.5  # inches
    beyond = (1.02 * room + (3 + TITLE_PAD) / 72) * PIXELS
    for centred in (True, False):
        axes = some_axes()
        title_rows(axes, "Rows", room, LETTERS, centred=centred)
        title_columns(axes, "Columns", room, LETTERS, centred=centred)
        drawn(axes)
        edge = axes.get_window_extent()
        rows, columns = (axis.label.get_window_extent() for axis in (axes.yaxis, axes.xaxis))
        assert rows.x1 == pytest.approx(edge.x0 - beyond, abs=NEAR)
        descent = 0.24 * LETTERS.size / 72 * PIXELS  # it stands on its baseline
        assert columns.y0 == pytest.approx(edge.y1 + beyond - descent, abs=NEAR)
        if centred:
            assert (rows.y0 + rows.y1) / 2 == pytest.approx((edge.y0 + edge.y1) / 2, abs=NEAR)
            assert (columns.x0 + columns.x1) / 2 == pytest.approx((edge.x0 + edge.x1) / 2, abs=NEAR)
        else:
            assert rows.y1 == pytest.approx(edge.y1, abs=NEAR)
            assert columns.x0 == pytest.approx(edge.x0, abs=NEAR)


DRAWN = {
    "heat map": lambda: heatmap(attention_map(words(30)), 0, 0),
    "beside": lambda: heads_beside(attention_map(words(30)), [(0, 0), (1, 1)]),
    "layer": lambda: layer_grid(attention_map(words(30)), 0),
    "overview": lambda: overview(attention_map(words(30))),
    "bars": lambda: bars([0.5, 0.25], ["a", "b"], "Title", "Share"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_figures_hold_no_tick_before_and_after_they_are_drawn(name: str) -> None:
    figure = DRAWN[name]()
    assert not _kept(figure)
    figure.canvas.draw()
    assert not _kept(figure)


def _kept(figure: Figure) -> list[str]:
    """The lists of ticks that any axis of the figure has made; asking for them by name would make them."""
    axes = [axis for each in figure.axes for axis in (each.xaxis, each.yaxis)]
    return [made for axis in axes for made in ("majorTicks", "minorTicks") if vars(axis).get(made)]
