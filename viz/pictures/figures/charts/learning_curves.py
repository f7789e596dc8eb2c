"""How a model learns: its loss falling and its accuracy rising over the steps, beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from viz.attention import Weights
from viz.errors import MetricError
from viz.language import _
from viz.pictures.figures.base.canvas import LARGE, NORMAL, SMALL, inches, text_length
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_style import PLAIN, Style
from viz.pictures.figures.base.plot_axes import numbered, open_frame

_WIDE, _HIGH = 2.35, 1.5  # inches, as all lengths here: one of the two axes
_EDGE = 0.12
_NUMBERS = 0.55
_FEW = 30  # looks: each is a dot
_LINE = inches(1.3 * NORMAL)


@dataclass(frozen=True)
class LearningText:
    """What the picture says, already translated: its title, the name of each curve, and what counts the steps."""

    title: str
    loss: str
    accuracy: str
    steps: str


def learning(
    steps: Sequence[int],
    loss: Weights,
    accuracy: Weights,
    wording: LearningText,
    style: Style = PLAIN,
    *,
    passed: float | None = None,
    chosen: int | None = None,
) -> Figure:
    """Draw `loss` (nats) and `accuracy` (0 to 1), both [look], over the `steps` of the looks.

    A value that is NaN is left out. A dotted line stands at the accuracy `passed`, a vertical one at the step `chosen`.
    Raises `MetricError` where there is no look, or another number of values than of steps.
    """
    if not len(steps) or loss.shape != (len(steps),) or accuracy.shape != (len(steps),):
        raise MetricError(
            _(
                "{steps} steps were given with {loss} losses and {accuracy} accuracies; one of each was expected."
            ),
            steps=len(steps),
            loss=loss.size,
            accuracy=accuracy.size,
        )
    top = 2 * _EDGE + inches(1.3 * LARGE)
    pitch = _NUMBERS + _WIDE + _EDGE
    wide = max(2 * pitch + _EDGE, text_length(wording.title, LARGE) + 2 * _EDGE)
    builder = FigureBuilder(wide, top + _LINE + _HIGH + 3 * _LINE + _EDGE, style)
    builder.title(wording.title, _EDGE, _EDGE)
    theme, (blue, orange) = style.theme, style.theme.signs
    for column, (name, values, colour) in enumerate(
        zip((wording.loss, wording.accuracy), (loss, accuracy), (orange, blue), strict=True)
    ):
        left = column * pitch + _NUMBERS
        builder.write(name, left, top)
        axes = builder.axes(left, top + _LINE, _WIDE, _HIGH)
        marker = "o" if len(steps) < _FEW else ""
        axes.plot(steps, values, color=colour, linewidth=1.8, marker=marker, markersize=3)
        open_frame(builder, axes)
        axes.set_xlim(0, max(1, steps[-1]))
        axes.set_ylim(0, 1.04 if column else None)
        if column and passed is not None:
            axes.axhline(passed, color=theme.text, linestyle=":", linewidth=1)
        if chosen is not None:
            axes.axvline(chosen, color=theme.accent, linewidth=1.2)
        numbered(axes, style)
        builder.name_axes(axes, wording.steps, size=SMALL)
    return builder.finish()
