"""Tables of many rows as fields of colour, and places on a plane joined in their order."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import (
    BAR_GAP,
    BAR_LEAST,
    BAR_ROOM,
    BAR_WIDTH,
    LARGE,
    NORMAL,
    blank,
    dress_bar,
    finish,
    inches,
    place,
    text_length,
    write,
)
from viz.pictures.figures.base.figure_checks import check_scale
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import LIGHT, Theme, check_palette
from viz.pictures.figures.base.plot_axes import numbered
from viz.pictures.figures.base.printable import printable
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
    says: MatrixText,
    *,
    start: Span = Span(),
    palette: str = "",
    vmin: float = -1.0,
    vmax: float = 1.0,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw `values`, [row, column], as a square of colours with numbered sides, however many rows there are.

    Where no `palette` is named, its colours are those of the theme for differences.
    Raises `MetricError` where there is nothing to draw or the scale cannot be, `InputError` for an unknown palette.
    """
    if values.ndim != 2 or not values.size:
        raise MetricError(
            _("Values of the shape {shape} were given; [row, column] was expected."), shape=str(values.shape)
        )
    check_scale(vmin, vmax)
    top = 2 * _EDGE + inches(1.3 * LARGE)
    inner = max(_SIDE, text_length(says.title, LARGE) - _NUMBERS - BAR_ROOM)
    below = 2 * _EDGE + inches(3.4 * NORMAL)
    figure = blank(_NUMBERS + inner + BAR_ROOM, top + _SIDE + below, theme)
    axes = place(figure, _NUMBERS, top, _SIDE, _SIDE)
    rows, columns = values.shape
    image = axes.imshow(
        values,
        cmap=check_palette(palette or theme.diverging),
        vmin=vmin,
        vmax=vmax,
        aspect="auto",
        interpolation="nearest",
        extent=(
            start.columns - 0.5,
            start.columns + columns - 0.5,
            start.rows + rows - 0.5,
            start.rows - 0.5,
        ),
    )
    bar = place(figure, _NUMBERS + _SIDE + BAR_GAP, top, BAR_WIDTH, max(_SIDE, BAR_LEAST))
    figure.colorbar(image, cax=bar)
    dress_bar(bar, vmin, vmax, theme, words)
    letter(bar.set_ylabel(printable(says.values), parse_math=False), NORMAL, theme.text, words.language)
    for spine in (*axes.spines.values(), *bar.spines.values()):
        spine.set(color=theme.text, linewidth=0.6)
    letter(axes.set_xlabel(printable(says.columns), parse_math=False), NORMAL, theme.text, words.language)
    letter(axes.set_ylabel(printable(says.rows), parse_math=False), NORMAL, theme.text, words.language)
    axes.locator_params(integer=True, nbins=6)
    numbered(axes, theme, words)
    write(figure, says.title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    return finish(figure)
