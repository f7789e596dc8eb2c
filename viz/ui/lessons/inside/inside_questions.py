"""What to try inside the model, and three questions whose answers come from the numbers on the page."""

import numpy as np
from scipy.special import softmax

from viz.lessons.inside.word_order import Swapped
from viz.ui.lessons.inside.inside_subject import Subject, pick_query
from viz.ui.lessons.inside.order_pictures import in_chinese, same
from viz.ui.lessons.inside.output_steps import measured
from viz.ui.lessons.lesson_frame import Question, change_settings, question, questions, try_this
from viz.ui.lessons.lesson_prose import points
from viz.ui.session import change, tr, view
from viz.ui.wording.plain_text import code_span


def tries(subject: Subject) -> None:
    """Steps to do in order."""
    heads = subject.layer.heads
    turned = {"one": "the old man bites the dog", "other": "the man bites the old dog"}
    try_this(
        lambda: pick_query(0),
        lambda: change(head=(view().head + 1) % heads),
        None,
        lambda: change_settings(**turned),
        in_chinese,
    )


def ask(subject: Subject, swapped: Swapped | None) -> None:
    """Three questions about the numbers on the page."""
    questions(_about_ratio(subject), _about_scale(subject), _about_order(subject, swapped))


def notes(subject: Subject, swapped: Swapped | None) -> list[str]:
    """What to remember, for the handout: plain sentences with the page's numbers."""
    weights = subject.asked.weights
    sentences = points(
        "To remember",
        dim=subject.layer.dim,
        head=subject.title,
        token=subject.queries[subject.query],
        key=subject.keys[int(weights.argmax())],
        weight=float(weights.max()),
        off=subject.layer.weights_off,
    )
    return sentences if swapped is not None and same(swapped) else sentences[:-1]


def _about_ratio(subject: Subject) -> Question:
    """A difference of scores is a ratio of weights."""
    one = subject.asked
    first, second = (int(key) for key in np.argsort(-one.scores, kind="stable")[:2])
    if len(one.scores) < 2 or np.isneginf(one.scores[second]):
        return question("Question: a single key", 1, token=subject.asks)
    gap = float(one.scores[first] - one.scores[second])
    times = float(np.exp(gap))
    options = [f"{gap:.2f}", f"{times:.2f}"]
    if options[0] == options[1]:
        options[0] = f"{times + 1:.2f}"
    return question(
        "Question: the ratio",
        1,
        [*options, tr("One cannot know without the other scores.")],
        token=subject.asks,
        first=code_span(subject.keys[first]),
        second=code_span(subject.keys[second]),
        gap=gap,
        times=times,
        one=float(one.weights[first]),
        other=float(one.weights[second]),
    )


def _about_scale(subject: Subject) -> Question:
    """What the division does to the strongest weight of this query."""
    one, dim = subject.asked, subject.layer.dim
    scores = one.scores.astype(np.float64)
    divided = subject.layer.factor != 1
    other = scores + one.raw * (1 - subject.layer.factor) if divided else scores - one.raw * (1 - dim**-0.5)
    top, before = float(softmax(other).max()), float(one.weights.max())
    right = 0 if top > before + 5e-5 else 1 if top < before - 5e-5 else 2
    return question("Question: not divided" if divided else "Question: divided", right, now=before, then=top)


def _about_order(subject: Subject, swapped: Swapped | None) -> Question:
    """What is left of the order without position; where that is not known, how heads add up."""
    if swapped is None:
        return _about_lengths(subject)
    told, untold = (float(difference) for difference in swapped.differs.max(axis=1))
    lost = same(swapped)
    return question(
        "Question: the order",
        1 if lost else 2,
        (),
        1 if lost else 2,
        count=len(swapped.one),
        told=told,
        untold=untold,
    )


def _about_lengths(subject: Subject) -> Question:
    parts, _shares, lengths = measured(subject)
    whole, added = float(np.linalg.norm(parts.sum(axis=0))), float(lengths.sum())
    return question("Question: the lengths", 1, added=added, whole=whole, both=added + whole)
