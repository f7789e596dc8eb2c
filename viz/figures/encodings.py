"""Tables of many rows as fields of colour, and places on a plane joined in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.figures.canvas import (
    BAR_GAP,
    BAR_LEAST,
    BAR_ROOM,
    BAR_WIDTH,
    LARGE,
    NORMAL,
    SMALL,
    blank,
    dress_bar,
    finish,
    inches,
    place,
    text_length,
    write,
)
from viz.figures.checks import check_scale
from viz.figures.fonts import letter
from viz.figures.labels import printable
from viz.figures.matrix import MatrixText
from viz.figures.palette import LIGHT, PALETTE, Theme, check_palette
from viz.figures.plots import PlotText, framed, numbered
from viz.figures.words import ENGLISH, FigureText
from viz.language import _

_SIDE = 3.9  # inches, as all lengths here
_EDGE = 0.12
_NUMBERS = 0.7
_NAMED = 9  # points that get their number
_DOT = 18.0


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


def trail(
    points: Weights,
    names: Sequence[str],
    says: PlotText,
    *,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    dark: bool = False,
) -> Figure:
    """Draw places, [place, 2], joined in their order, coloured from the first to the last; a few carry their name.

    Raises `MetricError` unless there is a name for each place, and at least one.
    """
    if points.ndim != 2 or points.shape != (len(names), 2) or not len(names):
        raise MetricError(
            _("Places of the shape {shape} and {names} names were given; [{names}, 2] was expected."),
            shape=str(points.shape),
            names=len(names),
        )
    figure, axes = framed(says, theme, words)
    low, high = (0.25, 1.0) if dark else (0.0, 0.85)
    colours = matplotlib.colormaps[PALETTE](np.linspace(low, high, len(points)))
    axes.plot(points[:, 0], points[:, 1], color=theme.text, alpha=0.35, linewidth=0.7)
    axes.scatter(points[:, 0], points[:, 1], s=_DOT, c=colours)
    axes.margins(0.08)
    for at in sorted({int(at) for at in np.linspace(0, len(points) - 1, min(_NAMED, len(points)))}):
        written = axes.annotate(
            printable(names[at]),
            (float(points[at, 0]), float(points[at, 1])),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            parse_math=False,
        )
        letter(written, SMALL, theme.text, words.language)
    numbered(axes, theme, words)
    return finish(figure)
