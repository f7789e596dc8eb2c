"""Numbers that grow by powers of ten over the years: a point each, with its name beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import SMALL, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.plot_axes import PlotText, framed, letter_ticks
from viz.pictures.figures.base.printable import printable, short

_DOT = 46.0  # points squared
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
    wording: PlotText,
    ticks: Mapping[float, str],
    style: Style = PLAIN,
    *,
    level: Point | None = None,
) -> Figure:
    """Draw `points` over their years on a logarithmic axis whose `ticks` are named; `level` is a line across.

    Raises `MetricError` where there is no point, or one whose number is not above 0.
    """
    every = [*points, *([level] if level is not None else [])]
    if not points or any(not point.number > 0 for point in every):
        raise MetricError(_("At least one point was expected, and only numbers above 0."))
    wide = max((text_length(printable(name), SMALL) for name in ticks.values()), default=0.0)
    builder, axes = framed(wording, style, room=max(0.0, wide - _USUAL))
    years = sorted({point.year for point in points})
    axes.set_xlim(years[0] - 0.15, years[-1] + 0.25)
    axes.set_yscale("log")
    axes.set_ylim(min(point.number for point in every) / 3, max(point.number for point in every) * 4)
    numbers = [point.number for point in points]
    axes.scatter([point.year for point in points], numbers, s=_DOT, color=style.theme.series[0])
    for point in points:
        left = point.year == years[-1] and len(years) > 1
        name, place = f"{point.name}  {point.says}".strip(), (point.year, point.number)
        offset = (-7 if left else 7, 0)
        builder.annotate(axes, name, place, offset, ha="right" if left else "left", va="center")
    if level is not None:
        axes.axhline(level.number, color=style.theme.accent, linewidth=1.2, linestyle="--")
        name = f"{short(level.name, _NAME)}  {level.says}".strip()
        builder.annotate(axes, name, (years[-1] + 0.22, level.number), (0, -4), ha="right", va="top")
    axes.set_xticks(years, [str(year) for year in years])
    bottom, top = axes.get_ylim()
    shown = {tick: printable(name) for tick, name in ticks.items() if bottom <= tick <= top}
    axes.set_yticks(list(shown), list(shown.values()), minor=False)
    axes.yaxis.set_minor_formatter(NullFormatter())
    letter_ticks(axes, style)
    return builder.finish()
