"""What to try while a model learns, and three questions about the training that is set, or done."""

from collections.abc import Callable

from viz.lessons.training.learner import Setting, Training, example
from viz.ui.lessons.lesson_frame import Question, Step, questions, try_this
from viz.ui.lessons.training.model_answers import signs_of
from viz.ui.lessons.training.task_words import needed_of, title_of
from viz.ui.lessons.training.training_pictures import even_share, strongest
from viz.ui.session import tr


def tries(set_up: Callable[[Setting], None]) -> None:
    """Steps to do in order, each with a button that sets it up."""
    try_this(
        Step(
            tr("Reverse with one head, then with two. Do you need two heads? How do they share the work?"),
            lambda: set_up(Setting("reverse", 8, 1, 1, 0)),
        ),
        Step(
            tr(
                "Stop when about half of the held-out sequences are right, and look at the maps: which part of the "
                "line is there already? Then go on."
            )
        ),
        Step(
            tr("Copy. Every answer becomes right, but no clear line appears. Where do the digits come from?"),
            lambda: set_up(Setting("copy", 8, 1, 2, 0)),
        ),
        Step(
            tr("Sort. It takes more steps than reversing: what does a place have to know to find its digit?"),
            lambda: set_up(Setting("sort", 8, 1, 2, 0)),
        ),
        Step(
            tr(
                "Match brackets with one layer, then with three layers of four heads. How far does one layer get?"
            ),
            lambda: set_up(Setting("brackets", 8, 1, 2, 0)),
        ),
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
    return Question(
        tr(
            "The task is “{task}”, and the sequence is ` {given} `. What is the right answer at place {place}?",
            task=title_of(setting.task),
            given=signs,
            place=place + 1,
        ),
        tuple(options),
        options.index(right[place]),
        tr("The whole answer is ` {answer} `.", answer=" ".join(right)),
    )


def _about_guessing(state: Training) -> Question:
    setting, first = state.setting, state.looks[0]
    count = len(setting.asked.labels(setting.length))
    options = (
        tr("1 in {count:,}", count=count),
        tr("1 in {count:,}", count=count * setting.length),
        tr("1 in {count:,}", count=count**setting.length),
    )
    explains = tr(
        "{count} possible answers at each of {length} places: {count} to the power of {length}. Before the first step "
        "this model had {before:.1%} of the held-out sequences right, at step {step} {now:.1%}.",
        count=count,
        length=setting.length,
        before=first.accuracy,
        step=state.step,
        now=state.looks[-1].accuracy,
    )
    return Question(
        tr(
            "Somebody who guesses chooses among {count} answers at each of the {length} places. How "
            "often is the whole sequence right?",
            count=count,
            length=setting.length,
        ),
        options,
        2,
        explains,
    )


def _about_share(state: Training) -> Question:
    setting, last = state.setting, state.looks[-1]
    even = even_share(setting)
    head, share = strongest(setting, last)
    return Question(
        tr(
            "A head that looks at every place alike: how much of its attention is on {places}, on the example?",
            places=needed_of(setting.task),
        ),
        (f"{1:.1%}", f"{even:.1%}", f"{0.5:.1%}"),
        1,
        tr(
            "Each of the {length} places gets one {length}th. After {step} steps {head} gives {share:.1%} to {places}: "
            "what is above {even:.1%} it has learned.",
            length=setting.length,
            step=last.step,
            head=head,
            share=share,
            even=even,
            places=needed_of(setting.task),
        ),
    )
