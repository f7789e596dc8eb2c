"""Clark et al.'s table 1 over many sentences: scored window by window, so that it can be watched, stopped, taken up."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from viz.errors import InputError
from viz.inputs.text import Encoding, encode
from viz.metrics.syntax import Counts, Links, Sentence, SyntaxScores, count_hits, find_links
from viz.models.card import LoadedModel
from viz.studies.corpus.batches import BATCH_TOKENS, LayerReader, add_up

_WINDOW = 512


@dataclass(frozen=True, eq=False)
class ScoredSentences:
    """What is scored so far: the first `done` of `total` sentences, `skipped` of them with nothing to read."""

    total: int
    done: int = 0
    scores: SyntaxScores | None = None
    skipped: int = 0


def score_sentences(
    model: LoadedModel,
    sentences: Sequence[Sentence],
    so_far: ScoredSentences | None = None,
    cancelled: threading.Event | None = None,
    batch_tokens: int = BATCH_TOKENS,
) -> Iterator[ScoredSentences]:
    """Score each head on all sentences; yields the state after each window of them, the last one with all.

    The scores are those of `viz.metrics.syntax.score`. Goes on from `so_far`, and ends early once `cancelled` is set:
    what was given last is where to go on. Raises `InputError` where no sentence could be scored, and what
    `LayerReader.read` raises.
    """
    reader = LayerReader(model)
    state = so_far or ScoredSentences(len(sentences))
    parts = _prepared(model, reader, sentences, state, batch_tokens)
    sums = add_up(parts, lambda batch: _score_batch(reader, batch), state.scores, len(sentences), cancelled)
    yield from (replace(window_state, scores=scores) for window_state, scores in sums)


# The sentences of a batch, and the links that each asks for.
_Batch = tuple[tuple[Encoding, Links], ...]


def _prepared(
    model: LoadedModel,
    reader: LayerReader,
    sentences: Sequence[Sentence],
    state: ScoredSentences,
    batch_tokens: int,
) -> Iterator[tuple[_Batch, ScoredSentences | None]]:
    while state.done < len(sentences):
        part = sentences[state.done : state.done + _WINDOW]
        window = _encoded(model, part)
        for batch in reader.in_batches([encoding for encoding, _links in window], batch_tokens):
            yield tuple(window[place] for place in batch), None
        skipped = state.skipped + len(part) - len(window)
        state = replace(state, done=state.done + len(part), skipped=skipped)
        yield (), state


def _encoded(model: LoadedModel, sentences: Sequence[Sentence]) -> list[tuple[Encoding, Links]]:
    encoded = []
    for sentence in sentences:
        try:
            encoding = encode(model, sentence.text)
        except InputError:
            continue
        encoded.append((encoding, find_links(encoding, sentence)))
    return encoded


def _score_batch(reader: LayerReader, batch: _Batch) -> SyntaxScores:
    layers: list[Counts] = []

    def measure(_layer: int, weights: torch.Tensor) -> None:
        hits = []
        for row, (encoding, links) in zip(weights, batch, strict=True):
            weights_of_text = row[None, :, : len(encoding), : len(encoding)].cpu().numpy()
            hits.append(count_hits(weights_of_text, links))
        layers.append(np.sum(hits, axis=0))

    reader.read([encoding for encoding, _links in batch], measure)
    return SyntaxScores(
        np.concatenate(layers, axis=2),
        np.sum([links.offsets for _encoding, links in batch], axis=0),
        np.sum([links.counts for _encoding, links in batch], axis=0),
        len(batch),
    )
