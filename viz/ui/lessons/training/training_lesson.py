"""Watch it learn: a tiny Transformer trained in the page, with its curves and its attention as they change."""

import time
from dataclasses import asdict, replace
from typing import Annotated, Any

import streamlit as st
from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from viz.lessons.training.learner import MOST_SEED, Setting, Training, example
from viz.lessons.training.toy_tasks import LONGEST, SHORTEST, TASKS
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_frame import Panel, bound, button, segments
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.lessons.training.model_answers import signs_of
from viz.ui.lessons.training.shared_training import LANE, key_of, making, reached, untrained
from viz.ui.lessons.training.task_words import title_of
from viz.ui.lessons.training.training_pictures import draw_curves, draw_maps, live, replay
from viz.ui.lessons.training.training_questions import ask, tries
from viz.ui.progress import work
from viz.ui.progress.work import run_work
from viz.ui.session import tr, view
from viz.ui.streamlit_gaps import session_id

LAYERS = (1, 2, 3)
HEADS = (1, 2, 4)

_AGAIN = "atlas_training_again"  # the setting that this session trains for itself, and what tells its training apart
_BEGINS = "atlas_training_begins"  # the key of the training that the person has just started


@checked(frozen=True)
class Learning(Setting):
    """What is set on the page: the training, and a sequence that the person typed, "" for the example's."""

    typed: Annotated[str, Field(max_length=60)] = ""

    @property
    def setting(self) -> Setting:
        """All that the training depends on."""
        return Setting(self.task, self.length, self.layers, self.heads, self.seed)


def show() -> None:
    """The whole lesson below its title."""
    setup = lesson_frame.settings(Learning)
    say("Beginning", count=len(untrained(setup.setting).flat))
    if not view().present:
        _controls(setup)
    say(f"Task: {setup.task}")
    st.info(prose(f"Expected: {setup.task}"), icon=":material/visibility:")
    _training(setup)
    state = reached(_key(setup)) or untrained(setup.setting)
    tries(lambda setting: change(**asdict(setting)))
    ask(state)
    first, last = state.looks[0], state.looks[-1]
    panels = [
        Panel(tr("Before the first step."), draw_maps(setup.setting, first)),
        Panel(
            tr("A row is a place of the answer, a column one of what is given."),
            draw_maps(setup.setting, last),
        ),
        Panel(tr("The loss falls, the share of right answers rises."), draw_curves(state)),
    ]
    sentence = f"{title_of(setup.task)}: {' '.join(signs_of(setup.setting, example(setup.setting)))}"
    lesson_frame.end(*(panels if state.step else panels[:1]), sentence=sentence)


def change(**fields: Any) -> None:
    """Set up something else; a training of another setting is stopped, and kept."""
    before = lesson_frame.settings(Learning)
    after = replace(before, **fields)
    if after.setting != before.setting:
        work.stop(_key(before))
    lesson_frame.keep_settings(after)


def _key(setup: Learning) -> work.Key:
    setting, again = st.session_state.get(_AGAIN, (None, ""))
    return key_of(setup.setting, again if setting == setup.setting else "")


def _once_more(setting: Setting) -> None:
    """From the first step, for this session alone: others may be looking at the end of the one before."""
    st.session_state[_AGAIN] = (setting, f"{session_id()} {time.monotonic()}")
    st.session_state[_BEGINS] = key_of(*st.session_state[_AGAIN])


def _controls(setup: Learning) -> None:
    titles = {task: title_of(task) for task in TASKS}
    segments(tr("Task"), titles, "task", setup.task, change, required=True)
    with st.container(horizontal=True, gap="medium"):
        length = bound("length", setup.length, change)
        st.slider(tr("Length of a sequence"), SHORTEST, LONGEST, width=220, **length)
        for name, label, options in (
            ("layers", tr("Layers"), LAYERS),
            ("heads", tr("Heads in a layer"), HEADS),
        ):
            chosen = bound(name, getattr(setup, name), change)
            st.segmented_control(label, options, required=True, width="content", **chosen)
        st.number_input(
            tr("Seed"),
            0,
            MOST_SEED,
            help=tr(
                "It decides the first weights and the sequences. The same seed gives the same training again."
            ),
            width=130,
            **bound("seed", setup.seed, change),
        )
    signs = " ".join(signs_of(setup.setting, example(setup.setting)))
    st.text_input(
        tr("Your own sequence"),
        placeholder=tr("{count} signs, such as {example}", count=setup.length, example=signs),
        max_chars=60,
        width=460,
        **bound("typed", setup.typed, change),
    )


def _training(setup: Learning) -> None:
    setting, key = setup.setting, _key(setup)
    state = reached(key)
    begins = st.session_state.pop(_BEGINS, None) == key
    if work.not_begun(key) and not begins:
        label = tr("Go on") if state else tr("Start")
        button(label, "play_arrow", lambda: st.session_state.update({_BEGINS: key}), "start", type="primary")

    def progress() -> str:
        latest = reached(key) or untrained(setting)
        return tr(
            "Step {step} · {share:.0%} of the held-out sequences right",
            step=latest.step,
            share=latest.looks[-1].accuracy,
        )

    finished = run_work(
        key,
        making(key, setting),
        doing=tr("Training: {task}", task=title_of(setup.task)),
        start=begins,
        lane=LANE,
        said=progress,
        meanwhile=lambda: live(reached(key) or untrained(setting), setup.typed),
        to_stop=tr("Stop training"),
    )
    if finished is None and work.running(key):
        return  # it draws itself
    if finished is not None:
        _say_end(setup, finished)
    elif state is None:
        st.caption(prose("Before the first step"))
    replay(finished or reached(key) or untrained(setting), setup.typed)


def _say_end(setup: Learning, state: Training) -> None:
    if state.passed_at is not None:
        st.success(prose("Learned", step=state.passed_at), icon=":material/check:")
    else:
        share = state.looks[-1].accuracy
        st.warning(prose("Not learned", step=state.step, share=share), icon=":material/hourglass_disabled:")
    with st.container(horizontal=True, gap="small"):
        button(tr("Train it again"), "replay", lambda: _once_more(setup.setting))
        next_seed = (setup.seed + 1) % (MOST_SEED + 1)
        button(tr("Train another one, with the next seed"), "casino", lambda: change(seed=next_seed))
