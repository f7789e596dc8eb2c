"""Two rows of words, joined by lines as thick as the weights between them: where lines cross, the order changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import LARGE, NORMAL, inches, text_length
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.fonts import language_of
from viz.pictures.figures.base.printable import short

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
