"""How d_model numbers are shared by the heads: a strip cut in h pieces, and the four matrices cut the same way."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import no_ticks
from viz.pictures.figures.base.figure_builder import LARGE, NORMAL, SMALL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style, layer_colours, readable_on

_WIDE, _STRIP = 7.2, 0.5  # inches, as all lengths here
_EDGE, _GAP = 0.15, 0.28
_MATRICES = 4
_SIDE = (_WIDE - (_MATRICES - 1) * _GAP) / _MATRICES
_LINE = 1.4
_MOST = 64  # pieces drawn one by one; of more only that they are many can be seen
_NAMED = 40  # of more pieces none has room for a name
_SEEN = 0.02  # of the strip, by what is left over however little it is
_HATCH = "//////"


@dataclass(frozen=True)
class SplitText:
    """What the picture says, already translated.

    `across` stands above the strip, `pieces` in its pieces and `ranges` below them, one a head from the left, where
    they fit; `matrices` are the names of W_Q, W_K, W_V and W_O; `note` stands below all.
    """

    title: str
    across: str
    pieces: Sequence[str]
    ranges: Sequence[str]
    matrices: Sequence[str]
    note: str


def split_strip(width: int, heads: int, wording: SplitText, style: Style = PLAIN) -> Figure:
    """Draw `width` numbers as a strip cut into `heads` pieces of width // heads; what is left over is hatched.

    Below are the four matrices: of W_Q, W_K and W_V a head owns columns, of W_O rows. Where the heads do not divide
    the width there are no matrices. Raises `MetricError` for more heads than numbers, or none, or other texts than
    one a head and four.
    """
    if (
        not 1 <= heads <= width
        or {heads} != {len(wording.pieces), len(wording.ranges)}
        or len(wording.matrices) != _MATRICES
    ):
        raise MetricError(
            _(
                "{heads} heads of {width} numbers with {texts} names were given; one name a head was expected."
            ),
            heads=heads,
            width=width,
            texts=len(wording.pieces),
        )
    line = inches(_LINE * NORMAL)
    whole = width % heads == 0
    top = 2 * _EDGE + inches(_LINE * LARGE) + line
    below = top + _STRIP + line
    height = below + (_GAP + line + _SIDE if whole else 0) + line + 2 * _EDGE
    wide = max(_WIDE, text_length(wording.note, SMALL), text_length(wording.title, LARGE)) + 2 * _EDGE
    builder = FigureBuilder(wide, height, style)
    colours = layer_colours(heads, style.theme)
    builder.title(wording.title, _EDGE, _EDGE)
    builder.write(wording.across, _EDGE, top - line)
    strip = builder.axes(_EDGE, top, _WIDE, _STRIP)
    _draw_pieces(builder, strip, width, colours, upright=True)
    inside = [readable_on(colour, style.theme) for colour in colours]
    _name_pieces(builder, strip, width, wording.pieces, inside)
    under = builder.axes(_EDGE, top + _STRIP, _WIDE, line)
    under.set_axis_off()
    under.set(xlim=(0, width), ylim=(width, 0))
    _name_pieces(builder, under, width, wording.ranges, [style.theme.text] * heads)
    if whole:
        for index, name in enumerate(wording.matrices):
            left = _EDGE + index * (_SIDE + _GAP)
            builder.write(name, left, below + _GAP)
            axes = builder.axes(left, below + _GAP + line, _SIDE, _SIDE)
            _draw_pieces(builder, axes, width, colours, upright=index < _MATRICES - 1)
    builder.write(wording.note, _EDGE, height - line - _EDGE / 2, size=SMALL)
    return builder.finish()


def _draw_pieces(
    builder: FigureBuilder, axes: Axes, width: int, colours: Sequence[str], *, upright: bool
) -> None:
    """Fill the axes with a band for each head, side by side where `upright`, else one below the other."""
    theme, heads = builder.theme, len(colours)
    dim = width // heads
    axes.set(xlim=(0, width), ylim=(width, 0))
    no_ticks(axes)
    line = 1.2 if heads <= _MOST else 0.0
    for head, colour in enumerate(colours):
        corner, size = ((head * dim, 0), (dim, width)) if upright else ((0, head * dim), (width, dim))
        axes.add_patch(
            Rectangle(corner, *size, facecolor=colour, edgecolor=theme.background or "white", linewidth=line)
        )
    if width % heads:
        left = max(width % heads, _SEEN * width)
        axes.add_patch(
            Rectangle(
                (width - left, 0),
                left,
                width,
                facecolor=theme.background or "white",
                edgecolor=theme.accent,
                hatch=_HATCH,
                linewidth=1.2,
            )
        )
    builder.outline(axes)


def _name_pieces(
    builder: FigureBuilder, axes: Axes, width: int, names: Sequence[str], colours: Sequence[str]
) -> None:
    """A name at the middle of each piece, where all fit."""
    heads = len(names)
    dim = width // heads
    if heads > _NAMED or max(text_length(name, SMALL) for name in names) > 0.94 * _WIDE * dim / width:
        return
    for head, (name, colour) in enumerate(zip(names, colours, strict=True)):
        builder.text(axes, (head + 0.5) * dim, width / 2, name, colour=colour, ha="center", va="center")
