"""The scripts of a BertViz document: the same in every document, so that a page may allow just these by their hashes.

What differs from document to document (weights, words, colours) is data, in an element of the id "given".
"""

import base64
import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal, get_args

from viz.errors import VizError
from viz.language import _

View = Literal["head", "model"]

# What BertViz's scripts ask of require.js and of its Python side.
_BEFORE = """
// The model view is 970 pixels wide, whatever the window; smaller it still can be read, to a point.
document.documentElement.style.setProperty("--zoom", Math.max(0.6, Math.min(1, window.innerWidth / 990)));
const given = JSON.parse(document.getElementById("given").textContent);
d3.schemeCategory10 = given.colours;
const require = { config() {} };
const requirejs = (names, start) => start(jQuery, d3);
const PYTHON_PARAMS = given.params;
PYTHON_PARAMS.attention = given.blocks.map(({ name, rows, columns }) => ({
  name,
  attn: given.attention.map((layer) => layer.map((head) =>
    head.slice(...rows).map((row) => row.slice(...columns)))),
  left_text: given.queries.slice(...rows),
  right_text: given.keys.slice(...columns),
}));
"""


@cache
def scripts(view: View) -> tuple[str, ...]:
    """The scripts of a view in their order: d3, jQuery, what BertViz's own expects, and BertViz's own.

    Raises `VizError` where a file of an installed package is missing.
    """
    return (
        _file("mpld3", "mpld3/js/d3.v5.min.js"),
        _file("xstatic-jquery", "xstatic/pkg/jquery/data/jquery.min.js"),
        _BEFORE,
        _view_script(view),
    )


def script_hashes() -> list[str]:
    """All scripts as a Content-Security-Policy names them, each once. Raises what `scripts` raises."""
    every = dict.fromkeys(script for view in get_args(View) for script in scripts(view))
    digests = (hashlib.sha256(script.encode()).digest() for script in every)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _view_script(view: View) -> str:
    """BertViz's script, with its fixed English words, its ten layer colours and its black ground exchanged."""
    script = _file("bertviz", f"bertviz/{view}_view.js")
    if view == "head":
        return script
    detail = """'Layer ' + config.layers[layerIndex] + ", Head " + config.heads[headIndex]"""
    title = "given.words.layer + ' ' + config.layers[layerIndex] + ' · ' + "
    title += "given.words.head + ' ' + config.heads[headIndex]"
    for old, new in (
        ('.text("Heads")', ".text(given.words.heads)"),
        ('.text("Layers")', ".text(given.words.layers)"),
        (detail, title),
        ("'background': 'black'", "'background': '#11151b'"),
        (
            "LAYER_COLORS[config.layers[layer] % 10]",
            "LAYER_COLORS[(config.layers[layer] - 1) % given.layers]",
        ),
    ):
        assert script.count(old) == 1, f"model_view.js has changed: {old}"
        script = script.replace(old, new)
    return script


def _file(package: str, path: str) -> str:
    """A text file of an installed package, which is not imported for it."""
    try:
        return Path(str(distribution(package).locate_file(path))).read_text(encoding="utf-8")
    except (PackageNotFoundError, OSError) as exc:
        raise VizError(
            _("A file of the package {package} is missing: {path}. Please install the requirements again."),
            package=package,
            path=path,
        ) from exc
