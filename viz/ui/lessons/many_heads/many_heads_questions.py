"""What to try with heads, what to remember, and three questions whose answers are computed."""

from viz.attention import AttentionResult
from viz.lessons.many_heads.role_examples import RoleExample
from viz.lessons.many_heads.width_split import ManyHeads, by_the_book
from viz.metrics.role_labels import RoleName
from viz.metrics.role_measures import RoleMeasure
from viz.ui.lessons.lesson_frame import Question, change_settings, question, questions, try_this
from viz.ui.lessons.lesson_prose import points
from viz.ui.lessons.many_heads.heads_by_role import SentenceRoles
from viz.ui.pages.roles.role_words import role_name
from viz.ui.session import change, tr
from viz.ui.wording.names import head_name, measured_number

_TWICE = "The cat saw the other cat, the other cat saw the dog, and the dog saw the cat."  # enough queries for a role
# Which role is asked about: those first that say most about the sentence.
_ROLES: tuple[RoleName, ...] = (
    "before",
    "after",
    "same_word",
    "punctuation",
    "itself",
    "closing",
    "first",
    "sink",
    "broad",
)


def tries() -> None:
    """Steps to do in order, each with a button that sets it up where that can be done."""
    try_this(
        lambda: change_settings(width=512, heads=7),
        lambda: change_settings(width=12_288, heads=96),
        lambda: change(text=_TWICE, pair=""),
        lambda: change_settings(off=75),
        None,
    )


def notes(setup: ManyHeads) -> list[str]:
    """What to remember, for the handout."""
    return points(
        "To remember",
        width=setup.width,
        heads=setup.heads,
        dim=setup.width // setup.heads,
        total=sum(by_the_book(setup.width)),
    )


def ask(setup: ManyHeads, result: AttentionResult | None, roles: SentenceRoles | None) -> None:
    """Three questions; `setup` is a split that comes out even."""
    clear = () if roles is None else roles.clear
    example = next((role for name in _ROLES for role in clear if role.name == name), None)
    questions(
        _about_width(setup),
        _about_parameters(setup),
        _about_weights(setup, result) if roles is None or example is None else _about_role(roles, example),
    )


def _about_width(setup: ManyHeads) -> Question:
    right = setup.width // setup.heads
    others = [number for number in (setup.heads, setup.width, 2 * right, 3 * right) if number != right]
    options = sorted({right, *dict.fromkeys(others[:2])} if others[0] != others[1] else {right, *others[1:3]})
    return question(
        "Question: the width",
        options.index(right),
        [f"{option:,}" for option in options],
        width=setup.width,
        heads=setup.heads,
        dim=right,
    )


def _about_parameters(setup: ManyHeads) -> Question:
    weights, _biases = by_the_book(setup.width)
    return question(
        "Question: parameters",
        1,
        width=setup.width,
        weights=weights,
        half=weights // 2,
        double=2 * weights,
    )


def _about_weights(setup: ManyHeads, result: AttentionResult | None) -> Question:
    """Where no head has a clear role: how many weights there are, of the sentence or of ten tokens."""
    tokens = len(result.maps[0].queries) if result is not None else 10
    heads = result.maps[0].heads if result is not None else setup.heads
    right = tokens**2 * heads
    options = sorted({right, tokens * heads, right * 2})
    return question(
        "Question: weights",
        options.index(right),
        [f"{option:,}" for option in options],
        tokens=tokens,
        heads=heads,
        weights=right,
    )


def _about_role(roles: SentenceRoles, example: RoleExample) -> Question:
    """Which of three heads has the role: the clearest one, and two that have it least."""
    measure: RoleMeasure = "entropy" if example.name == "broad" else example.name
    values = roles.measures.value(measure)
    heads = values.shape[1]
    least = [divmod(int(place), heads) for place in values.argsort(axis=None, kind="stable")[:2]]
    right = (example.layer, example.head)
    options = sorted({right, *least})
    numbers = (f"{head_name(*head)}: {measured_number(measure, float(values[head]))}" for head in options)
    return question(
        "Question: a role",
        options.index(right),
        [head_name(*head) for head in options],
        role=role_name(example.name),
        numbers=tr(", ").join(numbers),
    )
