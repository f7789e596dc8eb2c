"""The explorer as one HTML document, which opens from disk in any browser and asks nobody for anything.

    page(encode([result.encoder]), strings(tr), selection, title="...", language="en")  ->  bytes

It holds the scripts and the style of `scripts`, and the messages of `payload` as Base64. Texts are in it as JSON, which
its script reads and puts on the page as text: none of them is ever HTML or code.
"""

import base64
import html
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from viz.language import _, translated_words
from viz.pictures.explorer import scripts
from viz.pictures.explorer.payload import Block, Payload
from viz.pictures.explorer.selection import Selection, bounded

LIMIT = 24 * 2**20
"""Bytes of weights in one document, compressed; in Base64 they are a third more."""

# The custom properties that Streamlit gives a component, with the colours of the app's two themes.
LIGHT = {
    "--st-text-color": "#1c2430",
    "--st-background-color": "#ffffff",
    "--st-secondary-background-color": "#f3f5f8",
    "--st-primary-color": "#1d5fc4",
    "--st-border-color": "#838d9c",
}
DARK = {
    "--st-text-color": "#e8ebf0",
    "--st-background-color": "#11151b",
    "--st-secondary-background-color": "#1c222b",
    "--st-primary-color": "#7fb2ff",
    "--st-border-color": "#6b7686",
}
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)

_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"

_STYLE = """
body { margin: 0 auto; max-width: 1400px; padding: 16px; font-family: var(--st-font);
       background: var(--st-background-color); color: var(--st-text-color); }
h1 { margin: 0 0 12px; font-size: 1.125rem; font-weight: 600; overflow-wrap: anywhere; }
#note { margin: 0 0 12px; }
"""

# What Streamlit's side does in the app: it hands out the messages, and hears what is picked, which nobody needs here.
_START = """
const read = (id) => document.getElementById(id);
const given = JSON.parse(read("given").textContent);
document.title = read("title").textContent = given.title;
read("note").textContent = given.note;
read("note").hidden = !given.note;

function bytes(element) {
  const text = atob(element.textContent);
  element.remove();
  const data = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) data[i] = text.charCodeAt(i);
  return data;
}

let strings = given.strings;
const show = () => view({ data: { key: "explorer", strings }, parentElement: read("explorer"), setStateValue() {} });
const [first, ...more] = document.querySelectorAll("script.weights");
const ask = (name, { part }) => {
  if (more.length) feed({ data: bytes(more.shift()), parentElement: {}, setStateValue: ask });
  else if (part !== null) {
    strings = { ...given.strings, layer_loading: given.missing };
    show();
  }
};
show();
feed({ data: { to: "explorer", show: given.show, selection: given.selection, seq: 0 }, parentElement: {} });
feed({ data: bytes(first), parentElement: {}, setStateValue: ask });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
"""


@dataclass(frozen=True)
class Words:
    """What a document says beside the explorer's own words, in English unless others are given."""

    left_out: str = _("The text is long: this file has only the layers {layers}. The app has all of them.")
    missing: str = _("Layer {layer} is not in this file, which would be too large with it.")

    def translated(self, translate: Callable[[str], str]) -> "Words":
        """These words, each looked up by `translate`."""
        return translated_words(self, translate)


ENGLISH = Words()


def page(
    payload: Payload,
    strings: Mapping[str, str],
    selection: Selection,
    *,
    title: str,
    language: str,
    dark: bool | None = None,
    words: Words = ENGLISH,
    limit: int = LIMIT,
) -> bytes:
    """The document, with all layers, or where they need more than `limit` bytes, with those nearest to the picked one.

    `strings` are those of `viz.pictures.explorer.strings`, translated, `title` says above the explorer which model
    and text it shows, `language` is a BCP 47 tag. `dark` is None where the reader's own system decides.
    """
    selected = bounded(selection, payload.shapes)
    more = dict(_fitting(payload, selected, limit))
    inside = [block for block in _every(payload) if block in more or block not in payload.left]
    layers = sorted({layer + 1 for _number, layer in inside})
    complete = len(inside) == len(_every(payload))
    content = {
        "title": title,
        "note": "" if complete else words.left_out.format(layers=", ".join(map(str, layers))),
        "strings": dict(strings),
        "missing": words.missing,
        "selection": selected.to_json(),
        "show": payload.id,
    }
    weights = "".join(
        f'<script class="weights" type="text/plain">{base64.b64encode(data).decode("ascii")}</script>\n'
        for data in (payload.first, *more.values())
    )
    document = (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(strings['title'])}</title>\n"
        f"<style>{_theme(dark)}{_STYLE}{scripts.style()}</style>\n</head>\n<body>\n"
        '<h1 id="title"></h1>\n<p id="note" hidden></p>\n<main id="explorer"></main>\n'
        f'<script id="given" type="application/json">{_json(content)}</script>\n{weights}'
        f'<script>"use strict";\nconst view = {scripts.expression("main")};\n'
        f"const feed = {scripts.expression('feed')};\n{_START}</script>\n</body>\n</html>\n"
    )
    return document.encode("utf-8")


def _every(payload: Payload) -> list[Block]:
    return [(number, layer) for number, shape in enumerate(payload.shapes) for layer in range(shape.layers)]


def _fitting(payload: Payload, selection: Selection, limit: int) -> Iterator[tuple[Block, bytes]]:
    """The blocks that `payload.first` left out, each as a message, the picked layer's first, while they fit."""

    def distance(block: Block) -> tuple[bool, int]:
        return payload.shapes[block[0]].kind != selection.kind, abs(block[1] - selection.layer)

    size = payload.nbytes
    for block in sorted(payload.left, key=distance):
        message = payload.more([block])
        size += len(message)
        if size > limit:
            return
        yield block, message


def _theme(dark: bool | None) -> str:
    """The custom properties as CSS; for None those of the system's own scheme."""
    if dark is not None:
        return _rule(DARK if dark else LIGHT, "dark" if dark else "light")
    return f"{_rule(LIGHT, 'light')}@media (prefers-color-scheme: dark) {{ {_rule(DARK, 'dark')} }}\n"


def _rule(colours: Mapping[str, str], scheme: str) -> str:
    properties = {"color-scheme": scheme, **colours, "--st-font": FONT}
    return f":root {{ {' '.join(f'{name}: {value};' for name, value in properties.items())} }}\n"


def _json(value: object) -> str:
    """JSON in ASCII that cannot end a script element, whatever strings are in it."""
    text = json.dumps(value)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
