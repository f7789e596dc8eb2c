"""Runs the tests of the browser's code, and compares what it computes with NumPy."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pictures.explorer.samples import attention, encoding, lengths
from tests.tokenizers_made import with_tokenizer
from viz.attention import AttentionMap
from viz.attention.merging import view_map
from viz.inputs.text import Encoding
from viz.inputs.text import encode as text_encode
from viz.pictures.explorer import scripts, wire_format
from viz.pictures.explorer.payload import encode
from viz.pictures.explorer.selection import Selection

HERE = Path(__file__).parent / "js"
OLDEST = 20


def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.fail(
            "Node is not installed; the explorer's code is tested with it. Install Node 20 or later (nodejs)."
        )
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < OLDEST:
        pytest.fail(f"Node {version.strip()} is installed; {OLDEST} or later is needed.")
    return found


def test_the_browsers_own_tests_pass() -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    assert files
    command = [node(), "--test", "--test-reporter=spec", *files]  # which tells at its end what failed
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("entry", ["main", "feed"])
def test_the_joined_script_is_a_module_with_a_default_function(entry: str, tmp_path: Path) -> None:
    script = tmp_path / "joined.mjs"
    script.write_text(scripts.script(entry), encoding="utf-8")
    program = f"const m = await import({json.dumps(script.as_uri())}); console.log(typeof m.default);"
    done = subprocess.run(
        [node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "function", done.stderr


def ask(tmp_path: Path, maps: list[AttentionMap], questions: list[dict[str, Any]], **options: Any) -> Any:
    """Let the browser's code read the payload of `maps` and answer."""
    payload = encode(maps, **options)
    (tmp_path / "first.bin").write_bytes(payload.first)
    (tmp_path / "more.bin").write_bytes(payload.more(payload.left) if payload.left else b"")
    whole = [
        question | {"state": Selection().to_json() | question.get("state", {})} for question in questions
    ]
    (tmp_path / "questions.json").write_text(json.dumps(whole), encoding="utf-8")
    done = subprocess.run(
        [node(), str(HERE / "oracle.mjs"), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("budget", [10**9, 10])
def test_every_weight_decoded_in_node_is_the_one_that_python_sent(tmp_path: Path, budget: int) -> None:
    queries, keys = encoding(9), encoding(37)
    maps = [attention(3, 4, keys), attention(2, 2, queries, keys, kind="cross", seed=5)]
    answers = ask(tmp_path, maps, [{"ask": "weights"}, {"ask": "miniatures"}], budget=budget)
    for each, found in zip(maps, answers[0], strict=True):
        steps = np.array(found, dtype=np.uint16).reshape(each.weights.shape)
        assert np.array_equal(steps, wire_format.quantise(each.weights))
        assert np.abs(steps / 65535 - each.weights).max() < 1 / 65535
    for each, found in zip(maps, answers[1], strict=True):
        assert np.array_equal(np.array(found).reshape(-1), wire_format.miniatures(each.weights).reshape(-1))


def units(text: Encoding, *, words: bool, hide: bool, segment: int | None) -> list[list[int]]:
    """The shown units of a side as lists of tokens: written anew, token by token."""
    found: list[list[int]] = []
    for token in range(len(text)):
        if (hide and text.special[token]) or (segment is not None and text.segments[token] != segment):
            continue
        word = text.words[token]
        if words and word is not None and found and text.words[found[-1][0]] == word:
            found[-1].append(token)
        else:
            found.append([token])
    return found


def merged(
    weights: Any, rows: list[list[int]], columns: list[list[int]], *, renormalise: bool
) -> tuple[Any, float]:
    """Sum over merged keys, mean over merged queries, and the mean mass on keys that are not shown."""
    out = np.zeros((len(rows), len(columns)))
    hidden = np.zeros(len(rows))
    shown = {token for column in columns for token in column}
    for r, row in enumerate(rows):
        for q in row:
            for c, column in enumerate(columns):
                for k in column:
                    out[r, c] += weights[q, k] / len(row)
            hidden[r] += sum(weights[q, k] for k in range(weights.shape[1]) if k not in shown) / len(row)
        if renormalise and out[r].sum() > 0:
            out[r] /= out[r].sum()
    return out, float(hidden.mean())


PAIRS: dict[str, tuple[int | None, int | None]] = {
    "all": (None, None),
    "AA": (0, 0),
    "AB": (0, 1),
    "BA": (1, 0),
    "BB": (1, 1),
}


def test_merging_hiding_and_renormalising_are_those_of_numpy(tmp_path: Path) -> None:
    text = encoding(17, pair=True)
    one = attention(2, 3, text, seed=11)
    states = [
        {"unit": unit, "hide_special": hide, "renormalise": scaled, "pair": pair, "layer": 1, "head": 2}
        for unit in ("tokens", "words")
        for hide in (False, True)
        for scaled in (False, True)
        for pair in PAIRS
    ]
    answers = ask(tmp_path, [one], [{"ask": "shown", "state": state} for state in states])
    weights = wire_format.dequantise(wire_format.quantise(one.weights))[1, 2].astype(float)
    for state, found in zip(states, answers, strict=True):
        words, hide = state["unit"] == "words", bool(state["hide_special"])
        rows, columns = (
            units(text, words=words, hide=hide, segment=side) for side in PAIRS[str(state["pair"])]
        )
        expected, mass = merged(weights, rows, columns, renormalise=bool(state["renormalise"]))
        assert (found["rows"], found["columns"]) == expected.shape
        assert np.allclose(np.reshape(found["values"], expected.shape), expected, atol=1e-6), state
        assert found["hidden"] == pytest.approx(mass, abs=1e-6)


def test_words_are_labelled_as_in_python_with_nothing_invisible(tmp_path: Path) -> None:
    text = "abc\u202edef costs \u2066ghi\u2069 a\u200bb \x07c a\nb \ue000 e\u0301"
    found = text_encode(with_tokenizer("llama"), text)
    count = len(found)
    weights = np.full((1, 1, count, count), 1 / count, dtype=np.float32)
    one = AttentionMap("encoder", weights, found, found)
    (labels,) = ask(tmp_path, [one], [{"ask": "labels", "state": {"unit": "words", "hideSpecial": False}}])
    assert labels == view_map(one, "words").map.keys.labels
    assert "abc⟨U+202E⟩def" in labels
    assert not any(unicodedata.category(character)[0] == "C" for character in "".join(labels))


def test_lengths_are_those_of_numpy_by_tokens_whatever_is_wished(tmp_path: Path) -> None:
    one = lengths(attention(2, 3, encoding(17), seed=11), largest=4.5)
    state = {"unit": "words", "hide_special": True, "renormalise": True, "layer": 1, "head": 2}
    found, texts = ask(
        tmp_path, [one], [{"ask": "shown", "state": state}, {"ask": "written", "state": state}]
    )
    norms, kept = one.weights[1, 2], [not special for special in one.keys.special]
    expected = norms[kept][:, kept]
    assert (found["rows"], found["columns"]) == expected.shape
    assert np.allclose(4.5 * np.reshape(found["values"], expected.shape), expected, atol=4.5 / 65535)
    hidden = 1 - expected.sum(axis=-1) / norms[kept].sum(axis=-1)
    assert found["hidden"] == pytest.approx(hidden.mean(), abs=1e-3)
    assert texts == [f"{value:.4f}" for value in expected.astype(float).flat]


@pytest.mark.parametrize("how", ["mean", "max"])
def test_several_heads_combine_as_in_numpy(tmp_path: Path, how: str) -> None:
    one = attention(2, 3, encoding(8), seed=3)
    heads = [[0, 0], [1, 2], [0, 1]]
    state = {"combine": how, "heads": heads}
    (found,) = ask(tmp_path, [one], [{"ask": "shown", "state": state}])
    steps = wire_format.dequantise(wire_format.quantise(one.weights))
    stack = np.stack([steps[layer, head] for layer, head in heads])
    expected = stack.mean(axis=0) if how == "mean" else stack.max(axis=0)
    assert np.allclose(np.reshape(found["values"], (8, 8)), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("threshold", "level"), [("absolute", 0.1), ("top", 3), ("mass", 0.8), ("mass", 1.0)]
)
def test_thresholds_keep_what_numpy_keeps(tmp_path: Path, threshold: str, level: float) -> None:
    one = attention(1, 1, encoding(20), seed=7)
    (found,) = ask(tmp_path, [one], [{"ask": "shown", "state": {"threshold": threshold, "level": level}}])
    values = np.reshape(found["values"], (20, 20)).astype(np.float32)
    keep = np.zeros_like(values, dtype=bool)
    for row, line in enumerate(values):
        order = sorted(range(20), key=lambda k: (-line[k], k))
        if threshold == "absolute":
            keep[row] = line >= level
        elif threshold == "top":
            keep[row, order[: int(level)]] = True
        else:
            held = np.cumsum(line[order].astype(float))
            for place, k in enumerate(order):
                before = held[place - 1] if place else 0.0
                keep[row, k] = before < level * held[-1] - 1e-9 and line[k] > 0
    assert np.array_equal(np.reshape(found["keep"], (20, 20)).astype(bool), keep)


def test_the_entropy_shown_is_that_of_numpy(tmp_path: Path) -> None:
    one = attention(2, 2, encoding(30), seed=9)
    (found,) = ask(tmp_path, [one], [{"ask": "entropy"}])
    expected = -(one.weights * np.log(one.weights)).sum(axis=-1).mean(axis=-1)
    assert np.allclose(np.reshape(found, (2, 2)), expected, atol=2e-3)
