"""Points with names: along two axes, over years, joined in order, or on a plane where alike ones lie close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import no_ticks
from viz.pictures.figures.base.figure_builder import LARGE, NORMAL, SMALL, FigureBuilder, inches, text_length
from viz.pictures.figures.base.figure_style import PLAIN, Style, layer_colours
from viz.pictures.figures.base.fonts import printable, short
from viz.pictures.figures.base.plot_axes import (
    PlotText,
    framed,
    letter_ticks,
    number_ticks,
)

_DOT = 46.0  # points squared
_LARGEST = 4  # points with the largest numbers on either axis get their name
_FEW_DECADES = 200


def head_points(across: Weights, up: Weights, wording: PlotText, style: Style = PLAIN) -> Figure:
    """Draw a point a head, both [layer, head], coloured by layer; the largest are named "layer.head", from 1.

    The axes are logarithmic where all numbers are above 0: heads differ by powers of ten. Raises `MetricError` where
    the shapes differ or there is nothing to draw.
    """
    if across.shape != up.shape or across.ndim != 2 or not across.size:
        raise MetricError(
            _("Numbers of the shapes {one} and {other} were given; [layer, head] twice was expected."),
            one=str(across.shape),
            other=str(up.shape),
        )
    builder, axes = framed(wording, style)
    layers, heads = across.shape
    colours = layer_colours(layers, style.theme)
    for layer, colour in enumerate(colours):
        axes.scatter(
            across[layer], up[layer], s=_DOT, color=colour, edgecolors=style.theme.text, linewidths=0.4
        )
    for values, axis in ((across, "x"), (up, "y")):
        if (values > 0).all():
            getattr(axes, f"set_{axis}scale")("log")
            if values.max() < _FEW_DECADES * values.min():  # powers of ten alone would be one number or two
                getattr(axes, f"{axis}axis").set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.margins(0.08)
    named = {int(index) for values in (across, up) for index in np.argsort(-values, axis=None)[:_LARGEST]}
    for index in sorted(named):
        layer, head = divmod(index, heads)
        point = (float(across[layer, head]), float(up[layer, head]))
        builder.annotate(axes, f"{layer + 1}.{head + 1}", point)
    number_ticks(axes, style)
    return builder.finish()


_NAMED = 9  # points that get their name
_SMALL_DOT = 18.0  # points squared


def joined_points(points: Weights, names: Sequence[str], wording: PlotText, style: Style = PLAIN) -> Figure:
    """Draw places, [place, 2], joined in their order, coloured from the first to the last; a few carry their name.

    Raises `MetricError` unless there is a name for each place, and at least one.
    """
    if points.ndim != 2 or points.shape != (len(names), 2) or not len(names):
        raise MetricError(
            _("Places of the shape {shape} and {names} names were given; [{names}, 2] was expected."),
            shape=str(points.shape),
            names=len(names),
        )
    builder, axes = framed(wording, style)
    axes.plot(points[:, 0], points[:, 1], color=style.theme.text, alpha=0.35, linewidth=0.7)
    axes.scatter(points[:, 0], points[:, 1], s=_SMALL_DOT, c=layer_colours(len(points), style.theme))
    axes.margins(0.08)
    named = np.linspace(0, len(points) - 1, min(_NAMED, len(points))).astype(int)
    for index in sorted(set(named.tolist())):
        builder.annotate(axes, names[index], (float(points[index, 0]), float(points[index, 1])))
    number_ticks(axes, style)
    return builder.finish()


_NAME = 40  # columns
_USUAL = 0.4  # inches: the numbers that there is always room for


@dataclass(frozen=True)
class Point:
    """A named number, above 0, of a year. `says` is what is written beside it after the name."""

    name: str
    year: int
    number: float
    says: str = ""


def growth_chart(
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


_PLANE = 7.0  # inches
_EDGE = 0.15
_LARGE_DOT = 60.0  # points squared


@dataclass(frozen=True)
class PlaneText:
    """What the plane says, already translated; {layer} in `layer` counts from 1."""

    title: str
    layer: str


def head_plane(
    places: Weights, heads: int, wording: PlaneText, style: Style = PLAIN, *, chosen: int | None = None
) -> Figure:
    """Draw heads as points, [layer * head, 2], each with its "layer.head" from 1, coloured by layer.

    Alike heads lie close. There are no axes: only distances mean something. The head `chosen` (from 0, through all
    layers) is ringed in the theme's accent. Raises `MetricError` unless `places` are pairs for whole layers.
    """
    if places.ndim != 2 or places.shape[1] != 2 or not len(places) or len(places) % heads:
        raise MetricError(
            _("Places of the shape {shape} were given; [layer * {heads}, 2] was expected."),
            shape=str(places.shape),
            heads=heads,
        )
    theme, layers = style.theme, len(places) // heads
    colours = layer_colours(layers, theme)
    names = [wording.layer.format(layer=layer + 1) for layer in range(layers)]
    legend = max(text_length(name, NORMAL) for name in names) + 0.5
    top = 2 * _EDGE + inches(1.2 * LARGE)
    wide = max(_EDGE + _PLANE + legend, text_length(wording.title, LARGE) + 2 * _EDGE)
    builder = FigureBuilder(wide, top + max(_PLANE, 0.3 * layers) + _EDGE, style)
    axes = builder.axes(_EDGE, top, _PLANE, _PLANE)
    for layer, colour in enumerate(colours):
        points = places[layer * heads : (layer + 1) * heads]
        axes.scatter(
            points[:, 0], points[:, 1], s=_LARGE_DOT, color=colour, edgecolors=theme.text, linewidths=0.4
        )
    for index, (x, y) in enumerate(places):
        name = f"{index // heads + 1}.{index % heads + 1}"
        builder.annotate(axes, name, (float(x), float(y)), size=0.75 * SMALL)
    if chosen is not None:
        x, y = places[chosen]
        axes.scatter([x], [y], s=4 * _LARGE_DOT, facecolors="none", edgecolors=theme.accent, linewidths=2)
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.06)
    no_ticks(axes)
    builder.outline(axes, 0.4)
    for layer, (name, colour) in enumerate(zip(names, colours, strict=True)):
        down = top + 0.3 * layer
        mark = builder.axes(2 * _EDGE + _PLANE, down, 0.16, 0.16)
        mark.set_axis_off()
        mark.scatter([0], [0], s=_LARGE_DOT, color=colour, edgecolors=theme.text, linewidths=0.4)
        builder.write(name, 2 * _EDGE + _PLANE + 0.24, down)
    builder.title(wording.title, _EDGE, _EDGE)
    return builder.finish()
