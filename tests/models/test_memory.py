"""Ten models through a place for two: the process does not grow with the number of models it has seen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny import made_for

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MODELS = 10
ROUNDS = 2
WORDS = 40_000
WEIGHTS_MB = WORDS * 256 * 4 / 1e6  # the table of words, next to which the rest is nothing

CYCLE = """
import gc
import sys
from pathlib import Path

from viz.attention import attend
from viz.serving.resident_models import Residents


def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def sizes(residents, names):
    for name in names:
        model = residents.load(f"local:{name}")
        sum(float(each.sum()) for each in model.model.parameters())  # weights are read from the file when touched
        assert attend(model, "The cat sat.").encoder.weights.shape[0] == 2
        del model
        yield resident_mb()


rounds, *names = sys.argv[1:]
print(*sizes(Residents(), names * int(rounds)))
gc.collect()
print(*sizes(Residents(most=len(names)), names))
"""


def _sizes(folder: Path, names: list[str], limit: int) -> tuple[list[float], list[float]]:
    """The process's resident size in MB after each of these models: with a place for `limit`, and with one for all."""
    environment = os.environ | {
        "ATTENTION_ATLAS_LOCAL_MODELS": str(folder),
        "ATTENTION_ATLAS_RESIDENT_MODELS": str(limit),
        "OMP_NUM_THREADS": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", CYCLE, str(ROUNDS), *names],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    bounded, unbounded = ([float(size) for size in line.split()] for line in ran.stdout.splitlines())
    return bounded, unbounded


def test_ten_models_through_a_place_for_two_keep_the_process_bounded(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(MODELS)]
    for number, name in enumerate(names):
        made_for("bert", tmp_path / name, seed=number, hidden_size=256, vocab_size=WORDS)
    two, all_of_them = _sizes(tmp_path, names, 2)
    # Beyond the two that stay, one that is being loaded and one that has just left.
    bound = two[1] + 2 * WEIGHTS_MB
    print(f"a place for two: {[round(size) for size in two]} MB, bound {bound:.0f} MB")
    print(f"a place for ten: {[round(size) for size in all_of_them]} MB")
    assert len(two) == MODELS * ROUNDS
    assert max(two) < bound
    assert max(all_of_them) > all_of_them[1] + (MODELS - 3) * WEIGHTS_MB  # what the limit spares
