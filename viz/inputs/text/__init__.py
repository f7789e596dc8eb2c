"""Texts as a model reads them: cleaned, tokenised, cut at its limit, and labelled for people.

    encode(model, "The cat sat.")       an `Encoding`: ids, tokens, labels, words, spans
    encode_target(model, "Le chat.")    what the decoder of a model with an encoder is fed
    encode_ids(model, ids)              tokens that a model wrote

The way down: `text_input` asks `tokenizer` for tokens, `token_strings` for how each reads, and `words` for the words
that they make.
"""

from viz.inputs.encoding import Encoding, Span, Truncation
from viz.inputs.text.text_input import MAX_CHARACTERS, check_length, encode, encode_ids, encode_target
from viz.inputs.text.token_strings import clean, distinct, readable, visible

__all__ = [
    "MAX_CHARACTERS",
    "Encoding",
    "Span",
    "Truncation",
    "check_length",
    "clean",
    "distinct",
    "encode",
    "encode_ids",
    "encode_target",
    "readable",
    "visible",
]
