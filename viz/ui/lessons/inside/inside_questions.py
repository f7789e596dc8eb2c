"""What to try inside the model, and three questions whose answers come from the numbers on the page."""

import numpy as np

from viz.lessons.inside.word_order import Swapped
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside.inside_subject import Subject, pick_query
from viz.ui.lessons.inside.order_pictures import in_chinese, same
from viz.ui.lessons.inside.output_steps import measured
from viz.ui.session import change, tr, view
from viz.ui.wording.plain_text import code_span


def tries(subject: Subject) -> None:
    """Steps to do in order."""
    heads = subject.layer.heads
    lesson_frame.try_this(
        lesson_frame.Step(
            tr(
                "Make the first token the query. Find in the cells which dimensions of its query "
                "make its largest score."
            ),
            lambda: pick_query(0),
        ),
        lesson_frame.Step(
            tr(
                "Take the next head. The same token has another q there, and other keys fit: each "
                "head has its own W_Q and W_K."
            ),
            lambda: change(head=(view().head + 1) % heads),
        ),
        lesson_frame.Step(
            tr(
                "Find a key with a large weight and a small row of weight × v: the token is looked at, but little is "
                "taken from it."
            )
        ),
        lesson_frame.Step(
            tr("Swap more words: both sentences of the last part with an adjective that changes its place."),
            lambda: lesson_frame.change_settings(
                one="the old man bites the dog", other="the man bites the old dog"
            ),
        ),
        lesson_frame.Step(tr("The same in Chinese, with the multilingual model."), in_chinese),
    )


def ask(subject: Subject, swapped: Swapped | None) -> None:
    """Three questions about the numbers on the page."""
    lesson_frame.questions(_about_ratio(subject), _about_scale(subject), _about_order(subject, swapped))


def notes(subject: Subject, swapped: Swapped | None) -> tuple[str, ...]:
    """What to remember, for the handout: plain sentences with the page's numbers."""
    one = subject.asked
    points = [
        tr("A score is a query times a key, added up over {dim} dimensions.", dim=subject.layer.dim),
        tr(
            "In {head}, {token} gives {key} the largest weight, {weight}.",
            head=subject.title,
            token=subject.queries[subject.query],
            key=subject.keys[int(one.weights.argmax())],
            weight=f"{float(one.weights.max()):.1%}",
        ),
        tr(
            "Computed again from q, k and v, the layer's weights differ from the model's by at most {off}.",
            off=f"{subject.layer.weights_off:.1e}",
        ),
    ]
    if swapped is not None and same(swapped):
        points.append(tr("Without position the same words in another order get the same weights, permuted."))
    return tuple(points)


def _about_ratio(subject: Subject) -> lesson_frame.Question:
    """A difference of scores is a ratio of weights."""
    one = subject.asked
    first, second = (int(key) for key in np.argsort(-one.scores, kind="stable")[:2])
    if len(one.scores) < 2 or np.isneginf(one.scores[second]):
        return lesson_frame.Question(
            tr("{token} sees one key only. What is its weight?", token=subject.asks),
            ("0", "1", tr("It depends on the score.")),
            1,
            tr("Softmax makes the weights sum to 1: a single one is 1, whatever its score."),
        )
    gap = float(one.scores[first] - one.scores[second])
    times = float(np.exp(gap))
    options = [f"{gap:.2f}", f"{times:.2f}"]
    if options[0] == options[1]:
        options[0] = f"{times + 1:.2f}"
    return lesson_frame.Question(
        tr(
            "{token} is the query. The score of {first} is {gap} higher than that of {second}. How "
            "many times its weight does it get?",
            token=subject.asks,
            first=code_span(subject.keys[first]),
            second=code_span(subject.keys[second]),
            gap=f"{gap:.2f}",
        ),
        (*options, tr("One cannot know without the other scores.")),
        1,
        tr(
            "Softmax raises e to each score and divides all by one sum, which cancels: e^{gap} = {times}. The weights "
            "are {one} and {other}.",
            gap=f"{gap:.2f}",
            times=f"{times:.2f}",
            one=f"{float(one.weights[first]):.2%}",
            other=f"{float(one.weights[second]):.2%}",
        ),
    )


def _about_scale(subject: Subject) -> lesson_frame.Question:
    """What the division does to the strongest weight of this query."""
    one, dim = subject.asked, subject.layer.dim
    scores = one.scores.astype(np.float64)
    divided = subject.layer.factor != 1
    other = scores + one.raw * (1 - subject.layer.factor) if divided else scores - one.raw * (1 - dim**-0.5)
    changed = np.exp(other - other.max())
    changed /= changed.sum()
    top, before = float(changed.max()), float(one.weights.max())
    right = 0 if top > before + 5e-5 else 1 if top < before - 5e-5 else 2
    values = {"now": f"{before:.1%}", "then": f"{top:.1%}"}
    asks = (
        tr(
            "The largest weight here is {now}. What would it be if the scores were not divided by √d_k?",
            **values,
        )
        if divided
        else tr(
            "The largest weight here is {now}. What would it be if the scores were divided by √d_k?", **values
        )
    )
    return lesson_frame.Question(
        asks,
        (tr("Larger"), tr("Smaller"), tr("The same")),
        right,
        tr(
            "It would be {then}, computed from the same q and k. Larger scores lie farther apart, and softmax then "
            "gives nearly everything to one key; dividing keeps the weights soft.",
            **values,
        ),
    )


def _about_order(subject: Subject, swapped: Swapped | None) -> lesson_frame.Question:
    """What is left of the order without position; where that is not known, how heads add up."""
    if swapped is None:
        return _about_lengths(subject)
    told, untold = (float(each) for each in swapped.differs.max(axis=1))
    equal = same(swapped)
    return lesson_frame.Question(
        tr("Position is switched off. What becomes of the weights of the two sentences?"),
        (
            tr("They become all equal, 1 / {count} each.", count=len(swapped.one)),
            tr("They are the same in both sentences, permuted with the words."),
            tr("They stay different in both sentences."),
        ),
        1 if equal else 2,
        tr(
            "With position they differ by up to {told}, without by {untold}. Words still differ from each other, so "
            "weights do not become equal; only where a word stands is no longer known.",
            told=f"{told:.2f}",
            untold=f"{untold:.1e}",
        )
        if equal
        else tr(
            "With position they differ by up to {told}, without still by {untold}: in this model what a token sees "
            "depends on its place.",
            told=f"{told:.2f}",
            untold=f"{untold:.2f}",
        ),
    )


def _about_lengths(subject: Subject) -> lesson_frame.Question:
    parts, _shares, lengths = measured(subject)
    whole, added = float(np.linalg.norm(parts.sum(axis=0))), float(lengths.sum())
    return lesson_frame.Question(
        tr("The lengths of all heads' parts add up to {added}. How long is their sum?", added=f"{added:.2f}"),
        (f"{added:.2f}", f"{whole:.2f}", f"{added + whole:.2f}"),
        1,
        tr("Vectors in different directions add up to a shorter one: {whole}.", whole=f"{whole:.2f}"),
    )
