"""What to try on the example, and three questions whose answers come from the numbers that are set."""

from viz.lessons.by_hand.by_hand_answers import ask_division, ask_most, ask_score
from viz.lessons.by_hand.decimals import Exact
from viz.lessons.by_hand.small_example import ByHand, Steps, divisor
from viz.lessons.by_hand.sums import Sums, plain
from viz.ui.lessons.by_hand.example_state import change, current
from viz.ui.lessons.lesson_frame import Question, Step, questions, try_this
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span


def tries(names: tuple[str, ...]) -> None:
    """Steps to do in order, each with a button that sets it up."""
    first, second, third = (code_span(name) for name in names[:3])
    try_this(
        Step(
            tr(
                "Make {first} and {second} the same: give both rows of X the same numbers. "
                "In A, their two rows become equal, and so do their two columns.",
                first=first,
                second=second,
            ),
            _make_same,
        ),
        Step(
            tr(
                "Set the temperature to 0.1. Each row of A puts nearly all its weight on one token. "
                "At 5, all tokens count almost the same."
            ),
            lambda: change(temperature=0.1),
        ),
        Step(
            tr(
                "Switch the causal mask on. {first} sees only itself: its weight is 1, and its row of O is "
                "its row of V.",
                first=first,
            ),
            lambda: change(causal=True),
        ),
        Step(
            tr(
                "Set W_Q to zeros. Every score is 0, so all weights are equal, and every token gets the same new "
                "vector. Which number do you have to change so that {third} looks at one token most?",
                third=third,
            ),
            lambda: change(w_q=((0.0, 0.0), (0.0, 0.0)), causal=False),
        ),
        Step(
            tr(
                "Set d_k to 512 in the second part and draw other vectors a few times: without the division, one key "
                "gets nearly everything each time."
            ),
            lambda: change(d_k=512),
        ),
    )


def ask(setup: ByHand, names: tuple[str, ...], steps: Exact, sums: Sums, all_steps: Steps) -> None:
    """Three questions about the numbers on the page."""
    shown = tuple(code_span(name) for name in names)
    questions(_about_score(shown, steps, sums), _about_most(shown, all_steps), _about_division(setup, shown))


def _about_score(names: tuple[str, ...], steps: Exact, sums: Sums) -> Question:
    asked = ask_score(steps)
    query, key = names[asked.query], names[asked.key]
    return Question(
        tr("What is the score of the query of {query} and the key of {key}?", query=query, key=key),
        list(asked.options),
        asked.right,
        tr(
            "The row of {query} in Q times the row of {key} in K: {sum}.",
            query=query,
            key=key,
            sum=plain(sums["scores"][asked.query][asked.key]),
        ),
    )


def _about_most(names: tuple[str, ...], all_steps: Steps) -> Question:
    asked = ask_most(all_steps)
    count = len(names)
    if asked is None:
        return Question(
            tr("What do the weights of one row of A sum to?"),
            ["1", "2", str(count)],
            0,
            tr(
                "Softmax divides by the sum of the row, so every row sums to 1. With these numbers no token has a "
                "single largest weight; change one to see it."
            ),
        )
    return Question(
        tr("Whose value counts most in the new vector of {query}?", query=names[asked.query]),
        list(names),
        asked.key,
        tr(
            "In the row of {query} in A, {key} has the largest weight: {weight:.3f}.",
            query=names[asked.query],
            key=names[asked.key],
            weight=asked.weight,
        ),
    )


def _about_division(setup: ByHand, names: tuple[str, ...]) -> Question:
    asked = ask_division(setup)
    query = names[asked.query]
    return Question(
        tr(
            "Without the division by √2, what would become of the largest weight in the row of {query}?",
            query=query,
        )
        if setup.scale
        else tr(
            "With the division by √2, what would become of the largest weight in the row of {query}?",
            query=query,
        ),
        [tr("It grows"), tr("It shrinks"), tr("It stays the same")],
        {1: 0, -1: 1, 0: 2}[asked.change],
        tr(
            "It goes from {before:.3f} to {after:.3f}. Divided by {off:.2f} the scores lie further apart than divided "
            "by {on:.2f}, and the further apart they lie, the more softmax gives to the largest.",
            before=asked.now,
            after=asked.switched,
            off=divisor(False, setup.temperature),
            on=divisor(True, setup.temperature),
        )
        if asked.change
        else tr(
            "It stays at {before:.3f}: the scores of each row are equal, or so far apart that one has all "
            "the weight already.",
            before=asked.now,
        ),
    )


def _make_same() -> None:
    x = current().x
    change(x=(x[0], x[0], *x[2:]))
