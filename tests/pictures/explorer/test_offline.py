"""The explorer's document, read as a browser would read it: what is in it, and what can never be code."""

import base64
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pictures.explorer import messages
from tests.pictures.explorer.samples import HOSTILE, attention, encoding
from viz.pictures.explorer import offline, wire_format
from viz.pictures.explorer.payload import Payload, encode
from viz.pictures.explorer.scripts import expression, style
from viz.pictures.explorer.selection import Selection
from viz.pictures.explorer.strings import strings

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
EVIL = "</script><script>evil()</script><!-- & \u2028 \ud800 “猫”"
WORDS = strings(lambda text: text)


class Reader(HTMLParser):
    """Elements with their attributes, and the text of each script by its id, its class or "code"."""

    def __init__(self, document: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._in = ""
        self.feed(document.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.elements.append((tag, named))
        self._in = named.get("id") or named.get("class") or "code" if tag == "script" else tag

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        self.texts.append((self._in, data))

    def text(self, where: str) -> list[str]:
        return [text for place, text in self.texts if place == where]

    @property
    def given(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads("".join(self.text("given")))
        return found

    @property
    def messages(self) -> list[bytes]:
        return [base64.b64decode(text, validate=True) for text in self.text("weights")]


def made(payload: Payload, selection: Selection = Selection(), **options: Any) -> Reader:  # noqa: B008 - frozen
    options = {"title": "MiniLM · “The cat”", "language": "en", **options}
    return Reader(offline.page(payload, WORDS, selection, **options))


def test_it_is_a_document_whose_policy_lets_nothing_in_or_out() -> None:
    read = made(encode([attention(2, 3, encoding(7))]))
    tags = [tag for tag, _named in read.elements]
    assert tags[:3] == ["html", "head", "meta"]
    assert read.elements[0][1] == {"lang": "en"}
    policy = next(named for _tag, named in read.elements if named.get("http-equiv"))
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert (policy["content"] or "").startswith("default-src 'none'; ")
    assert tags.index("script") > tags.index("style") > read.elements.index(("meta", policy))
    assert set(tags) == {"html", "head", "meta", "title", "style", "body", "h1", "p", "main", "script"}


def test_it_names_no_other_file_or_host() -> None:
    document = offline.page(
        encode([attention(2, 3, encoding(7))]), WORDS, Selection(), title="t", language="en"
    ).decode("utf-8")
    assert set(re.findall(r"\w+://[^\"'` ]+", document)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\bsrc=|\bhref=|url\(|@import|^\s*(import|export)\b", document, re.MULTILINE)


def test_the_weights_come_back_as_they_were() -> None:
    one = attention(3, 2, encoding(9, pair=True))
    payload = encode([one])
    read = made(payload, Selection(layer=1, head=1))
    assert read.messages == [payload.first]
    found = messages.read(read.messages[0])
    for layer, weights in enumerate(one.weights):
        np.testing.assert_array_equal(found.weights[0, layer], wire_format.quantise(weights))
    assert (read.given["show"], read.given["note"]) == (payload.id, "")
    assert read.given["selection"] == json.loads(json.dumps(Selection(layer=1, head=1).to_json()))
    assert read.given["strings"] == WORDS


def layers_of(read: Reader) -> list[int]:
    """The layers in the document, in its order; each once."""
    first, *more = read.messages
    header = messages.read(first).header
    found = [list(messages.read(message, header).weights) for message in (first, *more)]
    return [layer for blocks in found for _number, layer in blocks]


def test_layers_that_would_come_later_are_all_in_it_those_near_the_picked_one_first() -> None:
    payload = encode([attention(5, 2, encoding(20))], layer=0, budget=1)
    read = made(payload, Selection(layer=3))
    assert payload.left == ((0, 1), (0, 2), (0, 3), (0, 4))
    assert layers_of(read) == [0, 3, 2, 4, 1]
    assert read.given["note"] == ""


def test_above_the_limit_only_the_layers_that_fit_are_in_it_and_it_says_so() -> None:
    one = attention(5, 2, encoding(20))
    payload = encode([one], layer=2, budget=1)
    limit = payload.nbytes + len(payload.more([(0, 1)]))
    read = made(payload, Selection(layer=2), limit=limit)
    assert layers_of(read) == [2, 1]
    assert sum(map(len, read.messages)) <= limit
    assert "only the layers 2, 3." in read.given["note"]
    assert "{layer}" in read.given["missing"]
    assert layers_of(made(payload, Selection(layer=2), limit=1)) == [2]


def test_hostile_text_stays_data() -> None:
    harmless = made(encode([attention(1, 2, encoding(5))]))
    payload = encode([attention(1, 2, encoding(5, hostile=True))])
    words = {**WORDS, "layer": EVIL}
    document = offline.page(payload, words, Selection(kind=EVIL), title=EVIL, language='"><script>')
    read = Reader(document)
    assert [tag for tag, _named in read.elements] == [tag for tag, _named in harmless.elements]
    assert read.text("code") == harmless.text("code")
    assert read.elements[0][1] == {"lang": '"><script>'}
    assert (read.given["title"], read.given["strings"]["layer"]) == (EVIL, EVIL)
    assert read.given["selection"]["kind"] == "encoder"
    assert not re.search(r"[<>&\u2028\u2029]", "".join(read.text("given")))
    assert b"evil()</script>" not in document
    assert messages.read(read.messages[0]).header["texts"][0]["labels"][1] == f"{HOSTILE}1"


def test_no_script_or_style_ends_before_its_end() -> None:
    scripts = [expression("main"), expression("feed")]
    assert not re.search(r"</script|<!--|<script", "".join(scripts), re.IGNORECASE)
    assert "<" not in style()
    assert [text.count("module_handover = ") for text in scripts] == [1, 1]
    assert [text.count("module_exchange = ") for text in scripts] == [1, 0]


@pytest.mark.parametrize(("name", "colours"), [("light", offline.LIGHT), ("dark", offline.DARK)])
def test_its_colours_and_letters_are_those_of_the_app(name: str, colours: dict[str, str]) -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    keys = ("textColor", "backgroundColor", "secondaryBackgroundColor", "primaryColor", "borderColor")
    assert list(colours.values()) == [theme[name][key] for key in keys]
    assert theme["font"] == offline.FONT


def test_every_property_of_the_theme_that_is_read_is_there() -> None:
    source = style() + expression("main")
    assert set(re.findall(r"--st-[a-z-]+", source)) <= {*offline.LIGHT, "--st-font"}
    assert offline.LIGHT.keys() == offline.DARK.keys()


def test_the_theme_is_the_systems_or_the_one_asked_for() -> None:
    payload = encode([attention(1, 1, encoding(5))])
    own, light, dark = ("".join(made(payload, dark=dark).text("style")) for dark in (None, False, True))
    assert "prefers-color-scheme: dark" in own
    assert (offline.LIGHT["--st-text-color"] in light, offline.DARK["--st-text-color"] in light) == (
        True,
        False,
    )
    assert (offline.LIGHT["--st-text-color"] in dark, offline.DARK["--st-text-color"] in dark) == (
        False,
        True,
    )


def test_its_own_words_are_translated() -> None:
    words = offline.Words().translated(str.upper)
    assert words.missing.startswith("LAYER")
    assert words.left_out.startswith("THE TEXT")


def test_the_same_view_gives_the_same_document() -> None:
    one, same = (encode([attention(2, 2, encoding(6))]) for _ in range(2))
    documents = {offline.page(each, WORDS, Selection(), title="t", language="en") for each in (one, same)}
    assert len(documents) == 1
