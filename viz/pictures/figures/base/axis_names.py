"""What rows and columns are called: a plain text for each, and no ticks.

A tick is three lines and two texts, measured anew each time: one for every token would take half of the time in which
a heat map is drawn. Call these when the axes have the size, in inches, that they will keep.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import NullLocator

from viz.pictures.figures.base.fonts import font, letter

ROW, COLUMN = "row", "column"  # a name's label as an artist, by which it is told from other texts
PAD, TITLE_PAD = 3.0, 4.0  # points: from the axes to the names, and from the names to the title
_HINTED = 1.02  # letters fitted to pixels are a little wider than as they are measured


@dataclass(frozen=True)
class Letters:
    """How texts are written: in points, in a colour of matplotlib's, in a language (BCP 47), lines this far apart."""

    size: float
    colour: str
    language: str
    spacing: float | Literal["normal"] = "normal"  # in ems

    def apply(self, text: Text) -> None:
        """Write this text so."""
        letter(text, self.size, self.colour, self.language)
        text.set_linespacing(self.spacing)

    def text(self, x: float, y: float, name: str, **options: Any) -> Text:
        """A new text written so. It takes half the time of writing one that is there: matplotlib sets nothing twice."""
        artist = Text(
            x,
            y,
            name,
            color=self.colour,
            fontproperties=font(name, self.size),
            linespacing=self.spacing,
            parse_math=False,
            **options,
        )
        artist.set_language(self.language)
        return artist


def no_ticks(axes: Axes) -> None:
    """Take all ticks from the axes, those included that matplotlib makes for a start, before any title is written.

    A title stands at the axes' edge, below them or at their left.
    """
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(NullLocator())
        axis.set_minor_locator(NullLocator())
        for name in ("majorTicks", "minorTicks"):  # made again when asked for
            vars(axis).pop(name, None)
    # Else matplotlib measures spines and makes ticks at each drawing to place a title, though there be none.
    across, down = _inches(axes)
    axes.xaxis.set_label_coords(0.5, -TITLE_PAD / (72 * down))
    axes.yaxis.set_label_coords(-TITLE_PAD / (72 * across), 0.5)


def name_rows(
    axes: Axes,
    positions: Sequence[float],
    names: Sequence[str],
    letters: Letters,
    *,
    pad: float = PAD,
    va: Literal["center", "center_baseline"] = "center_baseline",
    right: bool = False,
) -> None:
    """Write `names` at these heights in data, `pad` points from the axes' left edge, or the `right` one."""
    offset = pad / (72 * _inches(axes)[0])
    transform = axes.get_yaxis_transform()
    for y, name in zip(positions, names, strict=True):
        x, ha = (1 + offset, "left") if right else (-offset, "right")
        _add(axes, letters.text(x, y, name, ha=ha, va=va, transform=transform, label=ROW))


def name_columns(
    axes: Axes,
    positions: Sequence[float],
    names: Sequence[str],
    letters: Letters,
    *,
    angles: Sequence[int] = (),
    pad: float = PAD,
    below: bool = False,
) -> None:
    """Write `names` at these places in data, `pad` points above the axes, or `below` them.

    `angles` are degrees, one a name, or none where all stand upright.
    """
    offset = pad / (72 * _inches(axes)[1])
    transform = axes.get_xaxis_transform()
    for x, name, angle in zip(positions, names, angles or [0] * len(names), strict=True):
        y, va = (-offset, "top") if below else (1 + offset, "bottom")
        _add(
            axes,
            letters.text(x, y, name, ha="center", va=va, rotation=angle, transform=transform, label=COLUMN),
        )


def title_rows(axes: Axes, title: str, room: float, letters: Letters, *, centred: bool = True) -> None:
    """Write `title` at the left of names that are `room` inches wide, along the middle of the axes or from the top."""
    x = -(_HINTED * room + (PAD + TITLE_PAD) / 72) / _inches(axes)[0]
    letters.apply(axes.set_ylabel(title, loc="center" if centred else "top", parse_math=False))
    axes.yaxis.set_label_coords(x, 0.5 if centred else 1.0)


def title_columns(axes: Axes, title: str, room: float, letters: Letters, *, centred: bool = True) -> None:
    """Write `title` above names that are `room` inches high, over the middle of the axes or from the left."""
    y = 1 + (_HINTED * room + (PAD + TITLE_PAD) / 72) / _inches(axes)[1]
    axes.xaxis.set_label_position("top")
    letters.apply(axes.set_xlabel(title, loc="center" if centred else "left", parse_math=False))
    axes.xaxis.set_label_coords(0.5 if centred else 0.0, y)


def _add(axes: Axes, text: Text) -> None:
    axes.add_artist(text)
    text.set_clip_box(None)  # it stands outside


def _inches(axes: Axes) -> tuple[float, float]:
    """The width and the height of the axes."""
    return axes.bbox.width / axes.figure.dpi, axes.bbox.height / axes.figure.dpi
