"""BertViz's head view and model view as one document that asks nobody for anything.

BertViz's own scripts run as they are installed (`viz.pictures.bertviz_scripts`): its Python side would fetch d3,
jQuery and require.js from other hosts, and write the weights twice and unescaped, so only its scripts are taken. What
they expect is given to them as data that is no script.

Vig 2019, "A Multiscale Visualization of Attention in the Transformer Model", ACL.
"""

import colorsys
import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from viz.attention import AttentionMap, Weights
from viz.errors import InputError, VizError
from viz.language import _, translated_words
from viz.pictures.bertviz_scripts import View, scripts

BUDGET = 4 * 2**20
"""Bytes of weights in one document."""

MOST_LINES = 150_000
"""Lines a browser is made to draw; BertViz draws one for each weight on screen, in a second or so for these."""

_STEPS = 10_000  # weights are written with four decimals
_LONGEST_TOKEN = 20
# The ten colours that BertViz has, and two more, as far from them and from each other as could be found.
_TEN = "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf"
_COLOURS = (*_TEN.split(), "#dd00ff", "#99cc99")
_ROW, _HEAD_TOP = 22.5, 30  # pixels, as in head_view.js
_DETAIL_ROW, _DETAIL_TOP = 18, 55  # pixels, as in model_view.js
_AXIS, _THUMBNAIL, _PADDING = 38, 7, 10
_WIDTH = 990  # pixels, with the document's edges
_AROUND, _MENU = 60, 24  # pixels for a document's edges and menus, and for a menu that wraps
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light; --ink: #1c2430; --ground: #ffffff; --under: #dfe4ec; }
:root.dark { color-scheme: dark; --ink: #e8ebf0; --ground: #11151b; --under: #3a4452; }
body { margin: 8px; padding-left: clamp(0px, calc(100vw - 400px), 60px); background: var(--ground); color: var(--ink);
       font: 15px system-ui, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
body.model { padding-left: 0; zoom: var(--zoom, 1); }
select { font: inherit; margin-right: 1em; }
h1 { position: absolute; clip-path: inset(50%); margin: 0; white-space: nowrap; } /* read out only */
#vis { margin-top: 8px; }
#vis svg { overflow: visible; }
#vis svg text { fill: var(--ink); }
#vis .background { fill: var(--under); }
"""


@dataclass(frozen=True)
class Words:
    """What a document says, in English unless others are given."""

    language: str = "en"
    layer: str = _("Layer")
    layers: str = _("Layers")
    head: str = _("Head")
    heads: str = _("Heads")
    attention: str = _("Attention")
    everything: str = _("All")
    inside_first: str = _("Sentence A → Sentence A")
    inside_second: str = _("Sentence B → Sentence B")
    to_second: str = _("Sentence A → Sentence B")
    to_first: str = _("Sentence B → Sentence A")

    def translated(self, language: str, translate: Callable[[str], str]) -> "Words":
        """These words in `language`, each looked up by `translate`."""
        return translated_words(self, translate, language=language)


ENGLISH = Words()


@dataclass(frozen=True)
class Document:
    """A view as HTML, for an iframe of this height in pixels; `layers` are those it holds, counted from 0.

    In a frame that is narrower than `width` it is drawn smaller, down to 0.6 of its size, and so needs less height.
    """

    html: str = field(repr=False)
    width: int
    height: int
    layers: tuple[int, ...]


@dataclass(frozen=True)
class _Block:
    """A part of the weights that BertViz can be asked for: the queries and the keys from and up to which token."""

    name: str
    rows: tuple[int, int]
    columns: tuple[int, int]


def head_view(
    attention: AttentionMap,
    layer: int,
    *,
    heads: Sequence[int] | None = None,
    words: Words = ENGLISH,
    dark: bool = False,
    budget: int = BUDGET,
) -> Document:
    """Tokens on the left, tokens on the right, a line for each weight of a layer, a colour a head.

    It opens at `layer`, with the heads in `heads` switched on (all when None); all count from 0. Layers further from
    `layer` are left out where all would need more than `budget` bytes. Raises `InputError` where the tokens are too
    many to be drawn.
    """
    lines = attention.weights[0].size
    if lines > MOST_LINES:
        raise _too_long(attention, attention.heads)
    rows, layers = _numbers(attention.weights, layer, budget, most=attention.layers)
    blocks = _blocks(attention, words)
    params = {
        "default_filter": "0",
        "root_div_id": "bertviz",
        "layer": layer + 1,
        "heads": None if heads is None else list(heads),
        "include_layers": [number + 1 for number in layers],
    }
    menu = f'<label>{_escaped(words.layer)}: <select id="layer"></select></label>{_filter(blocks, words)}'
    height = max(attention.weights.shape[2:]) * _ROW + _HEAD_TOP + _AROUND + _MENU * (len(blocks) > 1)
    document = _document("head", attention, rows, params, menu, blocks, words, dark)
    return Document(document, 0, round(height), layers)


def model_view(
    attention: AttentionMap, layer: int, *, words: Words = ENGLISH, dark: bool = False, budget: int = BUDGET
) -> Document:
    """Every head of every layer as a small picture, one row a layer; a click opens one of them.

    Layers further from `layer` (counted from 0) are left out where all would need more than `budget` bytes, or more
    than `MOST_LINES` lines. Raises `InputError` where not even one layer can be drawn.
    """
    most = MOST_LINES // max(1, attention.weights[0].size)
    if most < 1:
        raise _too_long(attention, attention.heads)
    rows, layers = _numbers(attention.weights, layer, budget, most)
    blocks = _blocks(attention, words)
    params = {
        "default_filter": "0",
        "display_mode": "dark" if dark else "light",
        "root_div_id": "bertviz",
        "include_layers": [number + 1 for number in layers],
        "include_heads": list(range(1, attention.heads + 1)),
        "total_heads": attention.heads,
    }
    tokens = max(attention.weights.shape[2:])
    thumbnail = tokens * _THUMBNAIL * 12 / attention.heads + _PADDING
    height = max(len(layers) * thumbnail + _AXIS, tokens * _DETAIL_ROW + _DETAIL_TOP) + _AROUND
    document = _document("model", attention, rows, params, _filter(blocks, words), blocks, words, dark)
    return Document(document, _WIDTH, round(height), layers)


def colours(count: int) -> tuple[str, ...]:
    """`count` different colours, "#rrggbb": BertViz's own as far as they go."""
    if count <= len(_COLOURS):
        return _COLOURS[:count]
    wheel = [colorsys.hls_to_rgb(index / count, 0.42 + 0.16 * (index % 2), 0.75) for index in range(count)]
    return tuple("#" + "".join(f"{round(255 * part):02x}" for part in colour) for colour in wheel)


def _too_long(attention: AttentionMap, heads: int) -> VizError:
    return InputError(
        _(
            "BertViz draws a line for each pair of tokens in each head. This text has {tokens} tokens; up to {most} "
            "can be drawn for this model. Please shorten the text, or use the explorer, which has no such limit."
        ),
        tokens=max(attention.weights.shape[2:]),
        most=int((MOST_LINES / heads) ** 0.5),
    )


def _numbers(weights: Weights, layer: int, budget: int, most: int) -> tuple[str, tuple[int, ...]]:
    """The weights as JSON with four decimals, [layer, head, query, key], and which layers they are.

    The layers nearest to `layer` come first, until `budget` bytes are full or there are `most` of them; one at least.
    """
    layers_json: dict[int, str] = {}
    size = 0
    for number in sorted(range(len(weights)), key=lambda number: (abs(number - layer), number)):
        layer_json = _rows(weights[number])
        size += len(layer_json)
        if layers_json and (size > budget or len(layers_json) == most):
            break
        layers_json[number] = layer_json
    layers = tuple(sorted(layers_json))
    return "[" + ",".join(layers_json[number] for number in layers) + "]", layers


def _rows(weights: Weights) -> str:
    table = _written()
    steps = np.rint(np.clip(weights, 0, 1) * _STEPS).astype(np.int64)
    heads = (
        "[" + ",".join("[" + ",".join([table[step] for step in row]) + "]" for row in head) + "]"
        for head in steps.tolist()
    )
    return "[" + ",".join(heads) + "]"


@cache
def _written() -> tuple[str, ...]:
    """How 0, 0.0001, ... 1 are written; looking them up is five times as fast as writing them anew."""
    return tuple(f"{step / _STEPS:.4f}".rstrip("0").rstrip(".") for step in range(_STEPS + 1))


def _blocks(attention: AttentionMap, words: Words) -> list[_Block]:
    """All the weights, and for two texts also those within and between them."""
    queries, keys = attention.weights.shape[2:]
    every = _Block(words.everything, (0, queries), (0, keys))
    if attention.queries is not attention.keys or 1 not in attention.queries.segments:
        return [every]
    first, second = (0, attention.queries.segments.index(1)), (attention.queries.segments.index(1), queries)
    return [
        every,
        _Block(words.inside_first, first, first),
        _Block(words.inside_second, second, second),
        _Block(words.to_second, first, second),
        _Block(words.to_first, second, first),
    ]


def _filter(blocks: Sequence[_Block], words: Words) -> str:
    if len(blocks) == 1:
        return ""
    options = "".join(
        f'<option value="{index}">{_escaped(block.name)}</option>' for index, block in enumerate(blocks)
    )
    return f'<label>{_escaped(words.attention)}: <select id="filter">{options}</select></label>'


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_TOKEN else label[: _LONGEST_TOKEN - 1] + "…"


def _document(
    view: View,
    attention: AttentionMap,
    rows: str,
    params: dict[str, Any],
    menu: str,
    blocks: Sequence[_Block],
    words: Words,
    dark: bool,
) -> str:
    content = {
        "params": params,
        "words": {name: getattr(words, name) for name in ("layer", "layers", "head", "heads")},
        "layers": attention.layers,
        "colours": colours(max(attention.heads if view == "head" else attention.layers, 1)),
        "blocks": [{"name": block.name, "rows": block.rows, "columns": block.columns} for block in blocks],
        "queries": [_cut(label) for label in attention.queries.labels],
        "keys": [_cut(label) for label in attention.keys.labels],
    }
    data = f'{_json(content)[:-1]},"attention":{rows}}}'
    return (
        f'<!doctype html><html lang="{_escaped(words.language)}" class="{"dark" if dark else "light"}"><head>'
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<title>BertViz</title><style>{_STYLE}</style></head><body class="{view}">'
        f'<main id="bertviz"><h1>BertViz</h1><span>{menu}</span><div id="vis"></div></main>'
        f'<script type="application/json" id="given">{data}</script>'
        f"{''.join(f'<script>{script}</script>' for script in scripts(view))}</body></html>"
    )


def _json(value: object) -> str:
    """JSON that neither ends a script element nor a line of one, whatever strings are in it."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)
