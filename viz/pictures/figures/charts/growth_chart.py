"""Numbers that grow by powers of ten over the years: a point each, with its name beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import SMALL, finish, text_length
from viz.pictures.figures.base.figure_words import ENGLISH, FigureText
from viz.pictures.figures.base.fonts import letter
from viz.pictures.figures.base.palette import LIGHT, Theme
from viz.pictures.figures.base.plot_axes import PlotText, framed
from viz.pictures.figures.base.printable import printable, short

_DOT = 46.0  # points squared
_COLOUR = {"light": "#31688e", "dark": "#7fb2ff"}
_NAME = 40  # columns
_USUAL = 0.4  # inches: the numbers that there is always room for


@dataclass(frozen=True)
class Point:
    """A named number, above 0, of a year. `says` is what is written beside it after the name."""

    name: str
    year: int
    number: float
    says: str = ""


def growth(
    points: Sequence[Point],
    says: PlotText,
    ticks: Mapping[float, str],
    *,
    level: Point | None = None,
    words: FigureText = ENGLISH,
    theme: Theme = LIGHT,
    dark: bool = False,
) -> Figure:
    """Draw `points` over their years on a logarithmic axis whose `ticks` are named; `level` is a line across.

    Raises `MetricError` where there is no point, or one whose number is not above 0.
    """
    every = [*points, *([level] if level is not None else [])]
    if not points or any(not each.number > 0 for each in every):
        raise MetricError(_("At least one point was expected, and only numbers above 0."))
    wide = max((text_length(printable(name), SMALL) for name in ticks.values()), default=0.0)
    figure, axes = framed(says, theme, words, room=max(0.0, wide - _USUAL))
    years = sorted({each.year for each in points})
    axes.set_xlim(years[0] - 0.15, years[-1] + 0.25)
    axes.set_yscale("log")
    axes.set_ylim(min(each.number for each in every) / 3, max(each.number for each in every) * 4)
    colour = _COLOUR["dark" if dark else "light"]
    axes.scatter([each.year for each in points], [each.number for each in points], s=_DOT, color=colour)
    for each in points:
        left = each.year == years[-1] and len(years) > 1
        written = axes.annotate(
            printable(f"{each.name}  {each.says}".strip()),
            (each.year, each.number),
            xytext=(-7 if left else 7, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            parse_math=False,
        )
        letter(written, SMALL, theme.text, words.language)
    if level is not None:
        axes.axhline(level.number, color=theme.accent, linewidth=1.2, linestyle="--")
        written = axes.annotate(
            f"{short(level.name, _NAME)}  {printable(level.says)}".strip(),
            (years[-1] + 0.22, level.number),
            xytext=(0, -4),
            textcoords="offset points",
            ha="right",
            va="top",
            parse_math=False,
        )
        letter(written, SMALL, theme.text, words.language)
    axes.set_xticks(years, [str(year) for year in years])
    bottom, top = axes.get_ylim()
    shown = {at: printable(name) for at, name in ticks.items() if bottom <= at <= top}
    axes.set_yticks(list(shown), list(shown.values()), minor=False)
    axes.yaxis.set_minor_formatter(NullFormatter())
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_tick_params(which="both", length=3, color=theme.text)
        for number in axis.get_ticklabels():
            letter(number, SMALL, theme.text, words.language)
    return finish(figure)
