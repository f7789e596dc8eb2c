import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.pictures.explorer.messages import unpacked
from viz.pictures.explorer import wire_format

WEIGHTS = arrays(np.float32, (2, 3, 4), elements=st.floats(0, 1, width=32))


@given(WEIGHTS)
def test_a_weight_is_off_by_less_than_one_step(weights: np.ndarray) -> None:
    back = wire_format.quantise(weights).astype(np.float64) / 65535
    assert np.abs(back - weights.astype(np.float64)).max() < 1 / 65535


@given(WEIGHTS)
def test_a_person_reads_the_same_four_decimals(weights: np.ndarray) -> None:
    steps = wire_format.quantise(weights)
    for step, weight in zip(steps.flat, weights.flat, strict=True):
        assert f"{int(step) / 65535:.4f}" == f"{float(weight):.4f}"


TOPS = st.floats(2**-10, 2**20, width=32)


@given(WEIGHTS, TOPS)
def test_lengths_are_read_with_the_same_decimals_too(shares: np.ndarray, top: float) -> None:
    weights = np.minimum(shares * np.float32(top), np.float32(top))
    steps, places = wire_format.quantise(weights, top), wire_format.decimals(top)
    for step, weight in zip(steps.flat, weights.flat, strict=True):
        read = int(step) / 65535 * top
        assert abs(read - float(weight)) < top / 65535
        # A weight that lies on a half may be read either way: neither is wrong.
        assert (
            top > 65535
            or f"{read:.{places}f}" == f"{float(weight):.{places}f}"
            or _on_a_half(float(weight), places)
        )


def _on_a_half(weight: float, places: int) -> bool:
    return bool(abs(weight * 10.0**places % 1 - 0.5) < 1e-6)


@pytest.mark.parametrize(("top", "places"), [(1.0, 4), (6.5, 4), (6.6, 3), (0.01, 6), (1e9, 0), (1e-30, 9)])
def test_as_many_decimals_are_read_as_steps_can_tell_apart(top: float, places: int) -> None:
    assert wire_format.decimals(top) == places


def test_the_ends_are_exact() -> None:
    assert wire_format.quantise(np.array([0, 1], np.float32)).tolist() == [0, 65535]
    assert wire_format.quantise(np.array([0, 2.5], np.float32), 2.5).tolist() == [0, 65535]


@given(WEIGHTS)
def test_a_layer_comes_back_as_it_was_quantised(weights: np.ndarray) -> None:
    assert np.array_equal(
        unpacked(wire_format.pack_layer(weights), weights.shape),
        wire_format.quantise(weights),
    )


@pytest.mark.parametrize("size", [5, 32, 33, 70])
def test_a_miniature_has_the_largest_weight_of_each_block(size: int) -> None:
    weights = np.random.default_rng(size).random((1, 2, size, size + 3), dtype=np.float32)
    small = wire_format.miniatures(weights)
    high, wide = -(-size // 32), -(-(size + 3) // 32)
    assert small.shape == (1, 2, -(-size // high), -(-(size + 3) // wide))
    assert max(small.shape[2:]) <= 32
    for head in range(2):
        for y in range(small.shape[2]):
            for x in range(small.shape[3]):
                block = weights[0, head, y * high : (y + 1) * high, x * wide : (x + 1) * wide]
                assert abs(int(small[0, head, y, x]) - 255 * float(block.max()) ** 0.5) < 0.51


def test_the_browser_can_read_the_stream() -> None:
    # "deflate-raw" in the browser is zlib with no header: wbits -15
    assert zlib.decompress(wire_format.deflate(b"abc" * 50), -15) == b"abc" * 50
