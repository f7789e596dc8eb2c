"""What the first lesson asks and what its handout says to remember, with the numbers of the sentence and the model."""

from viz.lessons.why.path_lengths import path_length
from viz.lessons.why.published_sizes import published
from viz.models import LoadedModel
from viz.models.families.parameters import ATTENTION, Group, by_role, total
from viz.ui.lessons.lesson_frame import Question
from viz.ui.lessons.why import parameter_counts
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span
from viz.ui.wording.written_numbers import counted

_LEAST = 4  # tokens a question is asked about: with fewer, its options would be the same number


def notes(model: LoadedModel, count: int, groups: tuple[Group, ...]) -> tuple[str, ...]:
    """What the handout says to remember, with the numbers of the sentence and the model."""
    roles = by_role(groups)
    largest = max(roles, key=lambda role: roles[role])
    return (
        tr(
            "From the first to the last of {n} tokens: {steps} steps in a recurrent network, 1 in self-attention.",
            n=count,
            steps=path_length("recurrent", count - 1),
        ),
        tr(
            "An encoder sees the whole text. A decoder sees what is written so far, and the encoder's result."
        ),
        tr(
            "{model} has {count} parameters. Largest part: {part}, {share:.0%}.",
            model=model.card.title,
            count=counted(total(groups)),
            part=parameter_counts.role_names()[largest],
            share=roles[largest] / total(groups),
        ),
    )


def questions(
    model: LoadedModel, count: int, groups: tuple[Group, ...]
) -> tuple[Question, Question, Question]:
    """Three questions on a text of `count` tokens and on the parameters of the model."""
    return _steps(count), _largest(model, groups), _compared(model, total(groups))


def _steps(count: int) -> Question:
    tokens = max(count, _LEAST)
    path = path_length("recurrent", tokens - 1)
    return Question(
        tr(
            "A text has {n} tokens. How many steps does a recurrent network need until the last one knows of "
            "the first?",
            n=tokens,
        ),
        ("1", f"{path:,}", f"{tokens * tokens:,}"),
        1,
        tr(
            "Each step goes on by one token: {n} − 1 = {steps}. Self-attention needs one step, for a text of any "
            "length; what grows with n · n = {square:,} is the number of pairs that it compares.",
            n=tokens,
            steps=path,
            square=tokens * tokens,
        ),
    )


def _largest(model: LoadedModel, groups: tuple[Group, ...]) -> Question:
    roles = by_role(groups)
    counts = {
        tr("Attention (W_Q, W_K, W_V, W_O)"): sum(roles.get(role, 0) for role in ATTENTION),
        tr("Feed-forward layers"): roles.get("feed_forward", 0),
        tr("Token embeddings"): roles.get("token", 0),
    }
    options, whole = tuple(counts), total(groups)
    largest = max(counts, key=lambda name: counts[name])
    reasons = (
        tr("The feed-forward layers of this model are narrow, so that attention holds more."),
        tr(
            "Two matrices of d times the inner width, usually 4 · d: that is 8 · d · d a layer, against the 4 · d · d "
            "of attention."
        ),
        tr("Every token of the vocabulary costs a row of d numbers, whether the text has it or not."),
    )
    return Question(
        tr("Which of these holds most of the parameters of {model}?", model=code_span(model.card.title)),
        options,
        options.index(largest),
        " · ".join(f"{name}: {count:,} ({count / whole:.1%})" for name, count in counts.items())
        + ". "
        + reasons[options.index(largest)],
    )


def _compared(model: LoadedModel, whole: int) -> Question:
    large = published("GPT-3")
    times = large.parameters / whole
    rounded = [float(f"{times * factor:.2g}") for factor in (0.01, 0.1, 1)]
    return Question(
        tr(
            "{model} has {count} parameters. About how many times as many has GPT-3?",
            model=code_span(model.card.title),
            count=counted(whole),
        ),
        tuple(f"{option:,.0f}" if option >= 10 else f"{option:.2g}" for option in rounded),
        2,
        tr(
            "{large} / {count} is about {times:,.0f}. If {model} were one page, GPT-3 would be {times:,.0f} pages.",
            large=counted(large.parameters),
            count=counted(whole),
            model=code_span(model.card.title),
            times=times,
        ),
    )
