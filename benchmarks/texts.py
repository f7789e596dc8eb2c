"""The texts that are measured with: running English, cut to just so many tokens of a model."""

from viz.inputs.text import encode
from viz.models import LoadedModel

TEXT = (
    "When the storm had passed, the keeper of the lighthouse, who had not slept since Tuesday, climbed down "
    "and counted what was left of her boats. Two were gone; the third, the oldest, lay upside down on the "
    "stones, and somebody's cat was sitting on it as if it had always been there. "
)


def text_of(model: LoadedModel, tokens: int, start: int = 0) -> str:
    """Sentences from the word `start` on, of which the tokenizer makes `tokens` tokens, the special ones counted."""
    words = TEXT.split()
    words = words[start:] + words[:start]
    text = " ".join(words * (tokens // len(words) + 1))
    last = encode(model, text).spans[tokens - 2]
    assert last is not None
    cut = text[: last[1]]
    assert len(encode(model, cut).ids) == tokens
    return cut
