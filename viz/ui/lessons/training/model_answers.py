"""What the model in training answers: for its example, and for a sequence that a person typed."""

from collections.abc import Sequence

import streamlit as st

from viz.errors import InputError
from viz.lessons.training.learner import Setting, Training, example, read_by
from viz.lessons.training.toy_tasks import Ids, read
from viz.ui.lessons.lesson_prose import prose
from viz.ui.session import tr
from viz.ui.wording.plain_text import message_of


def answers(state: Training, typed: str) -> None:
    """The answer of the model as it stands, beside the right one, for what was `typed`, else for the example."""
    setting = state.setting
    ids = example(setting)
    if typed.strip():
        try:
            ids = read(setting.asked, setting.length, typed)
        except InputError as error:
            st.warning(message_of(error), icon=":material/edit:")
            return
    answered = read_by(state, ids).labels[0]
    right = setting.asked.answer(ids)[0]
    labels = setting.asked.labels(setting.length)
    rows = [
        (signs_of(setting, ids), tr("given")),
        ([labels[label] for label in answered], tr("the model")),
        ([labels[label] for label in right], tr("right")),
    ]
    wrong, step = (answered != right).tolist(), state.looks[-1].step
    if any(wrong):
        rows.append((["^" if place else "" for place in wrong], tr("wrong")))
    st.code(aligned(rows), language=None)
    if any(wrong):
        st.caption(prose("Wrong places", step=step, wrong=sum(wrong), count=setting.length))
    else:
        st.caption(tr("After {step} steps, every place is right.", step=step))


def signs_of(setting: Setting, ids: Ids) -> list[str]:
    """The signs of one sequence, [1, place]."""
    return [setting.asked.symbols[symbol] for symbol in ids[0]]


def aligned(rows: Sequence[tuple[Sequence[str], str]]) -> str:
    """Signs below each other, a line for each row, and behind them the row's name: it may be of any width."""
    wide = max(len(sign) for signs, _name in rows for sign in signs)
    return "\n".join(" ".join(sign.ljust(wide) for sign in signs) + "   " + name for signs, name in rows)
