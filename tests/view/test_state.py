import base64
import json
import zlib
from dataclasses import fields, replace
from typing import get_args
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from tests.view.test_explorer_choices import SELECTIONS
from viz.inputs.examples import EXAMPLES, FIRST
from viz.inputs.text import MAX_CHARACTERS
from viz.lessons.lesson_list import LESSONS
from viz.metrics.role_measures import RoleMeasure
from viz.models import ModelCard
from viz.models.settings import settings
from viz.pictures.explorer.selection import Selection
from viz.view.link import LONGEST_LINK, PARAMETERS, fits_link, for_others, from_params, to_params
from viz.view.state import DEFAULT, Over, ViewState, bound, example_of

# No lone surrogates: `clean()` replaces them before a text becomes part of a view.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
NAMES = [*PARAMETERS.values(), "unknown"]
# Embedded, of the catalogue, one that nobody knows, and one with a revision.
MODELS = [
    "all-MiniLM-L6-v2",
    "multilingual-e5-small",
    "prajjwal1/bert-tiny",
    "google-t5/t5-small",
    "no/such@main",
]
VIEWS = st.builds(
    ViewState,
    model=st.sampled_from(MODELS),
    text=TEXT,
    pair=TEXT,
    layer=st.integers(0, 5),
    head=st.integers(0, 11),
    scope=st.sampled_from(["head", "layer", "model"]),
    specials=st.booleans(),
    measure=st.sampled_from(
        ["first", "closing", "punctuation", "itself", "before", "after", "distance", "entropy"]
    ),
    compare=st.sampled_from(["texts", "models"]),
    other=TEXT,
    model2=st.sampled_from(MODELS),
    layer2=st.integers(0, 5),
    head2=st.integers(0, 11),
    stretch=st.booleans(),
    lessons=st.sampled_from(["", '{"training":{"seed":3}}', '{"by_hand":{"temperature":0.5}}']),
    answered=st.sets(st.integers(1, 21)).map(sorted).map(tuple),
    switches=SELECTIONS,
    saved=st.lists(st.sampled_from(["?", "?head=3", "guide?layer=2", "x?<b>"]), max_size=4).map(tuple),
    present=st.booleans(),
    target=TEXT,
    flow=st.sampled_from(["rollout", "flow", "raw", "beside"]),
    depth=st.integers(0, 12),
    through=st.sampled_from(["all", "chosen"]),
    weigh=st.sampled_from(["attention", "norm"]),
    off=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 11)), max_size=20).map(sorted).map(tuple),
    over=st.sampled_from(get_args(Over)),
    role_measure=st.sampled_from(get_args(RoleMeasure)),
    language=st.sampled_from([None, "en", "zh"]),
).map(bound)


@given(VIEWS)
def test_a_view_goes_to_a_link_and_back(view: ViewState) -> None:
    if fits_link(view):
        assert from_params(to_params(view)) == (view, ())


def test_the_first_view_is_a_bare_address() -> None:
    assert to_params(DEFAULT) == {}
    assert from_params({}) == (DEFAULT, ())
    assert DEFAULT.text == FIRST.text


def test_a_link_of_long_ago_opens_its_view() -> None:
    link = (
        "model=multilingual-e5-small&scope=layer&measure=entropy&compare=models&model2=all-MiniLM-L6-v2&flow=raw"
        "&through=chosen&over=own&role_measure=after&weigh=norm&text=One.&pair=Two.&other=Three.&target=Four."
        "&layer=12&head=3&layer2=2&head2=4&depth=5&specials=0&stretch=1&present=1&show=%7B%22direction%22%3A%22to%22%7D"
        "&off=4.2.7-9_6.1&lessons=%7B%22why%22%3A%7B%22first%22%3A2%7D%7D&answered=1.5&saved=heads%3Fhead%3D2&lang=zh"
    )
    params = dict(parse_qsl(link))
    expected = ViewState(
        model="multilingual-e5-small",
        text="One.",
        pair="Two.",
        layer=11,
        head=2,
        scope="layer",
        specials=False,
        switches=Selection(direction="to"),
        measure="entropy",
        compare="models",
        other="Three.",
        model2="all-MiniLM-L6-v2",
        layer2=1,
        head2=3,
        stretch=True,
        target="Four.",
        off=((3, 1), (3, 6), (3, 7), (3, 8), (5, 0)),
        flow="raw",
        depth=5,
        through="chosen",
        over="own",
        role_measure="after",
        weigh="norm",
        lessons='{"why":{"first":2}}',
        answered=(1, 5),
        saved=("heads?head=2",),
        present=True,
        language="zh",
    )
    assert from_params(params) == (expected, ())
    assert to_params(expected) == params
    assert list(to_params(expected)) == list(PARAMETERS.values())


def test_people_count_from_one() -> None:
    assert to_params(replace(DEFAULT, layer=0, head=10)) == {"layer": "1", "head": "11"}
    assert to_params(replace(DEFAULT, depth=2)) == {"depth": "2"}


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    )
)
def test_any_link_gives_a_valid_view(params: dict[str, str]) -> None:
    view, notes = from_params(params)
    assert bound(view) == view
    assert all(str(note) for note in notes)


@pytest.mark.parametrize(
    ("params", "expected", "note"),
    [
        ({"model": "../../etc/passwd"}, DEFAULT, "model was ignored. ../../etc/passwd"),
        ({"model": "https://example.org/a/b"}, DEFAULT, "model was ignored"),
        ({"model": "C:\\models\\bert"}, DEFAULT, "model was ignored"),
        ({"model": "local:../secret"}, DEFAULT, "model was ignored"),
        ({"target": "~z!!!"}, DEFAULT, "target"),
        ({"layer": "99"}, replace(DEFAULT, layer=5), "layer 99"),
        ({"layer": "-5"}, replace(DEFAULT, layer=0), "layer -5"),
        ({"head": "0"}, replace(DEFAULT, head=0), "head 0"),
        ({"head": "²"}, DEFAULT, "head"),
        ({"head": "9" * 5000}, DEFAULT, "head"),
        ({"lang": "tlh"}, DEFAULT, "lang"),
        ({"specials": "maybe"}, DEFAULT, "specials"),
        ({"text": "~z!!!"}, DEFAULT, "text"),
        ({"other": "~z!!!"}, DEFAULT, "other"),
        ({"other": "x" * (MAX_CHARACTERS + 1)}, DEFAULT, "100,001 characters"),
        ({"model2": "<b>"}, DEFAULT, "model2"),
        ({"layer2": "13"}, replace(DEFAULT, layer2=11), "layer2 13"),
        (
            {"model2": "all-MiniLM-L6-v2", "layer2": "7"},
            replace(DEFAULT, model2="all-MiniLM-L6-v2", layer2=5),
            "6",
        ),
        ({"head2": "0"}, replace(DEFAULT, head2=0), "head2 0"),
        ({"off": "7.1_6.13.2"}, replace(DEFAULT, off=((5, 1),)), "does not have"),
        ({"off": "1.<b>"}, DEFAULT, "off"),
        ({"flow": "all"}, DEFAULT, "flow"),
        ({"depth": "7"}, replace(DEFAULT, depth=6), "depth 7; all-MiniLM-L6-v2 has 1 to 6"),
        ({"depth": "-2"}, DEFAULT, "depth -2"),
        ({"depth": "three"}, DEFAULT, "depth"),
        ({"through": "some"}, DEFAULT, "through"),
        ({"measure": "weight"}, DEFAULT, "measure"),
        ({"over": "all"}, DEFAULT, "over"),
        ({"role_measure": "weight"}, DEFAULT, "role_measure"),
        ({"compare": "all"}, DEFAULT, "compare"),
        ({"weigh": "share"}, DEFAULT, "weigh"),
        ({"stretch": "2"}, DEFAULT, "stretch"),
        ({"text": "~zAAAA"}, DEFAULT, "text"),
        ({"text": "~q"}, DEFAULT, "text"),
        ({"text": "x" * (MAX_CHARACTERS * 10)}, DEFAULT, "1,000,000 characters"),
    ],
)
def test_a_bad_value_falls_back_and_is_named(params: dict[str, str], expected: ViewState, note: str) -> None:
    view, notes = from_params(params)
    assert view == expected
    assert len(notes) == 1
    assert note in str(notes[0])


def test_a_link_may_name_any_model_and_its_revision() -> None:
    view, notes = from_params({"model": " someone/something@refs/pr/3 ", "layer": "99"})
    assert (view.model, view.layer, notes) == ("someone/something@refs/pr/3", 98, ())


def test_a_link_cannot_name_a_model_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENTION_ATLAS_ALLOWED_MODELS", "prajjwal1/*")
    settings.cache_clear()
    try:
        assert from_params({"model": "prajjwal1/bert-tiny"})[0].model == "prajjwal1/bert-tiny"
        view, notes = from_params({"model": "gpt2", "model2": "gpt2"})
        assert (view.model, view.model2) == (DEFAULT.model, DEFAULT.model2)
        assert len(notes) == 2
        assert "prajjwal1/*" in str(notes[0])
    finally:
        settings.cache_clear()


@pytest.mark.parametrize("name", ["layer", "head", "layer2", "head2", "depth"])
@pytest.mark.parametrize(
    "number", ["--5", "---", "-", "+5", "5-", "1_0", " 5", "５", "²", "١", "1e3", "1" * 10, ""]
)
def test_what_is_no_number_falls_back_and_is_named(name: str, number: str) -> None:
    view, notes = from_params({name: number})
    assert view == DEFAULT
    assert [f"value for {name}" in str(note) for note in notes] == [True]


# What is nearly right comes further than chance does; half characters come in JSON alone.
NUMERALS = st.text("-+0123456789²１١_.e~ ", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
LESSON_JSON = st.dictionaries(st.sampled_from([lesson.slug for lesson in LESSONS]), JSON)
SHOWN_JSON = st.dictionaries(st.sampled_from([each.name for each in fields(Selection)]), JSON)
PACKED = st.binary(max_size=40).map(
    lambda raw: "~z" + base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")
)
VALUES = st.text(max_size=60) | NUMERALS | (JSON | LESSON_JSON | SHOWN_JSON).map(json.dumps) | PACKED


@pytest.mark.parametrize("name", NAMES)
@given(value=VALUES)
@settings_of_hypothesis(max_examples=60)
def test_no_value_of_a_link_stops_a_page(name: str, value: str) -> None:
    view, notes = from_params({name: value})
    assert bound(view) == view
    assert all(str(note) for note in notes)
    again, none = from_params(dict(parse_qsl(urlencode(to_params(view)), keep_blank_values=True)))
    assert (again, none) == (view, ())


def test_what_is_passed_on_has_no_answers_and_no_lesson_set_up() -> None:
    view = replace(DEFAULT, text="Ours.", answered=(1, 2), lessons='{"why":{"first":2}}')
    assert to_params(for_others(view)) == {"text": "Ours."}


def test_the_kind_of_map_says_how_many_layers_and_heads_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    card = ModelCard(
        "m", "m", ("en",), 12, 8, 512, "MIT", "hub", "", "", ("encoder", "decoder", "cross"), 3, 4
    )
    monkeypatch.setattr("viz.view.state.find_card", lambda _id: card)
    encoder = replace(DEFAULT, layer=11, head=7, layer2=11, head2=7)
    assert bound(encoder) == encoder
    cross = bound(replace(encoder, switches=Selection(kind="cross")))
    assert (cross.layer, cross.head, cross.layer2, cross.head2) == (2, 3, 11, 7)


def test_a_compressed_bomb_is_bounded() -> None:
    bomb = "~z" + base64.urlsafe_b64encode(zlib.compress(b"0" * 50_000_000, 9)).decode()
    view, notes = from_params({"text": bomb})
    assert view == DEFAULT
    assert len(notes) == 1


def test_a_long_text_is_compressed_and_a_very_long_one_left_out() -> None:
    prose = "It was the best of times, it was the worst of times. " * 100
    view = replace(DEFAULT, text=prose)
    assert fits_link(view)
    assert len(urlencode(to_params(view))) < 600
    noise = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(20_000))
    too_long = replace(DEFAULT, text=noise)
    assert not fits_link(too_long)
    assert "text" not in to_params(too_long)


def test_two_texts_that_are_too_long_together_are_both_left_out() -> None:
    noise = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(1_500))
    one = replace(DEFAULT, other=noise)
    assert fits_link(one)
    assert from_params(to_params(one)) == (one, ())
    both = replace(one, text=noise[::-1])
    assert not fits_link(both)
    assert not {"text", "other"} & set(to_params(both))


@given(VIEWS)
def test_a_link_is_never_longer_than_its_limit(view: ViewState) -> None:
    assert len(urlencode(to_params(replace(view, text=view.text * 30)))) <= LONGEST_LINK


def test_examples_are_known_by_their_text() -> None:
    assert len(EXAMPLES) >= 12
    assert len({(found.text, found.pair) for found in EXAMPLES}) == len(EXAMPLES)
    for found in EXAMPLES:
        view = ViewState(found.model, found.text, found.pair, found.layer, found.head)
        assert example_of(view) == found.id
        assert bound(view) == view
