"""What to try while a model learns, and three questions about the training that is set, or done."""

from collections.abc import Callable

from viz.lessons.training.learner import Setting, Training, example
from viz.ui.lessons.lesson_frame import Question, question, questions, try_this
from viz.ui.lessons.training.model_answers import signs_of
from viz.ui.lessons.training.task_words import needed_of, title_of
from viz.ui.lessons.training.training_pictures import even_share, strongest


def tries(set_up: Callable[[Setting], None]) -> None:
    """Steps to do in order, each with a button that sets it up."""
    try_this(
        lambda: set_up(Setting("reverse", 8, 1, 1, 0)),
        None,
        lambda: set_up(Setting("copy", 8, 1, 2, 0)),
        lambda: set_up(Setting("sort", 8, 1, 2, 0)),
        lambda: set_up(Setting("brackets", 8, 1, 2, 0)),
    )


def ask(state: Training) -> None:
    """Three questions about the training that is set."""
    questions(_about_answer(state.setting), _about_guessing(state), _about_share(state))


def _about_answer(setting: Setting) -> Question:
    ids, labels = example(setting), setting.asked.labels(setting.length)
    right = [labels[label] for label in setting.asked.answer(ids)[0]]
    place = next((place for place in range(1, len(right)) if right[place] != right[0]), 1)
    options = list(dict.fromkeys([right[place], right[0], *right, *labels]))[:4]
    options.sort(key=labels.index)
    signs = " ".join(signs_of(setting, ids))
    return question(
        "Question: an answer",
        options.index(right[place]),
        options,
        task=title_of(setting.task),
        given=signs,
        place=place + 1,
        answer=" ".join(right),
    )


def _about_guessing(state: Training) -> Question:
    setting, first = state.setting, state.looks[0]
    count = len(setting.asked.labels(setting.length))
    return question(
        "Question: guessing",
        2,
        count=count,
        length=setting.length,
        product=count * setting.length,
        power=count**setting.length,
        before=first.accuracy,
        step=state.step,
        now=state.looks[-1].accuracy,
    )


def _about_share(state: Training) -> Question:
    setting, last = state.setting, state.looks[-1]
    head, share = strongest(setting, last)
    return question(
        "Question: an even head",
        1,
        places=needed_of(setting.task),
        even=even_share(setting),
        length=setting.length,
        step=last.step,
        head=head,
        share=share,
    )
