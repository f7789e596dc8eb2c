"""How alike heads are: all of them as points on a plane, coloured by layer, and their distances as a matrix."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.axis_names import no_ticks
from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.palette import layer_colours

_SIDE = 7.0  # inches
_EDGE = 0.15
_DOT = 60.0  # points squared


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
    wide = max(_EDGE + _SIDE + legend, text_length(wording.title, LARGE) + 2 * _EDGE)
    builder = FigureBuilder(wide, top + max(_SIDE, 0.3 * layers) + _EDGE, style)
    axes = builder.axes(_EDGE, top, _SIDE, _SIDE)
    for layer, colour in enumerate(colours):
        points = places[layer * heads : (layer + 1) * heads]
        axes.scatter(points[:, 0], points[:, 1], s=_DOT, color=colour, edgecolors=theme.text, linewidths=0.4)
    for index, (x, y) in enumerate(places):
        name = f"{index // heads + 1}.{index % heads + 1}"
        builder.annotate(axes, name, (float(x), float(y)), size=0.75 * SMALL)
    if chosen is not None:
        x, y = places[chosen]
        axes.scatter([x], [y], s=4 * _DOT, facecolors="none", edgecolors=theme.accent, linewidths=2)
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.06)
    no_ticks(axes)
    builder.outline(axes, 0.4)
    for layer, (name, colour) in enumerate(zip(names, colours, strict=True)):
        down = top + 0.3 * layer
        mark = builder.axes(2 * _EDGE + _SIDE, down, 0.16, 0.16)
        mark.set_axis_off()
        mark.scatter([0], [0], s=_DOT, color=colour, edgecolors=theme.text, linewidths=0.4)
        builder.write(name, 2 * _EDGE + _SIDE + 0.24, down)
    builder.title(wording.title, _EDGE, _EDGE)
    return builder.finish()
