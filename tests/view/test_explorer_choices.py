from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.pictures.explorer.selection import Selection
from viz.view.packed_parts import PLAIN_SELECTION, changes, pack_switches, picked, unpack_switches

NUMBERS = st.integers(0, 11)
SELECTIONS = st.builds(
    Selection,
    kind=st.sampled_from(["encoder", "decoder", "cross"]),
    heads=st.lists(st.tuples(NUMBERS, NUMBERS), unique=True, max_size=5).map(tuple),
    tokens=st.lists(NUMBERS, unique=True, max_size=5).map(tuple),
    pin=st.none() | st.tuples(NUMBERS, NUMBERS),
    view=st.sampled_from(["map", "sentence", "lines", "table"]),
    direction=st.sampled_from(["from", "to"]),
    unit=st.sampled_from(["tokens", "words"]),
    renormalise=st.booleans(),
    combine=st.sampled_from(["one", "mean", "max"]),
    scale=st.sampled_from(["linear", "sqrt", "log"]),
    threshold=st.sampled_from(["none", "absolute", "top", "mass"]),
    level=st.sampled_from([0.0, 0.25, 1.0]),
    pair=st.sampled_from(["all", "AA", "AB", "BA", "BB"]),
)


@given(SELECTIONS)
def test_switches_go_to_a_link_and_back(switches: Selection) -> None:
    packed = pack_switches(switches)
    assert (unpack_switches(packed) if packed else PLAIN_SELECTION) == switches


def test_nothing_changed_takes_no_room() -> None:
    assert pack_switches(PLAIN_SELECTION) == ""
    assert pack_switches(replace(PLAIN_SELECTION, layer=3, head=2, hide_special=True)) == ""


@pytest.mark.parametrize("packed", ["", "{", "[]", "1", '"x"', "[" * 3000, "{}" * 3000, "NaN"])
def test_what_is_no_object_is_refused(packed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpack_switches(packed)


@given(st.text(max_size=100))
def test_any_string_is_read_or_refused(packed: str) -> None:
    try:
        found = unpack_switches(packed)
    except ValueError:
        return
    assert unpack_switches(pack_switches(found) or "{}") == found


def test_hostile_fields_take_their_default() -> None:
    assert (
        unpack_switches('{"view": "<b>", "tokens": [-1, 1e9, "x"], "level": 1e308, "layer": 4}')
        == PLAIN_SELECTION
    )


@given(SELECTIONS, NUMBERS, NUMBERS, st.booleans())
def test_layer_head_and_specials_belong_to_the_view(
    switches: Selection, layer: int, head: int, specials: bool
) -> None:
    shown = picked(switches, layer, head, specials)
    assert changes(shown) == {"layer": layer, "head": head, "specials": specials, "switches": switches}
