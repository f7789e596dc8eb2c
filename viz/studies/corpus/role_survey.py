"""The roles of heads over many texts: measured window by window, so that it can be watched, stopped and taken up.

for state in measure_texts(model, texts):
    ...                       # state.done of state.total; state.measures, as far as they go
measure_texts(model, texts, state)      # goes on from there
measure_halves(model, texts)            # every other text apart, to tell how far it depends on the texts
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from viz.errors import AttentionError
from viz.inputs.text import Encoding
from viz.language import _
from viz.metrics.role_labels import role_agreement
from viz.metrics.role_measures import ENTROPIES, LINEAR, Patterns, RoleMeasures, patterns, sum_measures
from viz.metrics.similarity import SMOOTHING
from viz.models.card import LoadedModel
from viz.studies.corpus.batches import BATCH_TOKENS, LayerReader
from viz.studies.corpus.survey import Skipped, Survey, survey_texts

# The texts of a batch, and what is measured of each.
_Batch = Sequence[tuple[Encoding, Patterns]]


def measure_texts(
    model: LoadedModel,
    texts: Sequence[str],
    so_far: Survey[RoleMeasures] | None = None,
    cancelled: threading.Event | None = None,
    batch_tokens: int = BATCH_TOKENS,
) -> Iterator[Survey[RoleMeasures]]:
    """Measure each head over all texts; yields the state after each window of texts, the last one with all of them.

    The measures are those of `viz.metrics.role_measures.measure_roles`, of the encoder, or of a decoder that has
    none. Goes on, ends and raises as `survey_texts` does.
    """
    causal = model.card.kinds[0] == "decoder"
    return survey_texts(
        model,
        texts,
        lambda _place, encoding: patterns(encoding, causal),
        lambda reader, batch: _measured(model, reader, batch),
        so_far,
        cancelled,
        batch_tokens,
    )


def measure_batch(model: LoadedModel, reader: LayerReader, encodings: Sequence[Encoding]) -> RoleMeasures:
    """The measures of texts run as one padded batch. Raises `AttentionError` for weights that are not finite."""
    causal = model.card.kinds[0] == "decoder"
    return _measured(model, reader, [(encoding, patterns(encoding, causal)) for encoding in encodings])


def _measured(model: LoadedModel, reader: LayerReader, batch: _Batch) -> RoleMeasures:
    encodings, text_patterns = zip(*batch, strict=True)
    linear, entropy, smooth = (values.to(model.model.device) for values in _stacked(text_patterns))
    layers: list[torch.Tensor] = []

    def measure(_layer: int, weights: torch.Tensor) -> None:
        # [text, head, query * key] @ [text, query * key, measure], then the sum over texts
        flat = weights.flatten(2)
        shares = torch.bmm(flat, linear).sum(dim=0, dtype=torch.float64)
        entropies_of_keys = torch.special.entr(torch.add(smooth, weights, alpha=1 - SMOOTHING)).flatten(2)
        entropies = torch.bmm(entropies_of_keys, entropy).sum(dim=0, dtype=torch.float64)
        layers.append(torch.cat([shares, entropies], dim=1))

    reader.read(encodings, measure)
    sums = torch.stack(layers).cpu().numpy().transpose(2, 0, 1)  # [measure, layer, head]
    if not np.all(np.isfinite(sums)):
        raise AttentionError(
            _("{model} gave attention weights that are not finite. The model's files may be damaged."),
            model=model.card.title,
        )
    return RoleMeasures(
        np.ascontiguousarray(sums),
        np.sum([one.uniform_sums for one in text_patterns], axis=0),
        np.sum([one.counts for one in text_patterns], axis=0),
        len(encodings),
        sum(len(encoding) for encoding in encodings),
        model.card.kinds[0] == "decoder",
    )


def _stacked(patterns: Sequence[Patterns]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The patterns of a batch, 0 where there is padding.

    linear [text, query * key, measure]; entropy [text, query * key, measure]; smooth [text, 1, query, 1]
    """
    longest = max(len(text_patterns.visible) for text_patterns in patterns)
    linear = np.zeros((len(patterns), longest, longest, len(LINEAR)), dtype=np.float32)
    entropy = np.zeros((len(patterns), longest, longest, len(ENTROPIES)), dtype=np.float32)
    smooth = np.ones((len(patterns), 1, longest, 1), dtype=np.float32)
    for row, text_patterns in enumerate(patterns):
        count = len(text_patterns.visible)
        linear[row, :count, :count] = text_patterns.linear.transpose(1, 2, 0)
        entropy[row, :count, :count] = text_patterns.entropy.T[:, None] * text_patterns.seen[..., None]
        smooth[row, 0, :count, 0] = SMOOTHING / text_patterns.visible
    return (
        torch.from_numpy(linear).flatten(1, 2),
        torch.from_numpy(entropy).flatten(1, 2),
        torch.from_numpy(smooth),
    )


FEWEST_TEXTS = 20  # texts, below which a half says too little


@dataclass(frozen=True, eq=False)
class Halves:
    """What is measured so far of each half; the second is None where there are too few texts to be halved."""

    first: Survey[RoleMeasures]
    second: Survey[RoleMeasures] | None

    @property
    def parts(self) -> tuple[Survey[RoleMeasures], ...]:
        """The halves that there are."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def done(self) -> int:
        """How many texts are done."""
        return sum(part.done for part in self.parts)

    @property
    def total(self) -> int:
        """How many texts there are."""
        return sum(part.total for part in self.parts)

    @property
    def cut(self) -> int:
        """How many texts were longer than the model takes."""
        return sum(part.cut for part in self.parts)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The texts that were left out, by their places among all."""
        if self.second is None:
            return self.first.skipped
        texts = [
            replace(text, place=2 * text.place + half)
            for half, part in enumerate(self.parts)
            for text in part.skipped
        ]
        return tuple(sorted(texts, key=lambda text: text.place))

    @property
    def measures(self) -> RoleMeasures:
        """The measures over all texts done. Raises `MetricError` where there are none yet."""
        return sum_measures([part.measures for part in self.parts if part.measures is not None])

    @property
    def agreement(self) -> float | None:
        """The share of heads that have the same role in both halves, 0 to 1; None where there are no two."""
        if self.second is None or self.first.measures is None or self.second.measures is None:
            return None
        return role_agreement(self.first.measures, self.second.measures)

    @property
    def nbytes(self) -> int:
        """About how much memory this takes."""
        measured = [part.measures for part in self.parts if part.measures is not None]
        return 10_000 + sum(measures.sums.nbytes for measures in measured) + 500 * len(self.skipped)


def measure_halves(
    model: LoadedModel,
    texts: Sequence[str],
    so_far: Halves | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[Halves]:
    """Measure each head over both halves of the texts; yields the state after each window, the last one with all.

    Goes on from `so_far`, ends early once `cancelled` is set, and raises what
    `viz.studies.corpus.role_survey.measure_texts` raises.
    """
    halved = len(texts) >= FEWEST_TEXTS
    halves = (texts[::2], texts[1::2]) if halved else (texts, ())
    state = so_far or Halves(Survey(len(halves[0])), Survey(len(halves[1])) if halved else None)
    if state.first.done < state.first.total:
        for first in measure_texts(model, halves[0], state.first, cancelled):
            state = replace(state, first=first)
            yield state
    if state.second is None or (cancelled is not None and cancelled.is_set()):
        return
    for second in measure_texts(model, halves[1], state.second, cancelled):
        state = replace(state, second=second)
        yield state
