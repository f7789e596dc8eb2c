"""A figure in the making: its theme and its language go into all that is added to it."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import TICKRIGHT, MarkerStyle
from matplotlib.text import Text

from viz.errors import InputError
from viz.language import _
from viz.pictures.figures.base.axis_names import TITLE_PAD, Letters, name_rows, no_ticks
from viz.pictures.figures.base.figure_style import ColourScale, Style
from viz.pictures.figures.base.fonts import letter, printable, width

SMALL, NORMAL, LARGE = 9.0, 10.0, 13.0  # points

_SCREEN_DPI = 110

_MOST_DPI = 300

# How Pillow writes a WebP in which every pixel is as it was, those of no opacity included. With more effort (60, 3) it
# takes three times as long, and still two thirds of the bytes.
LOSSLESS: Mapping[str, Any] = MappingProxyType({"lossless": True, "exact": True, "quality": 20, "method": 1})


def inches(points: float) -> float:
    """A length in points (1/72 inch), in inches."""
    return points / 72


def text_length(text: str, size: float) -> float:
    """How long `text` is in inches, as it is drawn in `size` points."""
    return width(printable(text)) * inches(size)


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


if TYPE_CHECKING:
    from viz.attention import Weights

_BAR_GAP, _BAR_WIDTH = 0.15, 0.16  # inches, as all lengths here
BAR_ROOM = 0.95  # the colour bar with its numbers and title, and the gap before it
BAR_LEAST = 1.6
_MARK, _MARK_PAD = 2.0, 3.5  # points: a mark at the colour bar, and from there to its number
FRAME = ("left", "right", "top", "bottom")


class FigureBuilder:
    """An empty figure of this size, or the `figure` given. Lengths are inches, places are from the left and top edges.

    Sizes of letters are points.
    """

    def __init__(self, width: float, height: float, style: Style, figure: Figure | None = None) -> None:
        self.figure = figure or Figure((width, height), facecolor=style.theme.background or "none")
        self.theme = style.theme
        self.words = style.words

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes in this box."""
        across, down = self.figure.get_size_inches()
        axes = self.figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))
        axes.set_facecolor("none")
        return axes

    def title(self, text: str, left: float, top: float) -> None:
        """Write the figure's title."""
        self.write(text, left, top, size=LARGE)

    def write(self, text: str, left: float, top: float, *, size: float = NORMAL, rotation: int = 0) -> None:
        """Write `text` with its upper left corner here, turned by `rotation` degrees."""
        across, down = self.figure.get_size_inches()
        x, y = left / across, 1 - top / down
        artist = self.figure.text(
            x, y, printable(text), ha="left", va="top", rotation=rotation, parse_math=False
        )
        self.letter(artist, size)

    def letters(self, size: float, language: str = "") -> Letters:
        """How names are written: in the theme's colour, in the words' language where no other is given."""
        return Letters(size, self.theme.text, language or self.words.language)

    def letter(self, text: Text, size: float, colour: str = "", language: str = "") -> None:
        """Write a text that is there in the theme's colour and the words' language where no others are given."""
        letter(text, size, colour or self.theme.text, language or self.words.language)

    def text(
        self,
        axes: Axes,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SMALL,
        colour: str = "",
        language: str = "",
        **options: Any,
    ) -> None:
        """Write `text` at this place of the axes' own numbers; `options` are those of matplotlib's `Axes.text`."""
        artist = axes.text(x, y, printable(text), parse_math=False, **options)
        self.letter(artist, size, colour, language)

    def annotate(
        self,
        axes: Axes,
        text: str,
        point: tuple[float, float],
        offset: tuple[float, float] = (0, 5),
        *,
        size: float = SMALL,
        ha: Literal["left", "center", "right"] = "center",
        va: Literal["top", "center", "bottom"] = "bottom",
    ) -> None:
        """Write `text` beside a `point` of the axes' own numbers, `offset` points away from it."""
        artist = axes.annotate(
            printable(text), point, xytext=offset, textcoords="offset points", ha=ha, va=va, parse_math=False
        )
        self.letter(artist, size)

    def name_axes(
        self,
        axes: Axes,
        across: str,
        up: str = "",
        *,
        size: float = NORMAL,
        loc: Literal["left", "center"] = "center",
    ) -> None:
        """Write what the axes stand for: `across` below them, at `loc`, and `up` at their left."""
        self.letter(axes.set_xlabel(printable(across), loc=loc, parse_math=False), size)
        self.letter(axes.set_ylabel(printable(up), parse_math=False), size)

    def outline(self, axes: Axes, width: float = 0.6, *, sides: tuple[str, ...] = FRAME) -> None:
        """Draw the edges of the axes that are in `sides`, `width` points wide, and no others."""
        for name, spine in axes.spines.items():
            spine.set_visible(name in sides)
            spine.set(color=self.theme.text, linewidth=width)

    def image(
        self,
        axes: Axes,
        values: "Weights",
        colours: ColourScale,
        *,
        crisp: bool = True,
        extent: tuple[float, float, float, float] | None = None,
    ) -> AxesImage:
        """Fill the axes with `values`, [row, column], in these colours; where not `crisp`, small cells are averaged."""
        return axes.imshow(
            values,
            cmap=colours.palette,
            vmin=colours.vmin,
            vmax=colours.vmax,
            aspect="auto",
            interpolation="nearest" if crisp else "auto",
            extent=extent,
        )

    def colour_bar(self, colours: ColourScale, left: float, top: float, height: float) -> Axes:
        """A colour bar beside what ends at `left`, with its numbers and the words for what they measure."""
        bar = self.axes(left + _BAR_GAP, top, _BAR_WIDTH, height)
        scale = ScalarMappable(Normalize(colours.vmin, colours.vmax), colours.palette)
        drawn: Any = self.figure.colorbar(scale, cax=bar)
        drawn.outline.set_visible(False)
        drawn.solids.set_rasterized(True)  # in SVG and PDF too: colours drawn one by one show white seams
        positions = [float(value) for value in np.linspace(colours.vmin, colours.vmax, 5)]
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
                color=self.theme.text,
                clip_on=False,
                transform=bar.get_yaxis_transform(),
            )
        )
        name_rows(bar, positions, numbers, self.letters(SMALL), pad=_MARK + _MARK_PAD, right=True)
        self.letter(bar.set_ylabel(printable(self.words.weight), parse_math=False), NORMAL)
        offset = max(text_length(number, SMALL) for number in numbers) + inches(_MARK + _MARK_PAD + TITLE_PAD)
        bar.yaxis.set_label_coords(1 + offset / _BAR_WIDTH, 0.5)
        return bar

    def finish(self) -> Figure:
        """The figure, ready to be drawn."""
        return finish(self.figure)
