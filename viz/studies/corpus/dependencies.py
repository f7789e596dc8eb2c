"""Clark et al.'s table 1 over many sentences: scored window by window, so that it can be watched, stopped, taken up."""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from viz.inputs.text import Encoding
from viz.metrics.syntax import Counts, Links, Sentence, SyntaxScores, count_hits, find_links
from viz.models.card import LoadedModel
from viz.studies.corpus.batches import LayerReader
from viz.studies.corpus.survey import Survey, survey_texts


def score_sentences(
    model: LoadedModel,
    sentences: Sequence[Sentence],
    so_far: Survey[SyntaxScores] | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[Survey[SyntaxScores]]:
    """Score each head on all sentences; yields the state after each window of them, the last one with all.

    The scores are those of `viz.metrics.syntax.score`. Goes on, ends and raises as `survey_texts` does.
    """
    texts = [sentence.text for sentence in sentences]
    return survey_texts(
        model,
        texts,
        lambda place, encoding: find_links(encoding, sentences[place]),
        _score_batch,
        so_far,
        cancelled,
    )


def _score_batch(reader: LayerReader, batch: Sequence[tuple[Encoding, Links]]) -> SyntaxScores:
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
