"""What to try with heads, what to remember, and three questions whose answers are computed."""

from viz.attention import AttentionResult
from viz.lessons.many_heads.role_examples import RoleExample
from viz.lessons.many_heads.width_split import Cost, ManyHeads
from viz.metrics.role_labels import RoleName
from viz.metrics.role_measures import RoleMeasure
from viz.ui.lessons.lesson_frame import Question, Step, change_settings, questions, try_this
from viz.ui.lessons.many_heads.heads_by_role import SentenceRoles
from viz.ui.pages.roles.role_words import role_name, written
from viz.ui.session import change, tr
from viz.ui.wording.names import head_name

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
        Step(
            tr(
                "Split 512 numbers into 7 heads. How many are left over, and which numbers of heads would do?"
            ),
            lambda: change_settings(width=512, heads=7),
        ),
        Step(
            tr(
                "Take the sizes of GPT-3. Its d_model is 24 times that of the first Transformer. How many times its "
                "d_k, and how many times its heads?"
            ),
            lambda: change_settings(width=12_288, heads=96),
        ),
        Step(
            tr("Take a sentence in which a word occurs twice. Does a head find it?"),
            lambda: change(text=_TWICE, pair=""),
        ),
        Step(
            tr(
                "Switch off 75% of the heads. What is left, if they are the least important, and if the most?"
            ),
            lambda: change_settings(off=75),
        ),
        Step(
            tr(
                "Go through the layers in the sidebar. In which do the heads look at the most different tokens? Read "
                "it from the table of part 4."
            )
        ),
    )


def notes(setup: ManyHeads) -> list[str]:
    """What to remember, for the handout."""
    cost = Cost(setup.width)
    return [
        tr(
            "d_k = d_model / h, here {width} / {heads} = {dim}. It has to come out even.",
            width=f"{setup.width:,}",
            heads=setup.heads,
            dim=setup.width // setup.heads,
        ),
        tr(
            "Parameters: 4 d_model² + 4 d_model = {total}, however many heads there are.",
            total=f"{cost.total:,}",
        ),
        tr("More heads are more patterns, each of narrower vectors. Not all of them are needed."),
    ]


def ask(setup: ManyHeads, result: AttentionResult | None, roles: SentenceRoles | None) -> None:
    """Three questions; `setup` is a split that comes out even."""
    example = next((role for name in _ROLES for role in _clear(roles) if role.name == name), None)
    questions(
        _about_width(setup),
        _about_parameters(setup),
        _about_weights(setup, result) if roles is None or example is None else _about_role(roles, example),
    )


def _clear(roles: SentenceRoles | None) -> tuple[RoleExample, ...]:
    return () if roles is None else roles.clear


def _about_width(setup: ManyHeads) -> Question:
    right = setup.width // setup.heads
    others = [number for number in (setup.heads, setup.width, 2 * right, 3 * right) if number != right]
    options = sorted({right, *dict.fromkeys(others[:2])} if others[0] != others[1] else {right, *others[1:3]})
    return Question(
        tr(
            "d_model = {width} is split into {heads} heads. How many numbers has a head's query for one token?",
            width=f"{setup.width:,}",
            heads=setup.heads,
        ),
        [f"{option:,}" for option in options],
        options.index(right),
        tr(
            "d_k = d_model / h = {width} / {heads} = {dim}.",
            width=f"{setup.width:,}",
            heads=setup.heads,
            dim=f"{right:,}",
        ),
    )


def _about_parameters(setup: ManyHeads) -> Question:
    weights = Cost(setup.width).weights
    return Question(
        tr(
            "A layer of d_model = {width} has {weights} weights in W_Q, W_K, W_V and W_O. How many has it with twice "
            "as many heads?",
            width=f"{setup.width:,}",
            weights=f"{weights:,}",
        ),
        [f"{count:,}" for count in (weights // 2, weights, 2 * weights)],
        1,
        tr(
            "As many: 4 × {width}² = {weights}. Each head is half as wide, and there are twice as many.",
            width=f"{setup.width:,}",
            weights=f"{weights:,}",
        ),
    )


def _about_weights(setup: ManyHeads, result: AttentionResult | None) -> Question:
    """Where no head has a clear role: how many weights there are, of the sentence or of ten tokens."""
    tokens = len(result.maps[0].queries) if result is not None else 10
    heads = result.maps[0].heads if result is not None else setup.heads
    right = tokens**2 * heads
    options = sorted({right, tokens * heads, right * 2})
    return Question(
        tr(
            "A text has {tokens} tokens, and a layer {heads} heads. How many attention weights does the layer compute?",
            tokens=tokens,
            heads=heads,
        ),
        [f"{option:,}" for option in options],
        options.index(right),
        tr(
            "One for each query, key and head: {tokens} × {tokens} × {heads} = {right}.",
            tokens=tokens,
            heads=heads,
            right=f"{right:,}",
        ),
    )


def _about_role(roles: SentenceRoles, example: RoleExample) -> Question:
    """Which of three heads has the role: the clearest one, and two that have it least."""
    measure: RoleMeasure = "entropy" if example.name == "broad" else example.name
    values = roles.measures.value(measure)
    heads = values.shape[1]
    least = [divmod(int(place), heads) for place in values.argsort(axis=None, kind="stable")[:2]]
    right = (example.layer, example.head)
    options = sorted({right, *least})
    return Question(
        tr("Which of these heads has the role “{role}” in your sentence?", role=role_name(example.name)),
        [head_name(*head) for head in options],
        options.index(right),
        tr(
            "Measured over the sentence: {numbers}.",
            numbers=tr(", ").join(
                f"{head_name(*head)}: {written(measure, float(values[head]))}" for head in options
            ),
        ),
    )
