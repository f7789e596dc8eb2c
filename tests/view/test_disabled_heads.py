import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.view.packed_parts import pack_heads, unpack_heads, within

HEADS = st.sets(st.tuples(st.integers(0, 255), st.integers(0, 255)), min_size=1, max_size=200)


@given(HEADS)
def test_heads_go_to_a_link_and_back(off: set[tuple[int, int]]) -> None:
    if packed := pack_heads(off):
        assert unpack_heads(packed) == tuple(sorted(off))


def test_what_a_person_reads_counts_from_one_and_joins_neighbours() -> None:
    assert pack_heads([(3, 8), (3, 1), (3, 6), (3, 7), (5, 0)]) == "4.2.7-9_6.1"
    assert unpack_heads("6.1_4.2.7-9") == ((3, 1), (3, 6), (3, 7), (3, 8), (5, 0))
    assert pack_heads(()) == ""


def test_every_second_head_of_a_large_model_fits() -> None:
    off = tuple((layer, head) for layer in range(48) for head in range(0, 32, 2))
    assert unpack_heads(pack_heads(off)) == off


def test_too_many_for_a_link_are_left_out() -> None:
    assert pack_heads([(layer, head) for layer in range(256) for head in range(0, 256, 2)]) == ""


@pytest.mark.parametrize(
    "packed",
    [
        "",
        "1",
        "1.",
        ".1",
        "0.1",
        "1.0",
        "1.0-3",
        "257.1",
        "1.257",
        "1.1-257",
        "1.3-2",
        "1.1_",
        "1.1__2.1",
        "1.-3",
        "1.1-2-3",
        "1.1 ",
        "1.1\n",
        "1.٣",
        "<b>",
        "1.1_" * 2000 + "1.1",
    ],
)
def test_anything_else_is_refused(packed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        unpack_heads(packed)


def test_only_heads_that_there_are_stay_in_order_and_once() -> None:
    assert within([(5, 1), (0, 12), (6, 0), (0, 3), (5, 1)], 6, 12) == ((0, 3), (5, 1))
