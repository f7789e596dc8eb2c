"""A training on the page: how far it is, its curves, every head on one sequence, and its numbers."""

from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import streamlit as st

from viz.attention.checks import Array
from viz.lessons.training.learner import PASSED, Look, Setting, Training, example, share_on, wanted
from viz.pictures.export import csv_table
from viz.pictures.figures import Draw
from viz.pictures.figures.charts.line_charts import LearningText, learning_curves
from viz.pictures.figures.heat_maps.training_maps import MapsText, training_maps
from viz.ui.exhibits.downloads import matrix_csv
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.exhibits.layout import scaled, two_pictures
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_prose import say
from viz.ui.lessons.training.model_answers import answers, signs_of
from viz.ui.lessons.training.task_words import needed_of
from viz.ui.session import tr

_METRIC = 240  # pixels


def live(state: Training, typed: str) -> None:
    """How it stands now, drawn while it goes on."""
    look = state.looks[-1]
    _numbers(state.setting, look)
    _pictures(state, look, saved=False)
    answers(state, typed)


@st.fragment
def replay(state: Training, typed: str) -> None:
    """A training that stands still: any of its looks can be brought back."""
    steps = [look.step for look in state.looks]
    step = steps[-1]
    if len(steps) > 1:
        step = st.select_slider(
            tr("Show it as it was at step"),
            steps,
            value=step,
            key=f"w_training_step_{_joined(state.setting, '_')}_{step}",
            help=tr("Move the handle, or use the arrow keys, to see how the attention came about."),
        )
    look = state.looks[steps.index(step)]
    _numbers(state.setting, look)
    _pictures(state, look, saved=True)
    answers(state, typed)
    _tables(state, look)


def shares_of(setting: Setting, look: Look) -> Array:
    """How much of its attention each head gives on the example to what is needed, [layer, head]."""
    return share_on(look.weights, wanted(setting.asked, example(setting)))


def strongest(setting: Setting, look: Look) -> tuple[str, float]:
    """The head that gives most to what is needed, by its name, and how much that is."""
    shares = shares_of(setting, look)
    layer, head = divmod(int(shares.argmax()), shares.shape[1])
    return tr("Layer {layer} · Head {head}", layer=layer + 1, head=head + 1), float(shares.max())


def even_share(setting: Setting) -> float:
    """What attention that is the same everywhere would give to what is needed."""
    keys = wanted(setting.asked, example(setting))
    return float(share_on(np.full((1, 1, *keys.shape), 1 / setting.length, dtype=np.float32), keys)[0, 0])


def draw_curves(state: Training, chosen: int | None = None) -> Draw:
    """The loss and the accuracy over all steps so far."""
    loss, accuracy = _measured(state).T
    says = LearningText(tr("How it learns"), tr("Loss (nats)"), tr("Held-out sequences right"), tr("Step"))
    steps = [look.step for look in state.looks]
    return lambda style: learning_curves(steps, loss, accuracy, says, style, passed=PASSED, chosen=chosen)


def draw_maps(setting: Setting, look: Look) -> Draw:
    """Every head on the example, as it was at one look."""
    ids, labels = example(setting), setting.asked.labels(setting.length)
    signs, answered = signs_of(setting, ids), [labels[label] for label in look.answer]
    right = (np.array(look.answer) == setting.asked.answer(ids)[0]).tolist()
    says = MapsText(_when(look), tr("Given (keys)"), tr("Answered (queries)"))
    return lambda style: training_maps(look.weights, signs, answered, right, says, style)


def _when(look: Look) -> str:
    if not look.step:
        return tr("Attention before the first step")
    return tr("Attention after {step} steps", step=look.step)


def _joined(setting: Setting, sign: str) -> str:
    return sign.join(map(str, astuple(setting)))


def _measured(state: Training) -> Array:
    """The loss and the accuracy at each look, [look, 2]."""
    return np.array([(look.loss, look.accuracy) for look in state.looks], dtype=np.float32)


def _numbers(setting: Setting, look: Look) -> None:
    with st.container(horizontal=True, gap="medium"):
        loss, narrow = "–" if np.isnan(look.loss) else f"{look.loss:.3f}", scaled(_METRIC) // 2
        st.metric(tr("Step"), f"{look.step:,}", width=narrow)
        st.metric(tr("Loss (nats)"), loss, width=narrow)
        st.metric(
            tr("Held-out sequences right"),
            f"{look.accuracy:.1%}",
            width=scaled(_METRIC),
            help=tr("It never trains on these. One counts only if its answer is right at every place."),
        )
    name, share = strongest(setting, look)
    places, even = needed_of(setting.task), even_share(setting)
    say("The strongest head", head=name, places=places, share=share, even=even)


def _pictures(state: Training, look: Look, saved: bool) -> None:
    setting = state.setting
    name = f"training-{_joined(setting, '-')}"
    left, right = two_pictures()
    with left:
        seen = tr("{when}: every head of the tiny model on the example.", when=_when(look))
        draw, table = draw_maps(setting, look), _weights_csv(look)
        Exhibit((), f"{name}-{look.step}", seen, draw, table, _when(look)).show(saved=saved)
    if not state.step:
        return  # no curve has a point yet
    with right:
        last, steps = state.looks[-1].step, [str(look.step) for look in state.looks]
        Exhibit(
            (last, look.step),
            f"{name}-curves",
            tr("The loss falls and the share of right answers rises; the same numbers are in the table."),
            draw_curves(state, look.step if look.step < last else None),
            matrix_csv(_measured(state), steps, [tr("Loss"), tr("Accuracy")], tr("Step")),
            tr("How it learns"),
        ).show(saved=saved)


def _weights_csv(look: Look) -> Callable[[], bytes]:
    columns = [tr("Layer"), tr("Head"), tr("Query"), tr("Key"), tr("Weight")]
    return lambda: csv_table(
        columns,
        ([*(number + 1 for number in cell), float(value)] for cell, value in np.ndenumerate(look.weights)),
    )


def _tables(state: Training, look: Look) -> None:
    with st.expander(tr("The numbers"), icon=":material/table_rows:"):
        left, right = two_pictures()
        shares, before = (shares_of(state.setting, one) for one in (look, state.looks[0]))
        before_title, after_title = tr("Before"), tr("After {step} steps", step=look.step)
        with left:
            st.caption(tr("Attention of each head on {places}", places=needed_of(state.setting.task)))
            layers, heads = np.indices(shares.shape).reshape(2, -1) + 1
            columns = {
                tr("Layer"): layers.tolist(),
                tr("Head"): heads.tolist(),
                before_title: before.ravel().tolist(),
                after_title: shares.ravel().tolist(),
            }
            numbers(columns, dict.fromkeys((before_title, after_title), "percent"))
        with right:
            st.caption(tr("Step by step"))
            loss, right_title = tr("Loss (nats)"), tr("Held-out right")
            curves = {
                tr("Step"): [one.step for one in state.looks],
                loss: [one.loss for one in state.looks],
                right_title: [one.accuracy for one in state.looks],
            }
            numbers(curves, {loss: "%.3f", right_title: "percent"}, 260, placeholder="–")
