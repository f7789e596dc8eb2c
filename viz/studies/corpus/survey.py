"""Many texts measured window by window, so that it can be watched, stopped and taken up.

for state in survey_texts(model, texts, prepare, measure):
    ...                       # state.done of state.total; state.measures, as far as they go
survey_texts(model, texts, prepare, measure, state)      # goes on from there
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from viz.errors import Cancelled, InputError, VizError
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.metrics.role_measures import RoleMeasures
from viz.metrics.syntax import SyntaxScores
from viz.models.card import LoadedModel
from viz.studies.corpus.batches import BATCH_TOKENS, LayerReader

# What is done between two reports: enough texts that those of one length meet, few enough to report every few seconds.
_WINDOW_TEXTS = 512
_WINDOW_TOKENS = 16 * BATCH_TOKENS

Part = TypeVar("Part")
Asked = TypeVar("Asked")
Sums = TypeVar("Sums", RoleMeasures, SyntaxScores)


@dataclass(frozen=True)
class Skipped:
    """A text that could not be measured: its place, from 0, and why."""

    place: int
    problem: VizError


@dataclass(frozen=True, eq=False)
class Survey(Generic[Sums]):
    """What is measured so far: of the first `done` of `total` texts, and what was left out of them.

    `measures` is None as long as there is nothing. `cut` counts texts that were longer than the model takes, and were
    measured as far as they went.
    """

    total: int
    done: int = 0
    measures: Sums | None = None
    cut: int = 0
    skipped: tuple[Skipped, ...] = ()


def survey_texts(
    model: LoadedModel,
    texts: Sequence[str],
    prepare: Callable[[int, Encoding], Asked],
    measure: Callable[[LayerReader, Sequence[tuple[Encoding, Asked]]], Sums],
    so_far: Survey[Sums] | None = None,
    cancelled: threading.Event | None = None,
    batch_tokens: int = BATCH_TOKENS,
) -> Iterator[Survey[Sums]]:
    """Measure texts batch after batch; yields the state after each window of texts, the last one with all of them.

    `prepare` says what is asked of a text, by its place and its tokens; `measure` gives the sums of a batch. Goes on
    from `so_far`, with the same outcome as in one go; ends early once `cancelled` is set, and what was given last is
    where to go on. A text that holds nothing to read is left out and noted. Raises `InputError` where no text could
    be measured, and what `LayerReader.read` raises.
    """
    reader = LayerReader(model)
    state = so_far or Survey(len(texts))
    sums = state.measures
    for batch, window_state in prefetch(_batches(model, reader, texts, prepare, state, batch_tokens)):
        if cancelled is not None and cancelled.is_set():
            return
        if batch:
            measured = measure(reader, batch)
            sums = measured if sums is None else sums + measured
        if window_state is not None:
            yield replace(window_state, measures=sums)
    if sums is None:
        raise InputError(
            _("None of the {count} texts holds anything that the model can read. Please give other texts."),
            count=len(texts),
        )


def _batches(
    model: LoadedModel,
    reader: LayerReader,
    texts: Sequence[str],
    prepare: Callable[[int, Encoding], Asked],
    state: Survey[Sums],
    batch_tokens: int,
) -> Iterator[tuple[list[tuple[Encoding, Asked]], Survey[Sums] | None]]:
    """Batches of prepared texts, and behind the last one of a window no batch, but the state once it is done."""
    while state.done < len(texts):
        window: list[tuple[int, Encoding]] = []
        skipped = list(state.skipped)
        tokens, place = 0, state.done
        while place < len(texts) and len(window) < _WINDOW_TEXTS and tokens < _WINDOW_TOKENS:
            try:
                window.append((place, encode(model, texts[place])))
                tokens += len(window[-1][1])
            except InputError as problem:
                skipped.append(Skipped(place, problem))
            place += 1
        for batch in reader.in_batches([encoding for _place, encoding in window], batch_tokens):
            yield [(window[index][1], prepare(*window[index])) for index in batch], None
        cut = state.cut + sum(encoding.truncation is not None for _place, encoding in window)
        state = replace(state, done=place, cut=cut, skipped=tuple(skipped))
        yield [], state


def prefetch(parts: Iterator[Part]) -> Iterator[Part]:
    """The same parts; while one is in use, the next one is made on another thread.

    Python makes the batches and torch runs them, so both together take little longer than one of them. Raises
    `Cancelled` where the process ends meanwhile.
    """
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(next, parts, None)
        while (part := waiting.result()) is not None:
            try:
                waiting = worker.submit(next, parts, None)
            except RuntimeError as exc:  # the process ends, and no thread is given anything more to do
                raise Cancelled("") from exc
            yield part
