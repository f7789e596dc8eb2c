"""How far two tokens of a text are apart: step by step through a chain, or in one step."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import name_columns, no_ticks
from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_style import PLAIN, Style, Theme
from viz.pictures.figures.base.fonts import language_of
from viz.pictures.figures.base.printable import short

_WIDE = 7.4  # inches, as all lengths here
_CHAIN, _ARC = 0.55, 1.25
_EDGE = 0.15
_MOST = 25  # tokens drawn; of more, those in the middle are left out
_LABEL = 12  # columns
_DOT, _PAD = 7.0, 2.0  # points
_QUIET = 0.35


@dataclass(frozen=True)
class PathText:
    """What the picture says, already translated: its title, and what each of its two rows is."""

    title: str
    chain: str
    direct: str


def path_arcs(
    tokens: Sequence[str], first: int, last: int, wording: PathText, style: Style = PLAIN
) -> Figure:
    """Draw `tokens` twice: as a chain whose steps from `first` to `last` are marked, and with one arc between the two.

    Positions count from 0. Of a long text, tokens in the middle are left out and a gap is drawn. Raises `MetricError`
    where either position is none of the tokens.
    """
    if not (0 <= first < len(tokens) and 0 <= last < len(tokens)):
        raise MetricError(
            _("Tokens {first} and {last} were asked for; there are tokens 1 to {count}."),
            first=first + 1,
            last=last + 1,
            count=len(tokens),
        )
    theme = style.theme
    low, high = sorted((first, last))
    shown = _shown(len(tokens), low, high)
    labels = ["…" if index is None else short(tokens[index], _LABEL) for index in shown]
    pitch = _WIDE / len(shown)
    upright = max(text_length(label, SMALL) for label in labels) > pitch * 0.95
    room = max(text_length(label, SMALL) for label in labels) if upright else inches(1.4 * SMALL)
    line, top = inches(1.5 * NORMAL), 2 * _EDGE + inches(1.3 * LARGE)
    wide = max(
        _WIDE + 2 * _EDGE, *(text_length(text, LARGE) + 2 * _EDGE for text in (wording.title, wording.direct))
    )
    builder = FigureBuilder(wide, top + 2 * line + _CHAIN + _ARC + room + 3 * _EDGE, style)
    builder.title(wording.title, _EDGE, _EDGE)
    builder.write(wording.chain, _EDGE, top)
    chain = _row(builder, top + line, _CHAIN, len(shown))
    builder.write(wording.direct, _EDGE, top + line + _CHAIN + _EDGE)
    direct = _row(builder, top + 2 * line + _CHAIN + _EDGE, _ARC, len(shown))
    ends = (shown.index(low), shown.index(high))
    for axes, height in ((chain, 0.5), (direct, 0.12)):
        for place, token in enumerate(shown):
            if token is not None:
                chosen = place in ends
                axes.plot(
                    [place],
                    [height],
                    "o",
                    markersize=_DOT + 2 * chosen,
                    color=theme.accent if chosen else theme.text,
                    alpha=1 if chosen else _QUIET,
                )
    for place in range(len(shown) - 1):
        _arrow(chain, (place, 0.5), (place + 1, 0.5), theme, ends[0] <= place < ends[1], 0.0)
    if low != high:
        # An arc's height is half of its bend times its length; lengths here are the screen's.
        bend = -min(0.5, 1.5 * (_ARC - 0.3) / ((ends[1] - ends[0]) * pitch))
        _arrow(direct, (ends[0], 0.12), (ends[1], 0.12), theme, True, bend)
    letters = builder.letters(SMALL, language_of(tokens, style.words.language))
    angles = [90 if upright else 0] * len(shown)
    name_columns(direct, range(len(shown)), labels, letters, angles=angles, pad=_PAD, below=True)
    return builder.finish()


def _shown(count: int, low: int, high: int) -> list[int | None]:
    """Which tokens are drawn, in order; None is a gap. Both ends of the path are among them."""
    if count <= _MOST:
        return list(range(count))
    if high - low < _MOST - 4:
        start = max(0, min(low - 2, count - (_MOST - 2)))
        stop = start + _MOST - 2
        return [*([None] if start else []), *range(start, stop), *([None] if stop < count else [])]
    half = (_MOST - 5) // 2
    start, stop = max(0, low - 1), min(count, high + 2)
    return [
        *([None] if start else []),
        *range(start, low + half),
        None,
        *range(high - half + 1, stop),
        *([None] if stop < count else []),
    ]


def _row(builder: FigureBuilder, top: float, high: float, count: int) -> Axes:
    axes = builder.axes(_EDGE, top, _WIDE, high)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(0, 1)
    no_ticks(axes)
    builder.outline(axes, sides=())
    return axes


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], theme: Theme, chosen: bool, bend: float
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=9,
            shrinkA=5,
            shrinkB=5,
            linewidth=1.8 if chosen else 1.0,
            color=theme.accent if chosen else theme.text,
            alpha=1 if chosen else _QUIET,
            connectionstyle=f"arc3,rad={bend}",
        )
    )
