"""BertViz's documents: the weights once, exact to four decimals, and nothing in them that could run or be fetched."""

import base64
import hashlib
import itertools
import json
import re
from importlib.metadata import PackageNotFoundError
from typing import Any

import numpy as np
import pytest
import torch

from tests.pictures.figures.samples import attention_map, words
from viz.attention import AttentionMap, attend
from viz.errors import InputError, VizError
from viz.models import LoadedModel
from viz.pictures import bertviz_scripts
from viz.pictures.bertviz import MOST_LINES, Document, Words, colours, head_view, model_view
from viz.pictures.bertviz_scripts import script_hashes

HOSTILE = (
    "</script><script>parent.pwned=1</script>",
    "<!--",
    "<img src=x onerror=alert(1)>",
    "a\u2028b\u2029&amp;",
)


def given(made: Document) -> dict[str, Any]:
    """The data in a document, as a browser reads it."""
    found = re.findall(r'<script type="application/json" id="given">(.*?)</script>', made.html, re.DOTALL)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


def theirs(html: str) -> dict[str, Any]:
    """What BertViz's own Python writes into its document."""
    found = re.search(r"const params = (.*?); // HACK", html)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture(scope="module")
def pair(minilm: LoadedModel) -> AttentionMap:
    return attend(minilm, "The cat sat.", "It was tired.").encoder


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves a file open
@pytest.mark.parametrize("view", [head_view, model_view])
def test_the_data_is_what_bertviz_itself_would_write(pair: AttentionMap, view: Any) -> None:
    """Its own Python on the same weights, except that people count layers and heads from 1."""
    import bertviz as original

    tensors = [torch.tensor(np.array(layer))[None] for layer in pair.weights]
    start = pair.queries.segments.index(1)
    made = getattr(original, view.__name__)(tensors, pair.queries.labels, start, html_action="return")
    expected, found = theirs(made.data), given(view(pair, 2))
    assert len(found["blocks"]) == len(expected["attention"]) == 5
    ours = np.array(found["attention"])
    for block, each in zip(found["blocks"], expected["attention"], strict=True):
        rows, columns = slice(*block["rows"]), slice(*block["columns"])
        np.testing.assert_allclose(ours[:, :, rows, columns], each["attn"], atol=0.5001e-4)
        assert found["queries"][rows] == each["left_text"]
        assert found["keys"][columns] == each["right_text"]
    assert found["params"].keys() | {"attention"} == expected.keys()
    assert found["params"]["include_layers"] == [layer + 1 for layer in expected["include_layers"]]


def test_the_weights_stand_in_the_document_once() -> None:
    found = attention_map(words(5), layers=2, heads=3)
    made = head_view(found, 0)
    row = ",".join(f"{weight:.4f}".rstrip("0") for weight in found.weights[1, 2, 4])
    assert made.html.count(row) == 1
    np.testing.assert_allclose(given(made)["attention"], found.weights, atol=0.5001e-4)


@pytest.mark.parametrize("view", [head_view, model_view])
def test_hostile_tokens_end_no_script(view: Any) -> None:
    harmless, hostile = view(attention_map(words(4)), 0), view(attention_map(HOSTILE), 0)
    for mark in ("<script", "</script", "<!--", "<img", "\u2028", "\u2029"):
        assert hostile.html.count(mark) == harmless.html.count(mark)
    assert given(hostile)["queries"][1:3] == ["<!--", "<img src=x onerror=…"]


def test_hostile_words_are_escaped() -> None:
    evil = Words(layer='"><img src=x>', layers="</script>", heads='");alert(1)//', attention="<b>")
    pair_of_two = attention_map(words(4))
    for made in (head_view(pair_of_two, 0, words=evil), model_view(pair_of_two, 0, words=evil)):
        assert "<img" not in made.html
        assert made.html.count("</script>") == 5
        assert '.text("");alert' not in made.html


@pytest.mark.parametrize("view", [head_view, model_view])
def test_nothing_is_fetched_from_anywhere(view: Any) -> None:
    made = view(attention_map(words(3)), 0)
    assert "default-src 'none'" in made.html
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]* (?:src|href)=", made.html)
    assert made.html.count("require.min.js") == 0


def test_layers_that_do_not_fit_are_left_out_and_named() -> None:
    found = attention_map(words(20), layers=6, heads=4)
    one = len(json.dumps(given(head_view(found, 0, budget=1))["attention"], separators=(",", ":")))
    made = head_view(found, 4, budget=3 * one + 200)
    assert made.layers == (3, 4, 5)
    assert given(made)["params"] | {"include_layers": [4, 5, 6], "layer": 5} == given(made)["params"]
    np.testing.assert_allclose(given(made)["attention"], found.weights[3:6], atol=0.5001e-4)
    assert len(made.html) < len(head_view(found, 4).html)
    assert head_view(found, 0, budget=1).layers == (0,)
    assert head_view(found, 0).layers == (0, 1, 2, 3, 4, 5)


def test_the_model_view_keeps_to_what_a_browser_can_draw() -> None:
    found = attention_map(words(60), layers=12, heads=12)
    made = model_view(found, 6)
    assert len(made.layers) == MOST_LINES // (12 * 60 * 60) == 3
    assert made.layers == (5, 6, 7)


@pytest.mark.parametrize("view", [head_view, model_view])
def test_too_many_tokens_are_refused_with_the_number_that_can_be(view: Any) -> None:
    most = int((MOST_LINES / 12) ** 0.5)
    assert view(attention_map(words(most), layers=1, heads=12), 0).layers == (0,)
    with pytest.raises(InputError, match=f"{most + 1} tokens; up to {most} can be drawn.*explorer"):
        view(attention_map(words(most + 1), layers=1, heads=12), 0)


def lab(colour: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """CIE L*a*b* of `#rrggbb` (D65), where distances are as people see them."""
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_twelve_heads_have_twelve_colours_that_look_different() -> None:
    assert given(head_view(attention_map(words(3), heads=12), 0))["colours"] == list(colours(12))
    distances = [
        np.linalg.norm(lab(one) - lab(other)) for one, other in itertools.combinations(colours(12), 2)
    ]
    assert min(distances) > 25
    assert all(len(set(colours(count))) == count for count in (1, 10, 12, 16, 24))


def test_cross_attention_has_its_own_tokens_on_each_side() -> None:
    found = given(head_view(attention_map(words(3), ["x", "y"]), 0))
    assert (found["queries"], found["keys"]) == (words(3), ["x", "y"])
    assert [block["columns"] for block in found["blocks"]] == [[0, 2]]


def test_a_head_can_be_shown_alone_and_the_document_speaks_its_language() -> None:
    chinese = Words(language="zh-Hans", layer="层", layers="层", head="头", heads="头")
    found = attention_map(words(3))
    made = head_view(found, 1, heads=[2], words=chinese, dark=True)
    assert given(made)["params"]["heads"] == [2]
    assert '<html lang="zh-Hans" class="dark">' in made.html
    second = model_view(found, 1, words=chinese)
    assert given(second)["words"] == {"layer": "层", "layers": "层", "head": "头", "heads": "头"}
    assert '.text("Heads")' not in second.html


@pytest.mark.parametrize("view", [head_view, model_view])
def test_every_script_of_a_document_is_known_by_its_hash(view: Any) -> None:
    chinese = Words(language="zh-Hans", layer="层", layers="层", head="头", heads="头")
    for made in (view(attention_map(words(3)), 0), view(attention_map(words(5), heads=12), 1, words=chinese)):
        found = re.findall(r"<script>(.*?)</script>", made.html, flags=re.DOTALL)
        assert len(found) == 4
        for script in found:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in script_hashes()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(bertviz_scripts, "distribution", nowhere)
    bertviz_scripts.scripts.cache_clear()
    with pytest.raises(VizError, match="package mpld3 is missing"):
        head_view(attention_map(words(3)), 0)
