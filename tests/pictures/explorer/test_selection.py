from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.pictures.explorer.payload import Shape
from viz.pictures.explorer.selection import Memory, Selection, bounded, parse, settle

SHAPES = (Shape("encoder", 6, 12, 10, 10), Shape("cross", 2, 3, 5, 8))
NAMES = [each.name for each in fields(Selection)]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(ANYTHING | st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_the_browser_sends_the_selection_fits(raw: object) -> None:
    found = parse(raw, SHAPES)
    shape = next(each for each in SHAPES if each.kind == found.kind)
    assert 0 <= found.layer < shape.layers
    assert 0 <= found.head < shape.heads
    assert all(0 <= layer < shape.layers and 0 <= head < shape.heads for layer, head in found.heads)
    assert all(0 <= token < max(shape.queries, shape.keys) for token in found.tokens)
    assert 0 <= found.level <= 4096
    assert bounded(found, SHAPES) == found
    assert all(type(each) is int for each in (found.layer, found.head, *found.tokens))


def test_a_good_selection_comes_back_as_it_was() -> None:
    chosen = Selection(
        kind="cross",
        layer=1,
        head=2,
        heads=((0, 1), (1, 2)),
        tokens=(7, 0),
        pin=(4, 7),
        view="lines",
        direction="to",
        unit="words",
        hide_special=True,
        renormalise=True,
        combine="max",
        scale="log",
        threshold="mass",
        level=0.9,
        pair="AB",
    )
    assert parse(chosen.to_json(), SHAPES) == chosen


@pytest.mark.parametrize(
    ("raw", "field", "expected"),
    [
        ({"layer": 6}, "layer", 0),
        ({"layer": True}, "layer", 0),
        ({"head": "3"}, "head", 0),
        ({"head": 11}, "head", 11),
        ({"kind": "decoder"}, "kind", "encoder"),
        ({"tokens": [9, 10, -1, 9, "x", 2]}, "tokens", (9, 2)),
        ({"tokens": list(range(10)) * 99}, "tokens", tuple(range(10))),
        ({"heads": [[0, 0], [0, 0], [9, 9], [1], None]}, "heads", ((0, 0),)),
        ({"pin": [1, 99]}, "pin", None),
        ({"view": "javascript:"}, "view", "map"),
        ({"threshold": "mass", "level": 3}, "level", 0.0),
        ({"threshold": "top", "level": 3}, "level", 3.0),
        ({"level": float("nan")}, "level", 0.0),
        ({"hide_special": 1}, "hide_special", False),
    ],
)
def test_each_field_is_bounded_alone(raw: object, field: str, expected: object) -> None:
    assert getattr(parse(raw, SHAPES), field) == expected


A, B, C = (Selection(head=head) for head in (1, 2, 3))


def test_after_a_reload_the_browser_has_nothing_to_say_and_the_page_decides() -> None:
    assert settle(A, None, None) == A
    assert settle(A, B, None) == B


def test_the_browser_decides_while_the_page_only_repeats_itself() -> None:
    assert settle(A, B, Memory(passed=A, browser=None, held=A)) == B  # a person picked B
    assert settle(B, C, Memory(passed=A, browser=B, held=B)) == C  # the page learnt B, one step late


def test_the_page_decides_when_it_chose_anew_and_what_it_chose_stays() -> None:
    first = Memory(passed=A, browser=B, held=B)
    assert settle(C, B, first) == C
    later = Memory(passed=C, browser=B, held=C)
    assert settle(C, B, later) == C  # the browser repeats its old word
    assert settle(C, A, later) == A  # until a person picks again


def test_a_page_that_knows_some_fields_only_leaves_the_others_alone() -> None:
    picked = Selection(head=2, view="lines", scale="log")
    before = Memory(passed=Selection(head=2), browser=picked, held=picked)
    assert settle(Selection(head=2), picked, before) == picked
    assert settle(Selection(head=7), picked, before) == replace(picked, head=7)


def test_another_text_keeps_the_switches_and_drops_the_tokens() -> None:
    chosen = Selection(head=4, tokens=(1, 2), pin=(0, 1), scale="log")
    assert chosen.without_tokens() == replace(chosen, tokens=(), pin=None)
