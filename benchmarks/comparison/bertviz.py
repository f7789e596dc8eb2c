"""What bertviz does in its process: the model called, its head view or model view made and written to a file.

The document is bertviz's own. Only its first line, which asks another host for require.js, is exchanged for d3 and
jQuery themselves and what hands them to bertviz's script, so that nothing is waited for.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import torch
from bertviz import head_view, model_view

from benchmarks.comparison.script import load
from benchmarks.comparison.worker import Job

ASKS = '<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.6/require.min.js"></script>'
FILES = (
    ("mpld3", "mpld3/js/d3.v5.min.js"),
    ("xstatic-jquery", "xstatic/pkg/jquery/data/jquery.min.js"),
)
GIVES = "const require = { config() {} }; const requirejs = (names, start) => start(jQuery, d3);"


def jobs(name: str) -> dict[str, Job]:
    """`head` and `all` write the head view and the model view of `text` into `file`; bytes are bertviz's alone."""
    model, tokenizer = load(name)

    def job(view: Callable[..., Any]) -> Job:
        def make(asked: Mapping[str, str]) -> int:
            inputs = tokenizer(asked["text"], return_tensors="pt")
            with torch.no_grad():
                attentions = model(**inputs, output_attentions=True).attentions
            tokens = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
            written: str = view(attentions, tokens, html_action="return").data
            return _keep(written, Path(asked["file"]))

        return make

    return {"head": job(head_view), "all": job(model_view)}


def _keep(written: str, file: Path) -> int:
    assert written.count(ASKS) == 1, "bertviz asks for its scripts in another way"
    scripts = [Path(str(distribution(name).locate_file(path))).read_text("utf-8") for name, path in FILES]
    supplied = "".join(f"<script>{script}</script>" for script in (*scripts, GIVES))
    file.write_text(
        f'<!doctype html><meta charset="utf-8">{written.replace(ASKS, supplied)}', encoding="utf-8"
    )
    return len(written.encode())
