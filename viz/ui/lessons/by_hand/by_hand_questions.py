"""What to try on the example, and three questions whose answers come from the numbers that are set."""

from viz.lessons.by_hand.by_hand_answers import ask_division, ask_most, ask_score
from viz.lessons.by_hand.decimals import Exact
from viz.lessons.by_hand.small_example import ByHand, Steps, divisor
from viz.lessons.by_hand.sums import Sums, plain
from viz.ui.lessons.by_hand.example_state import change, current
from viz.ui.lessons.lesson_frame import Question, question, questions, try_this
from viz.ui.wording.plain_text import code_span


def tries(names: tuple[str, ...]) -> None:
    """Steps to do in order, each with a button that sets it up."""
    first, second, third = (code_span(name) for name in names[:3])
    try_this(
        _make_same,
        lambda: change(temperature=0.1),
        lambda: change(causal=True),
        lambda: change(w_q=((0.0, 0.0), (0.0, 0.0)), causal=False),
        lambda: change(d_k=512),
        first=first,
        second=second,
        third=third,
    )


def ask(setup: ByHand, names: tuple[str, ...], exact: Exact, sums: Sums, all_steps: Steps) -> None:
    """Three questions about the numbers on the page."""
    shown = tuple(code_span(name) for name in names)
    questions(_about_score(shown, exact, sums), _about_most(shown, all_steps), _about_division(setup, shown))


def _about_score(names: tuple[str, ...], exact: Exact, sums: Sums) -> Question:
    asked = ask_score(exact)
    query, key = names[asked.query], names[asked.key]
    return question(
        "Question: a score",
        asked.right,
        asked.options,
        query=query,
        key=key,
        sum=plain(sums["scores"][asked.query][asked.key]),
    )


def _about_most(names: tuple[str, ...], all_steps: Steps) -> Question:
    asked = ask_most(all_steps)
    if asked is None:
        return question("Question: no largest weight", 0, tokens=len(names))
    return question(
        "Question: the largest weight",
        asked.key,
        names,
        query=names[asked.query],
        key=names[asked.key],
        weight=asked.weight,
    )


def _about_division(setup: ByHand, names: tuple[str, ...]) -> Question:
    asked = ask_division(setup)
    return question(
        "Question: without the division" if setup.scale else "Question: with the division",
        {1: 0, -1: 1, 0: 2}[asked.change],
        (),
        1 if asked.change else 2,
        query=names[asked.query],
        before=asked.now,
        after=asked.switched,
        off=divisor(False, setup.temperature),
        on=divisor(True, setup.temperature),
    )


def _make_same() -> None:
    x = current().x
    change(x=(x[0], x[0], *x[2:]))
