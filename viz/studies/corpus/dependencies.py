"""Clark et al.'s table 1 over many sentences: scored window by window, so that it can be watched, stopped, taken up."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from viz.errors import InputError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.metrics.syntax import Counts, Links, Sentence, SyntaxScores, count_hits, find_links
from viz.models.card import LoadedModel
from viz.studies.corpus.batches import BATCH_TOKENS, LayerReader, prefetch

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
    """Score each head on all sentences; gives what there is after each window of them, the last with all.

    The scores are those of `viz.metrics.syntax.score`. Goes on from `so_far`, and ends early once `cancelled` is set:
    what was given last is where to go on. Raises `InputError` where no sentence could be scored, and what
    `LayerReader.read` raises.
    """
    reader = LayerReader(model)
    state = so_far or ScoredSentences(len(sentences))
    scores = state.scores
    for part in prefetch(_prepared(model, reader, sentences, state, batch_tokens)):
        if cancelled is not None and cancelled.is_set():
            return
        if part.batch:
            found = _score_batch(reader, part.batch)
            scores = found if scores is None else scores + found
        if part.then is not None:
            yield replace(part.then, scores=scores)
    if scores is None:
        raise InputError(
            _("None of the {count} texts holds anything that the model can read. Please give other texts."),
            count=len(sentences),
        )


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Sentences that are run together, or, at a window's end, the state once all before are done."""

    batch: tuple[tuple[Encoding, Links], ...] = ()
    then: ScoredSentences | None = None


def _prepared(
    model: LoadedModel,
    reader: LayerReader,
    sentences: Sequence[Sentence],
    state: ScoredSentences,
    batch_tokens: int,
) -> Iterator[_Prepared]:
    while state.done < len(sentences):
        given = sentences[state.done : state.done + _WINDOW]
        window = _encoded(model, given)
        for batch in reader.in_batches([encoding for encoding, _asked in window], batch_tokens):
            yield _Prepared(tuple(window[place] for place in batch))
        skipped = state.skipped + len(given) - len(window)
        state = replace(state, done=state.done + len(given), skipped=skipped)
        yield _Prepared(then=state)


def _encoded(model: LoadedModel, given: Sequence[Sentence]) -> list[tuple[Encoding, Links]]:
    found = []
    for sentence in given:
        try:
            encoding = encode(model, sentence.text)
        except InputError:
            continue
        found.append((encoding, find_links(encoding, sentence)))
    return found


def _score_batch(reader: LayerReader, batch: Sequence[tuple[Encoding, Links]]) -> SyntaxScores:
    layers: list[Counts] = []

    def measure(_layer: int, weights: torch.Tensor) -> None:
        right = []
        for row, (encoding, asked) in zip(weights, batch, strict=True):
            own = row[None, :, : len(encoding), : len(encoding)].cpu().numpy()
            right.append(count_hits(own, asked))
        layers.append(np.sum(right, axis=0))

    reader.read([encoding for encoding, _asked in batch], measure)
    return SyntaxScores(
        np.concatenate(layers, axis=2),
        np.sum([asked.offsets for _encoding, asked in batch], axis=0),
        np.sum([asked.counts for _encoding, asked in batch], axis=0),
        len(batch),
    )
