"""A figure in the making: its theme and its language go into all that is added to it."""

from typing import TYPE_CHECKING, Any, Literal

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from viz.pictures.figures.base.axis_names import Letters
from viz.pictures.figures.base.canvas import (
    BAR_GAP,
    BAR_WIDTH,
    LARGE,
    NORMAL,
    SMALL,
    blank,
    dress_bar,
    finish,
    place,
    write,
)
from viz.pictures.figures.base.figure_words import FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import ColourScale, Theme
from viz.pictures.figures.base.printable import printable

if TYPE_CHECKING:
    from viz.attention import Weights

_FRAME = ("left", "right", "top", "bottom")


class FigureBuilder:
    """An empty figure of this size. All lengths are inches, places are from its left and top edges, sizes in points."""

    def __init__(self, width: float, height: float, theme: Theme, words: FigureText) -> None:
        self.figure = blank(width, height, theme)
        self.theme = theme
        self.words = words

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes in this box."""
        return place(self.figure, left, top, width, height)

    def title(self, text: str, left: float, top: float) -> None:
        """Write the figure's title."""
        self.write(text, left, top, size=LARGE)

    def write(self, text: str, left: float, top: float, *, size: float = NORMAL, rotation: int = 0) -> None:
        """Write `text` with its upper left corner here, turned by `rotation` degrees."""
        write(self.figure, text, left, top, size=size, theme=self.theme, words=self.words, rotation=rotation)

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

    def outline(self, axes: Axes, width: float = 0.6, *, sides: tuple[str, ...] = _FRAME) -> None:
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
        bar = self.axes(left + BAR_GAP, top, BAR_WIDTH, height)
        numbers = ScalarMappable(Normalize(colours.vmin, colours.vmax), colours.palette)
        self.figure.colorbar(numbers, cax=bar).outline.set_visible(False)
        dress_bar(bar, colours.vmin, colours.vmax, self.theme, self.words)
        return bar

    def finish(self) -> Figure:
        """The figure, ready to be drawn."""
        return finish(self.figure)
