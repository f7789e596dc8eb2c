"""The explorer alone, served for tests with what no installed model gives: `?case=` names one of `CASES`."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from tests.pictures.explorer.samples import attention, encoding
from viz.attention import AttentionMap
from viz.inputs.encoding import Encoding
from viz.language.catalogues import translations
from viz.pictures.explorer.payload import Payload, encode
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings
from viz.ui.components.explorer_component import explorer

HOSTILE = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "</style><svg onload=window.pwned=1>",
    '"><b>{token}',
    "javascript:window.pwned=1",
    "{{7*7}}${7*7}",
]
SCRIPTS = {
    "arabic": "سلام على من اتبع الهدى ، قال الرجل (مبتسما) في 2024 بـ London ثم مضى",
    "hebrew": 'שלום לכולם , אמר האיש ( בחיוך ) בשנת 2024 ב London ואז הלך "הביתה"',
    "chinese": "小明 把 书 还 给 了 小红 ， 因为 她 明天 要 用 它 写 作业 。",
}


def worded(words: Sequence[str]) -> Encoding:
    """One token a word, with spaces between them and special tokens at both ends."""
    labels = ["[CLS]", *words, "[SEP]"]
    spans: list[tuple[int, int] | None] = [None]
    at = 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    count = len(labels)
    return replace(
        encoding(count),
        token_strings=tuple(labels),
        token_labels=tuple(labels),
        words=(None, *range(count - 2), None),
        spans=(*spans, None),
        text=" ".join(words),
    )


def seq2seq() -> list[AttentionMap]:
    source, target = (
        worded(["The", "animal", "was", "too", "tired", "to", "cross", "the", "street", "."]),
        worded(["L'", "animal", "était", "trop", "fatigué", "pour", "traverser", "la", "rue", "."]),
    )
    return [
        attention(6, 8, source, seed=1),
        attention(6, 8, target, kind="decoder", seed=2),
        attention(6, 8, target, source, kind="cross", seed=3),
    ]


def good() -> list[AttentionMap]:
    return [attention(3, 4, encoding(12))]


def broken(change: Callable[[bytes], bytes]) -> Payload:
    payload = encode([attention(3, 4, encoding(12), seed=9)])
    return replace(payload, first=change(payload.first))


CASES: dict[str, Callable[[], Payload]] = {
    "good": lambda: encode(good()),
    "large": lambda: encode([attention(24, 16, encoding(40))]),
    "seq2seq": lambda: encode(seq2seq()),
    "one-token": lambda: encode([attention(1, 1, encoding(1))]),
    "hostile": lambda: encode([attention(2, 2, worded(HOSTILE))]),
    **{
        name: lambda text=text: encode([attention(4, 4, worded(text.split()))])  # type: ignore[misc]
        for name, text in SCRIPTS.items()
    },
    "broken-empty": lambda: broken(lambda data: b""),
    "broken-start": lambda: broken(lambda data: b"<html>" + data),
    "broken-version": lambda: broken(lambda data: data[:4] + struct.pack("<H", 9) + data[6:]),
    "broken-header": lambda: broken(lambda data: data[:12] + b"x" + data[13:]),
    "broken-cut": lambda: broken(lambda data: data[:-40]),
    "broken-block": lambda: broken(lambda data: data[:-400] + b"\xff" * 400),
}


@st.cache_resource
def payload_of(case: str) -> Payload:
    """A case's payload, made once."""
    return CASES[case]()


def main() -> None:
    st.set_page_config(layout="wide")
    given = st.query_params
    chinese = given.get("lang") == "zh"
    payload = payload_of(given.get("case", "good"))
    selection = Selection(kind=given.get("kind", "encoder"), view=given.get("view", "map"))  # type: ignore[arg-type]
    explorer(payload, strings(translations("zh" if chinese else "en").gettext), selection, "explorer")


if __name__ == "__main__":
    main()
