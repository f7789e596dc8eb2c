"""Tables of many rows as fields of colour, and places on a plane joined in their order."""

from dataclasses import dataclass, replace

from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import LARGE, NORMAL, inches, text_length
from viz.pictures.figures.base.figure_builder import BAR_LEAST, BAR_ROOM, FigureBuilder
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import ColourScale
from viz.pictures.figures.base.plot_axes import numbered
from viz.pictures.figures.heat_maps.matrix import MatrixText

_SIDE = 3.9  # inches, as all lengths here
_EDGE = 0.12
_NUMBERS = 0.7


@dataclass(frozen=True)
class Span:
    """Where the rows and columns of a field begin to count."""

    rows: int = 0
    columns: int = 0


def field(
    values: Weights,
    wording: MatrixText,
    style: Style = PLAIN,
    *,
    start: Span = Span(),
    scale: ColourScale | None = None,
) -> Figure:
    """Draw `values`, [row, column], as a square of colours with numbered sides, however many rows there are.

    Where no `scale` is given, its colours are those of the theme for differences, from -1 to 1. Raises `MetricError`
    where there is nothing to draw.
    """
    if values.ndim != 2 or not values.size:
        raise MetricError(
            _("Values of the shape {shape} were given; [row, column] was expected."), shape=str(values.shape)
        )
    top = 2 * _EDGE + inches(1.3 * LARGE)
    inner = max(_SIDE, text_length(wording.title, LARGE) - _NUMBERS - BAR_ROOM)
    below = 2 * _EDGE + inches(3.4 * NORMAL)
    builder = FigureBuilder(
        _NUMBERS + inner + BAR_ROOM,
        top + _SIDE + below,
        replace(style, words=replace(style.words, weight=wording.values)),
    )
    axes = builder.axes(_NUMBERS, top, _SIDE, _SIDE)
    rows, columns = values.shape
    colours = scale or ColourScale(style.theme.diverging, -1.0, 1.0)
    first = (start.rows - 0.5, start.columns - 0.5)
    builder.image(axes, values, colours, extent=(first[1], first[1] + columns, first[0] + rows, first[0]))
    bar = builder.colour_bar(colours, _NUMBERS + _SIDE, top, max(_SIDE, BAR_LEAST))
    builder.outline(axes)
    builder.outline(bar, sides=("outline",))
    builder.name_axes(axes, wording.columns, wording.rows)
    axes.locator_params(integer=True, nbins=6)
    numbered(axes, style)
    builder.title(wording.title, _EDGE, _EDGE)
    return builder.finish()
