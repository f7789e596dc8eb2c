"""A figure with no pyplot behind it: an empty one, the parts every picture has, and the PNG."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import TICKRIGHT, MarkerStyle

from viz.errors import InputError
from viz.language import _
from viz.pictures.figures.base.axis_names import TITLE_PAD, Letters, name_rows, no_ticks
from viz.pictures.figures.base.figure_words import FigureText
from viz.pictures.figures.base.fonts import letter, width
from viz.pictures.figures.base.palette import Theme
from viz.pictures.figures.base.printable import printable

SMALL, NORMAL, LARGE = 9.0, 10.0, 13.0  # points
BAR_GAP, BAR_WIDTH = 0.15, 0.16  # inches, as all lengths here
BAR_ROOM = 0.95  # the colour bar with its numbers and title, and the gap before it
BAR_LEAST = 1.6
_MARK, _MARK_PAD = 2.0, 3.5  # points: a mark at the colour bar, and from there to its number
_SCREEN_DPI = 110
_MOST_DPI = 300
# How Pillow writes a WebP in which every pixel is as it was, those of no opacity included. With more effort (60, 3) it
# takes three times as long, and still two thirds of the bytes.
LOSSLESS: Mapping[str, Any] = MappingProxyType({"lossless": True, "exact": True, "quality": 20, "method": 1})


def inches(points: float) -> float:
    """A length in points (1/72 inch), in inches."""
    return points / 72


def blank(width: float, height: float, theme: Theme) -> Figure:
    """An empty figure of this size in inches, on the theme's background."""
    return Figure((width, height), facecolor=theme.background or "none")


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes in a box given in inches from the figure's left and top edges."""
    across, down = figure.get_size_inches()
    box = (left / across, 1 - (top + height) / down, width / across, height / down)
    axes = figure.add_axes(box)
    axes.set_facecolor("none")
    return axes


def text_length(text: str, size: float) -> float:
    """How long `text` is in inches, as it is drawn in `size` points."""
    return width(printable(text)) * inches(size)


def write(
    figure: Figure,
    text: str,
    left: float,
    top: float,
    *,
    size: float,
    theme: Theme,
    words: FigureText,
    rotation: int = 0,
) -> None:
    """Write `text` with its upper left corner this many inches from the figure's left and top edges."""
    across, down = figure.get_size_inches()
    artist = figure.text(
        left / across,
        1 - top / down,
        printable(text),
        ha="left",
        va="top",
        rotation=rotation,
        parse_math=False,
    )
    letter(artist, size, theme.text, words.language)


def dress_bar(bar: Axes, vmin: float, vmax: float, theme: Theme, words: FigureText) -> None:
    """Give a colour bar its numbers, at its right, and its title."""
    positions = [float(value) for value in np.linspace(vmin, vmax, 5)]
    numbers = [f"{value:.3g}" for value in positions]
    no_ticks(bar)
    bar.add_line(
        Line2D(
            [1.0] * len(positions),
            positions,
            linestyle="none",
            marker=MarkerStyle(TICKRIGHT),
            markersize=_MARK,
            markeredgewidth=0.8,
            color=theme.text,
            clip_on=False,
            transform=bar.get_yaxis_transform(),
        )
    )
    name_rows(
        bar, positions, numbers, Letters(SMALL, theme.text, words.language), pad=_MARK + _MARK_PAD, right=True
    )
    letter(bar.set_ylabel(printable(words.weight), parse_math=False), NORMAL, theme.text, words.language)
    offset = max(text_length(number, SMALL) for number in numbers) + inches(_MARK + _MARK_PAD + TITLE_PAD)
    bar.yaxis.set_label_coords(1 + offset / BAR_WIDTH, 0.5)


def to_png(figure: Figure, dpi: float = _SCREEN_DPI) -> bytes:
    """The figure as PNG bytes, `dpi` pixels to the inch, on the background it was made with.

    Raises `InputError` for a `dpi` outside 20 to 300.
    """
    # The lowest compression: a fifth more bytes, in half the time.
    return _pixels(figure, "png", dpi, {"compress_level": 1})


def to_webp(figure: Figure, dpi: float = _SCREEN_DPI) -> bytes:
    """The same pixels as WebP, without loss: about a third of a PNG's bytes. Raises as `to_png`."""
    return _pixels(figure, "webp", dpi, dict(LOSSLESS))


def _pixels(figure: Figure, form: str, dpi: float, options: dict[str, Any]) -> bytes:
    if not 20 <= dpi <= _MOST_DPI:
        raise InputError(
            _("A picture of {dpi} dots per inch was asked for. Please choose between 20 and {most}."),
            dpi=dpi,
            most=_MOST_DPI,
        )
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, dpi=dpi, pil_kwargs=options)
    return buffer.getvalue()


def finish(figure: Figure) -> Figure:
    """Hand the figure its canvas, last: seaborn draws every canvas it is given, and labels cost most."""
    FigureCanvasAgg(figure)
    return figure
