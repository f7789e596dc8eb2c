"""Roles of heads over many sentences: against a bare forward pass of the same batches, and what memory they take."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from benchmarks.timing import Row
from viz.metrics.role_labels import role_agreement
from viz.metrics.role_measures import RoleMeasures
from viz.models import LoadedModel, load_model
from viz.studies.corpus.batches import LayerReader
from viz.studies.corpus.generated_sentences import sentences
from viz.studies.corpus.role_survey import measure_texts

Task = Callable[[LoadedModel, list[str]], object]

SENTENCES = 1_000
WARM_UP = 100
ROUNDS = 3
# At least 0.8 x the sentences a second of the bare pass.
AT_MOST = 1 / 0.8
MEMORY_AT_MOST = 1.1


def run() -> Iterator[Row]:
    """Time per run over all sentences, then the peak of resident memory at 1,000 and at 10,000 of them."""
    model = load_model("all-MiniLM-L6-v2")
    texts = sentences(SENTENCES)
    ours, theirs = _in_turns(model, texts)
    row = Row(f"{SENTENCES:,} sentences", "roles", ours, "bare forward pass", theirs, AT_MOST)
    yield row
    left, right = (_measured(model, texts[half::2]) for half in (0, 1))
    print(f"  {SENTENCES / row.seconds:.0f} sentences/s, {1 / row.ratio:.2f} x the bare pass's", end="; ")
    print(f"{role_agreement(left, right):.1%} of the heads have the same role in both halves", flush=True)
    few, many = (_peak(count) for count in (SENTENCES, 10 * SENTENCES))
    yield Row(
        "peak of resident memory",
        f"{10 * SENTENCES:,} sentences",
        many,
        f"{SENTENCES:,} sentences",
        few,
        MEMORY_AT_MOST,
        unit="bytes",
    )


def _in_turns(model: LoadedModel, texts: list[str]) -> tuple[float, float]:
    """Seconds for all texts, by roles and by the bare pass: the medians of some passes in turns."""
    tasks: tuple[Task, ...] = (_measured, _bare)
    seconds: tuple[list[float], list[float]] = ([], [])
    for task in tasks:
        task(model, texts[:WARM_UP])
    for _round in range(ROUNDS):
        for task, taken in zip(tasks, seconds, strict=True):
            begin = time.perf_counter()
            task(model, texts)
            taken.append(time.perf_counter() - begin)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def peak_of(count: int) -> int:
    """The most memory that this process has held, in bytes, once it has measured so many sentences."""
    import resource

    _measured(load_model("all-MiniLM-L6-v2"), sentences(count))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _peak(count: int) -> int:
    """The same in a process of its own, that nothing else has grown."""
    done = subprocess.run(  # noqa: S603  this project's own program
        [sys.executable, "-c", f"from benchmarks.roles import peak_of; print(peak_of({count}))"],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _measured(model: LoadedModel, texts: list[str]) -> RoleMeasures:
    *_others, state = measure_texts(model, texts)
    assert state.measures is not None
    return state.measures


def _bare(model: LoadedModel, texts: list[str]) -> None:
    """What anyone would write: tokens of all texts, batches of like length, a forward pass that returns attentions."""
    found = model.tokenizer(texts)["input_ids"]
    reader = LayerReader(model)
    for batch in reader.in_batches(found):
        inputs = model.tokenizer.pad({"input_ids": [found[place] for place in batch]}, return_tensors="pt")
        with torch.inference_mode():
            model.model(**inputs, output_attentions=True)
