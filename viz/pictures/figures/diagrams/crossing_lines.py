"""Two rows of words, joined by lines as thick as the weights between them: where lines cross, the order changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import LARGE, NORMAL, blank, finish, inches, place, text_length, write
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import language_of, letter
from viz.pictures.figures.base.palette import LIGHT, Theme
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


def crossing(
    weights: Weights,
    below: Sequence[str],
    above: Sequence[str],
    says: CrossingText,
    *,
    said: int | None = None,
    chosen: int | None = None,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
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
    rows = [[short(word, _LABEL) for word in each] for each in (above, below)]
    longest = max(sum(text_length(word, NORMAL) + _APART for word in row) for row in rows)
    inner = max(_WIDE, longest, *(text_length(text, NORMAL) for text in (says.above, says.below)))
    line, top = inches(1.5 * NORMAL), 2 * _EDGE + inches(1.3 * LARGE)
    wide = max(inner, text_length(says.title, LARGE)) + 2 * _EDGE
    figure = blank(wide, top + 4 * line + _BETWEEN + _EDGE, theme)
    write(figure, says.title, _EDGE, _EDGE, size=LARGE, theme=theme, words=words)
    write(figure, says.above, _EDGE, top, size=NORMAL, theme=theme, words=words)
    write(figure, says.below, _EDGE, top + 3 * line + _BETWEEN, size=NORMAL, theme=theme, words=words)
    axes = place(figure, _EDGE, top + line, inner, _BETWEEN + 2 * line)
    axes.set_axis_off()
    axes.set_xlim(0, inner)
    axes.set_ylim(_BETWEEN + 2 * line, 0)  # downwards, in inches
    places = [_places(row, inner) for row in rows]
    for at, values in enumerate(weights[:said]):
        for to, value in enumerate(values):
            if value >= _LEAST:
                axes.plot(
                    [places[0][to], places[1][at]],
                    [line, line + _BETWEEN],
                    color=theme.accent if at == chosen else theme.text,
                    linewidth=_THICK * float(value),
                    alpha=0.25 + 0.65 * float(value),
                    solid_capstyle="round",
                )
    _write_row(axes, rows[0], places[0], 0.45 * line, theme, language_of(above, words.language), None)
    _write_row(
        axes,
        rows[1][:said],
        places[1][:said],
        1.55 * line + _BETWEEN,
        theme,
        language_of(below, words.language),
        chosen,
    )
    return finish(figure)


def _places(row: Sequence[str], inner: float) -> list[float]:
    """The middles of the words, spread over the width with equal gaps."""
    lengths = [text_length(word, NORMAL) for word in row]
    gap = (inner - sum(lengths)) / len(row)
    found, left = [], gap / 2
    for length in lengths:
        found.append(left + length / 2)
        left += length + gap
    return found


def _write_row(
    axes: Axes,
    row: Sequence[str],
    places: Sequence[float],
    down: float,
    theme: Theme,
    language: str,
    chosen: int | None,
) -> None:
    for at, (word, across) in enumerate(zip(row, places, strict=True)):
        written = axes.text(across, down, word, ha="center", va="center", parse_math=False)
        letter(written, NORMAL, theme.accent if at == chosen else theme.text, language)
