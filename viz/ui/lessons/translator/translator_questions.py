"""The lesson's words on how a translator works, what to try, and its questions, answered by the sentence shown."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import streamlit as st

from viz.lessons.translator.translation import EXAMPLES, FOLDER, Translating, Translation
from viz.lessons.translator.translator_facts import read_facts
from viz.ui.lessons.lesson_frame import Question, keep_settings, question, questions, try_this
from viz.ui.lessons.lesson_prose import say
from viz.ui.session import tr

_MOST_OPTIONS = 6
_CLEAR = 0.6  # a weight that leaves no doubt where it looks


def how_it_works() -> None:
    """Encoder, decoder, mask, teacher forcing, and how this one was trained."""
    facts = read_facts(FOLDER)
    st.header(tr("How it works"), anchor=False, divider="gray")
    say(
        "How it works",
        weights=facts.weights,
        minutes=facts.minutes,
        phrases=facts.training,
        held_out=facts.held_out,
        exact=facts.exact,
    )


def tries() -> None:
    """What to try; each sets up a sentence of its own."""
    try_this(
        _sets(EXAMPLES[3], 4),
        _sets(EXAMPLES[4], 2),
        _sets(EXAMPLES[5], 3),
        _sets(EXAMPLES[0], 6, head=1),
    )


def _sets(sentence: str, step: int, head: int = 0) -> Callable[[], None]:
    return lambda: keep_settings(replace(Translating(), sentence=sentence, step=step, head=head))


def ask(translation: Translation) -> None:
    """Three questions on the sentence shown."""
    place = turning(translation)
    questions(_where(translation, place), _how_many(translation, place), _runs(translation))


def turning(translation: Translation) -> int:
    """The step, from 0, after which the decoder goes furthest back in the French, where it looks at one word clearly.

    The step of its largest weight where it never goes back.
    """
    weights = translation.cross[-1].mean(axis=0)[:-1]  # the last says the end mark
    if len(weights) < 2:
        return 0
    looked, clear = weights.argmax(axis=-1), weights.max(axis=-1)
    back = [
        int(before) - int(after) if sure >= _CLEAR else 0
        for (before, after), sure in zip(pairwise(looked), clear, strict=False)
    ]
    return back.index(max(back)) if max(back) > 0 else int(clear.argmax())


def _where(translation: Translation, place: int) -> Question:
    weights = translation.cross[-1].mean(axis=0)[place]
    keys = translation.source.labels
    right = int(weights.argmax())
    places = sorted({right, *weights.argsort()[::-1][:_MOST_OPTIONS].tolist()})
    return question(
        "Question: where it looks",
        places.index(right),
        [keys[place] for place in places],
        word=translation.steps[place].word,
        share=float(weights[right]),
        french=keys[right],
    )


def _how_many(translation: Translation, place: int) -> Question:
    counts = sorted({place + 1, len(translation.steps), len(translation.source)})
    seen = place + 1
    if len(counts) < 3:
        counts = sorted({*counts, seen + 1, seen + 2})[:3]
    return question(
        "Question: how many",
        counts.index(seen),
        [str(count) for count in counts],
        word=translation.steps[place].word,
        count=seen,
    )


def _runs(translation: Translation) -> Question:
    return question("Question: how often", 1, count=len(translation.steps))
