"""Many texts measured in two halves, so that it can be told how far what a head does depends on the texts.

Every other text goes to the same half: halves one behind the other may be about different things.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from viz.metrics.role_labels import role_agreement
from viz.metrics.role_measures import RoleMeasures, sum_measures
from viz.models.card import LoadedModel
from viz.studies.corpus.role_survey import Skipped, Survey, measure_texts

FEWEST_TEXTS = 20  # texts, below which a half says too little


@dataclass(frozen=True, eq=False)
class Halves:
    """What is measured so far of each half; the second is None where there are too few texts to be halved."""

    first: Survey
    second: Survey | None

    @property
    def parts(self) -> tuple[Survey, ...]:
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
