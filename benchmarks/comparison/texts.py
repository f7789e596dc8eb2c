"""The texts of the comparison: running English, cut to just so many tokens of a model."""

from benchmarks.explorer import TEXT
from viz.inputs.text import encode
from viz.models import LoadedModel


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
