"""Every way into the core, given what was made to break it: a valid value, or one of the app's own errors."""

import contextlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.hostile import IN_FILES, SHORT
from viz.errors import InputError, VizError
from viz.inputs.text import MAX_CHARACTERS, encode, encode_ids
from viz.lessons.by_hand.small_example import ByHand, steps_of
from viz.lessons.limits.limits_setup import Limits
from viz.lessons.many_heads.width_split import ManyHeads
from viz.lessons.translator.translation import Translating
from viz.lessons.why.path_lengths import Why
from viz.models import LoadedModel
from viz.models.model_name import parse_name
from viz.pictures.export import Provenance, read_bundle, write_bundle
from viz.pictures.export.number_files import read_npz
from viz.studies.corpus.treebank import read_conllu
from viz.studies.corpus.uploads import MAX_BYTES, MAX_TEXTS, read_column, read_file, read_pasted, read_table
from viz.ui.lessons.inside.inside_subject import InsideState
from viz.ui.lessons.training.training_lesson import Learning
from viz.view.link import from_params
from viz.view.state import bound

KINDS = (Why, ByHand, InsideState, ManyHeads, Translating, Limits, Learning)
MOST_MEMORY = 200 * 2**20  # bytes, of what Python allocates while it reads one upload

HOSTILE = st.sampled_from(sorted(IN_FILES.values()))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(2**63), 1e308, -0.0, 1e-320])
    | st.floats(allow_nan=True)
    | HOSTILE
    | st.sampled_from(SHORT),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def fields(kind: type[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON for a lesson: its own fields, some with a right value's type, and others."""
    names = sorted(kind.__dataclass_fields__)
    usual = TypeAdapter(kind).dump_python(kind(), mode="json")
    near = st.sampled_from(list(usual.values())) | st.integers(-2, 600) | JSON
    return st.dictionaries(st.sampled_from([*names, "__class__", "x" * 99]), near, max_size=5)


def bounded(read: Callable[[], object]) -> None:
    """Run it: whatever it finds, it takes no more than `MOST_MEMORY`, and raises nothing but the app's own errors."""
    tracemalloc.start()
    try:
        with contextlib.suppress(VizError):
            read()
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", IN_FILES)
def test_a_hostile_string_is_taken_as_text_everywhere(
    name: str, minilm: LoadedModel, e5: LoadedModel
) -> None:
    text = IN_FILES[name]
    for model in (minilm, e5):
        with contextlib.suppress(InputError):
            found = encode(model, text, text)
            assert len(found) == len(found.labels) <= 512
            assert encode(model, f"x {text}").labels
    bundle = write_bundle(Provenance("m", text[:50], text, pair=text, settings={text[:50]: text}), {})
    again = read_bundle(bundle).provenance
    assert again.text == again.pair
    assert len(again.text) == len(text)
    assert read_pasted(f"a\n{text}".replace("\0", "")).texts[0] == "a"
    read_table(f"{text}\n{text}\n")
    view, _notes = from_params(dict.fromkeys(("text", "saved", "model", "show", "answered"), text))
    assert bound(view) == view
    with contextlib.suppress(VizError):
        parse_name(text)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_lesson_takes_any_json_or_refuses_it_and_is_then_in_bounds(
    kind: type[Any], data: st.DataObject
) -> None:
    adapter = TypeAdapter(kind)
    try:
        found = adapter.validate_python(data.draw(fields(kind)))
    except ValidationError:
        return
    # What was taken can be written into a link again, and is then the same.
    written = json.dumps(adapter.dump_python(found, mode="json"), allow_nan=False)
    assert adapter.validate_python(json.loads(written)) == found
    if isinstance(found, ByHand):
        np.testing.assert_allclose(steps_of(found).weights.sum(axis=1), 1, rtol=1e-5)


@given(st.lists(st.integers() | st.sampled_from([2**63, -1, 10**30]), max_size=20))
def test_ids_that_are_no_tokens_are_refused(minilm: LoadedModel, ids: list[int]) -> None:
    with contextlib.suppress(VizError):
        found = encode_ids(minilm, ids)
        assert len(found) == len(found.labels)


@pytest.mark.parametrize(
    "text",
    [
        '"' * MAX_BYTES,
        '"\n' * (MAX_BYTES // 2),
        ";" * MAX_BYTES,
        ("," * 199 + "\n") * 5_000,
        "\n" * MAX_BYTES,
        "x" * 200_000 + ",a\n",
    ],
    ids=["quotes", "open quotes", "one row", "empty cells", "empty rows", "a giant cell"],
)
def test_a_table_made_to_be_slow_or_large_is_neither(text: str) -> None:
    bounded(lambda: read_column(read_table(text), "1"))


@pytest.mark.parametrize(
    "text",
    [
        "1\ta\n" * 1_000_000,
        "# text = x\n" * 500_000,
        "\n" * 5_000_000,
        "1-99999999\ta" + "\t_" * 8 + "\n" + "1\t" + "a" * 5_000_000 + "\t_" * 8 + "\n",
        "1\ta\t_\t_\t_\t_\t" + "9" * 5_000 + "\troot\t_\t_\n",
        "9" * 5_000 + "\ta\t_\t_\t_\t_\t0\troot\t_\t_\n",
        "1\ta\t_\t_\t_\t_\t0\troot\t_\t" + "a=b|" * 500_000 + "\n",
    ],
    ids=["short rows", "comments", "blank", "giant word", "giant head", "giant number", "giant notes"],
)
def test_a_treebank_made_to_be_slow_or_large_is_neither(text: str) -> None:
    with pytest.raises(InputError):
        read_conllu(text[:MAX_BYTES])


@given(st.lists(HOSTILE, min_size=1, max_size=4), st.sampled_from(["utf-8", "utf-16", "gb18030", "latin-1"]))
@settings(max_examples=60)
def test_an_upload_of_hostile_strings_is_read_or_refused(texts: list[str], encoding: str) -> None:
    data = "\n".join(texts).encode(encoding, errors="replace")
    for name in ("../../a.txt", "a.csv", "<b>.tsv", "a.conllu"):
        with contextlib.suppress(VizError):
            found = read_file(name, data)
            assert "\0" not in found.text
            assert 1 <= len(read_pasted(found.text).texts) <= MAX_TEXTS
            read_table(found.text)
            read_conllu(found.text)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


ABOUT = json.dumps(
    {"format": "attention-atlas-bundle", "version": 1, "model": "m", "revision": "r", "text": "t"}
    | {"settings": {}, "versions": {}}
).encode()
RIGHT = ("provenance.json", ABOUT)
HIGH = b"\0" * 20_000_000  # squeezes to a thousandth
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb in the weights": (
        lambda: zipped(RIGHT, ("attention.npz", zipped(("weights.npy", HIGH), ("model.npy", HIGH)))),
        "too large",
    ),
    "a ZIP in a ZIP in a ZIP": (
        lambda: zipped(RIGHT, ("attention.npz", zipped(("weights.npy", zipped(("x", HIGH)))))),
        "a part of it is missing|is none",
    ),
    "bzip2": (lambda: zipped(("provenance.json", HIGH[:5_000_000]), method=zipfile.ZIP_BZIP2), "too large"),
    "lzma": (lambda: zipped(("provenance.json", HIGH[:5_000_000]), method=zipfile.ZIP_LZMA), "too large"),
    "a million entries": (lambda: b"PK\x01\x02" * 1_000_000, "too many files"),
    "a folder": (lambda: zipped(RIGHT, ("folder/", b"")), "path"),
    "an unicode slash": (lambda: zipped(RIGHT, ("..\uff0fx", b"")), "path"),
    "a name with a NUL": (lambda: zipped(RIGHT, ("a\u0001b", b"")), "path"),
    "many keys": (
        lambda: zipped(("provenance.json", json.dumps({str(at): at for at in range(20_000)}).encode())),
        "not one of this app",
    ),
    "NaN for a version": (
        lambda: zipped(("provenance.json", ABOUT.replace(b": 1,", b": NaN,"))),
        "another version",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_its_reason_and_little_memory(name: str) -> None:
    make, reason = BOMBS[name]
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=reason):
            read_bundle(data)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@given(JSON)
@settings(max_examples=60)
def test_any_json_for_a_provenance_is_read_or_refused(value: Any) -> None:
    for about in (value, {**json.loads(ABOUT), "settings": value}, {**json.loads(ABOUT), "text": value}):
        with contextlib.suppress(VizError):
            found = read_bundle(zipped(("provenance.json", json.dumps(about).encode()))).provenance
            assert len(found.text) <= MAX_CHARACTERS


@given(st.binary(max_size=300), st.integers(0, 2**16 - 1), st.sampled_from([1, 2, 3]))
def test_any_bytes_for_an_array_are_refused(data: bytes, length: int, version: int) -> None:
    head = b"\x93NUMPY" + bytes([version, 0]) + length.to_bytes(2, "little") + data
    with pytest.raises(InputError):
        read_npz(zipped(("weights.npy", head)))


@given(
    st.dictionaries(
        st.sampled_from(["text", "saved", "lessons", "model", "show", "answered", "off", "layer", "lang"]),
        HOSTILE,
    )
)
def test_a_hostile_link_gives_a_view_in_bounds_and_notes_that_can_be_read(params: dict[str, str]) -> None:
    view, notes = from_params(params)
    assert bound(view) == view
    assert all(str(note) for note in notes)
