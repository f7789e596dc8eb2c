"""What the first lesson asks and what its handout says to remember, with the numbers of the sentence and the model."""

from viz.lessons.why.path_lengths import path_length
from viz.lessons.why.published_sizes import published
from viz.models import LoadedModel
from viz.models.families.parameters import ATTENTION, Group, by_role, total
from viz.ui.lessons.lesson_frame import Question, question
from viz.ui.lessons.lesson_prose import points
from viz.ui.lessons.why import parameter_counts
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import counted

_LEAST = 4  # tokens a question is asked about: with fewer, its options would be the same number


def notes(model: LoadedModel, count: int, groups: tuple[Group, ...]) -> list[str]:
    """What the handout says to remember, with the numbers of the sentence and the model."""
    roles = by_role(groups)
    largest = max(roles, key=lambda role: roles[role])
    return points(
        "To remember",
        n=count,
        steps=path_length("recurrent", count - 1),
        model=model.card.title,
        parameters=counted(total(groups)),
        part=parameter_counts.role_names()[largest],
        share=roles[largest] / total(groups),
    )


def questions(
    model: LoadedModel, count: int, groups: tuple[Group, ...]
) -> tuple[Question, Question, Question]:
    """Three questions on a text of `count` tokens and on the parameters of the model."""
    return _steps(count), _largest(model, groups), _compared(model, total(groups))


def _steps(count: int) -> Question:
    tokens = max(count, _LEAST)
    path = path_length("recurrent", tokens - 1)
    return question("Question: steps", 1, n=tokens, steps=path, square=tokens * tokens)


def _largest(model: LoadedModel, groups: tuple[Group, ...]) -> Question:
    roles, whole = by_role(groups), total(groups)
    counts = {
        "attention": sum(roles.get(role, 0) for role in ATTENTION),
        "feed_forward": roles.get("feed_forward", 0),
        "token": roles.get("token", 0),
    }
    shares = {f"{part}_share": count / whole for part, count in counts.items()}
    largest = max(range(len(counts)), key=list(counts.values()).__getitem__)
    return question(
        "Question: the largest part",
        largest,
        model=code_span(model.card.title),
        reason=points("Reasons for the largest part")[largest],
        **counts,
        **shares,
    )


def _compared(model: LoadedModel, whole: int) -> Question:
    large = published("GPT-3")
    times = large.parameters / whole
    rounded = [float(f"{times * factor:.2g}") for factor in (0.01, 0.1, 1)]
    return question(
        "Question: GPT-3",
        2,
        [f"{option:,.0f}" if option >= 10 else f"{option:.2g}" for option in rounded],
        model=code_span(model.card.title),
        count=counted(whole),
        large=counted(large.parameters),
        times=times,
    )
