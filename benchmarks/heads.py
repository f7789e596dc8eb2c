"""Heads judged: how important each is on a text, and its role over many sentences, with the memory that this takes."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

from benchmarks.memory import peak
from benchmarks.texts import text_of
from benchmarks.timing import Row, compare
from viz.inputs.text import encode
from viz.metrics.role_labels import role_agreement
from viz.metrics.role_measures import RoleMeasures
from viz.models import LoadedModel, load_model
from viz.models.forward import feed, last_hidden
from viz.studies.corpus.batches import LayerReader
from viz.studies.corpus.generated_sentences import sentences
from viz.studies.corpus.role_survey import measure_texts
from viz.studies.importance import disable_heads, importance_by_ablation, importance_by_gradient

MODEL = "all-MiniLM-L6-v2"
TOKENS = 30
AIM_S = 3.0
SENTENCES = 1_000
ROLES_AT_MOST = 1 / 0.8  # at least 0.8 x the sentences a second of the bare pass
MEMORY_AT_MOST = 1.1


def importance() -> Iterator[Row]:
    """All 72 heads on one text of 30 tokens, by leaving each out and by its derivative, many rows at once.

    Beside one forward pass a head, and beside the time aimed at.
    """
    model = load_model(MODEL)
    text = text_of(model, TOKENS)
    group = f"All heads of {model.card.id} on {TOKENS} tokens"
    for what, importance_of in (("ablation", importance_by_ablation), ("gradient", importance_by_gradient)):
        ours, theirs = partial(importance_of, model, [text]), partial(_one_by_one, model, text)
        row = compare(group, what, ours, "one head at a time", theirs)
        yield row
        yield Row(group, what, row.value, "the time aimed at", AIM_S, 1.0)


def _one_by_one(model: LoadedModel, text: str) -> list[torch.Tensor]:
    encoding = encode(model, text)
    fed = feed(model, [encoding.ids], [encoding.segments])
    vectors = []
    for layer in range(model.card.layers):
        for head in range(model.card.heads):
            with disable_heads(model, [(layer, head)]), torch.inference_mode():
                vectors.append(last_hidden(model, fed).mean(dim=1))
    return vectors


def roles() -> Iterator[Row]:
    """Time per run over all sentences against a bare forward pass of the same batches, then the peak of memory."""
    model = load_model(MODEL)
    texts = sentences(SENTENCES)
    group = f"{SENTENCES:,} sentences"
    row = compare(
        group,
        "roles",
        partial(measures_of, model, texts),
        "bare forward pass",
        partial(_bare, model, texts),
        ROLES_AT_MOST,
        budget_s=60.0,
        rounds=3,
    )
    yield row
    left, right = (measures_of(model, texts[half::2]) for half in (0, 1))
    print(f"  {SENTENCES / row.value:.0f} sentences/s, {1 / row.ratio:.2f} x the bare pass's", end="; ")
    print(f"{role_agreement(left, right):.1%} of the heads have the same role in both halves", flush=True)
    few, many = _peak(SENTENCES), _peak(10 * SENTENCES)
    what = f"{10 * SENTENCES:,} sentences"
    yield Row("peak of resident memory", what, many, group, few, MEMORY_AT_MOST, "bytes")


def measures_of(model: LoadedModel, texts: list[str]) -> RoleMeasures:
    """What the roles of a model's heads follow from, over these texts."""
    *_others, state = measure_texts(model, texts)
    assert state.measures is not None
    return state.measures


def print_peak(count: int) -> None:
    """Measure so many sentences, and print the most memory that this process has held, in bytes."""
    measures_of(load_model(MODEL), sentences(count))
    print(peak())


def _peak(count: int) -> int:
    """The same in a process of its own, that nothing else has grown."""
    done = subprocess.run(  # noqa: S603  this project's own program
        [sys.executable, "-c", f"from benchmarks.heads import print_peak; print_peak({count})"],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _bare(model: LoadedModel, texts: list[str]) -> None:
    """What anyone would write: tokens of all texts, batches of like length, a forward pass that returns attentions."""
    ids = model.tokenizer(texts)["input_ids"]
    for batch in LayerReader(model).in_batches(ids):
        inputs = model.tokenizer.pad({"input_ids": [ids[place] for place in batch]}, return_tensors="pt")
        with torch.inference_mode():
            model.model(**inputs, output_attentions=True)
