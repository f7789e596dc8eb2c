"""Words joined by lines: two rows of them with the weights between, and the path between two tokens of a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import name_columns, no_ticks
from viz.pictures.figures.base.figure_builder import LARGE, NORMAL, SMALL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style, Theme
from viz.pictures.figures.base.fonts import language_of, short

_WIDE, _BETWEEN = 4.6, 1.7  # inches, as all lengths here

_EDGE = 0.15

_APART = 0.16

_LABEL = 14  # columns

_THICK = 5.0  # points, for a weight of 1

_LEAST = 0.03  # a weight under it is not seen


@dataclass(frozen=True)
class CrossingText:
    """What the picture says, already translated: its title, and what the upper and the lower words are."""

    title: str
    above: str
    below: str


def crossing_lines(
    weights: Weights,
    below: Sequence[str],
    above: Sequence[str],
    wording: CrossingText,
    style: Style = PLAIN,
    *,
    said: int | None = None,
    chosen: int | None = None,
) -> Figure:
    """Draw `weights`, [lower word, upper word], each from 0 to 1, as lines between two rows of words.

    Of the lower words only the first `said` are drawn, where the others will not move them. The lines of the lower
    word `chosen` (from 0) are in the accent's colour. Raises `MetricError` where words and
    weights do not go together, or there are none.
    """
    if not weights.size or weights.shape != (len(below), len(above)):
        raise MetricError(
            _(
                "Weights of the shape {shape} were given for {rows} and {columns} words; as many were expected."
            ),
            shape=str(weights.shape),
            rows=len(below),
            columns=len(above),
        )
    theme = style.theme
    rows = [[short(word, _LABEL) for word in row] for row in (above, below)]
    longest = max(sum(text_length(word, NORMAL) + _APART for word in row) for row in rows)
    inner = max(_WIDE, longest, *(text_length(text, NORMAL) for text in (wording.above, wording.below)))
    line, top = inches(1.5 * NORMAL), 2 * _EDGE + inches(1.3 * LARGE)
    wide = max(inner, text_length(wording.title, LARGE)) + 2 * _EDGE
    builder = FigureBuilder(wide, top + 4 * line + _BETWEEN + _EDGE, style)
    builder.title(wording.title, _EDGE, _EDGE)
    builder.write(wording.above, _EDGE, top)
    builder.write(wording.below, _EDGE, top + 3 * line + _BETWEEN)
    axes = builder.axes(_EDGE, top + line, inner, _BETWEEN + 2 * line)
    axes.set_axis_off()
    axes.set_xlim(0, inner)
    axes.set_ylim(_BETWEEN + 2 * line, 0)  # downwards, in inches
    places = [_places(row, inner) for row in rows]
    for query, values in enumerate(weights[:said]):
        for key, value in enumerate(values):
            if value >= _LEAST:
                axes.plot(
                    [places[0][key], places[1][query]],
                    [line, line + _BETWEEN],
                    color=theme.accent if query == chosen else theme.text,
                    linewidth=_THICK * float(value),
                    alpha=0.25 + 0.65 * float(value),
                    solid_capstyle="round",
                )
    _write_row(builder, axes, rows[0], places[0], 0.45 * line, language_of(above, style.words.language))
    lower, middles, language = rows[1][:said], places[1][:said], language_of(below, style.words.language)
    _write_row(builder, axes, lower, middles, 1.55 * line + _BETWEEN, language, chosen)
    return builder.finish()


def _places(row: Sequence[str], inner: float) -> list[float]:
    """The middles of the words, spread over the width with equal gaps."""
    lengths = [text_length(word, NORMAL) for word in row]
    gap = (inner - sum(lengths)) / len(row)
    middles, left = [], gap / 2
    for length in lengths:
        middles.append(left + length / 2)
        left += length + gap
    return middles


def _write_row(
    builder: FigureBuilder,
    axes: Axes,
    row: Sequence[str],
    places: Sequence[float],
    down: float,
    language: str,
    chosen: int | None = None,
) -> None:
    for index, (word, across) in enumerate(zip(row, places, strict=True)):
        colour = builder.theme.accent if index == chosen else ""
        builder.text(
            axes, across, down, word, size=NORMAL, colour=colour, language=language, ha="center", va="center"
        )


_PATH_WIDE = 7.4  # inches, as all lengths here

_CHAIN, _ARC = 0.55, 1.25

_MOST = 25  # tokens drawn; of more, those in the middle are left out

_PATH_LABEL = 12  # columns

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
    labels = ["…" if index is None else short(tokens[index], _PATH_LABEL) for index in shown]
    pitch = _PATH_WIDE / len(shown)
    upright = max(text_length(label, SMALL) for label in labels) > pitch * 0.95
    room = max(text_length(label, SMALL) for label in labels) if upright else inches(1.4 * SMALL)
    line, top = inches(1.5 * NORMAL), 2 * _EDGE + inches(1.3 * LARGE)
    wide = max(
        _PATH_WIDE + 2 * _EDGE,
        *(text_length(text, LARGE) + 2 * _EDGE for text in (wording.title, wording.direct)),
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
    axes = builder.axes(_EDGE, top, _PATH_WIDE, high)
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
