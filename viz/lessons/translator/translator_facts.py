"""What was measured of the translator when it was trained: facts.json beside its weights."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from viz.attention import Weights
from viz.errors import ModelFileError
from viz.language import _

_FILE = "facts.json"


@dataclass(frozen=True, eq=False)
class Facts:
    """How a translator was trained, and how well it does.

    `minutes` are CPU minutes. `exact` is the share of held-out phrases that come out word for word. `pointing_*`
    [layer, head], the mean of the heads last, is how often the cross-attention points at the right word where an
    adjective and its noun change places (`tools.translator.pointing.pointing`).
    """

    seed: int
    training: int
    held_out: int
    epochs: int
    weights: int
    minutes: float
    exact: float
    pointing_trained: Weights
    pointing_held_out: Weights


def write_facts(folder: Path, facts: Facts) -> None:
    """Put them into the folder, beside the weights."""
    plain = {
        name: value.round(4).astype(float).round(4).tolist() if isinstance(value, np.ndarray) else value
        for name, value in vars(facts).items()
    }
    (folder / _FILE).write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


@lru_cache(maxsize=4)
def read_facts(folder: Path) -> Facts:
    """The facts in a folder. Raises `ModelFileError` where they are missing or are something else."""
    try:
        values = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        for name in ("pointing_trained", "pointing_held_out"):
            values[name] = np.asarray(values[name], dtype=np.float32)
            values[name].setflags(write=False)
        return Facts(**values)
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ModelFileError(
            _("What was measured of the translator cannot be read ({reason}). Please install the app again."),
            reason=f"{type(exc).__name__}: {exc}",
        ) from exc
