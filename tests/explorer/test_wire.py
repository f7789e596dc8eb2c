import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from viz.errors import AttentionError
from viz.explorer import wire

WEIGHTS = arrays(np.float32, (2, 3, 4), elements=st.floats(0, 1, width=32))


@given(WEIGHTS)
def test_a_weight_is_off_by_less_than_one_step(weights: np.ndarray) -> None:
    back = wire.quantise(weights).astype(np.float64) / 65535
    assert np.abs(back - weights.astype(np.float64)).max() < 1 / 65535


@given(WEIGHTS)
def test_a_person_reads_the_same_four_decimals(weights: np.ndarray) -> None:
    steps = wire.quantise(weights)
    for step, weight in zip(steps.flat, weights.flat, strict=True):
        assert f"{int(step) / 65535:.4f}" == f"{float(weight):.4f}"


def test_the_ends_are_exact() -> None:
    assert wire.quantise(np.array([0, 1], np.float32)).tolist() == [0, 65535]


@given(WEIGHTS)
def test_a_layer_comes_back_as_it_was_quantised(weights: np.ndarray) -> None:
    assert np.array_equal(wire.unpack_layer(wire.pack_layer(weights), weights.shape), wire.quantise(weights))


@pytest.mark.parametrize("size", [5, 32, 33, 70])
def test_a_miniature_has_the_largest_weight_of_each_block(size: int) -> None:
    weights = np.random.default_rng(size).random((1, 2, size, size + 3), dtype=np.float32)
    small = wire.miniatures(weights)
    high, wide = -(-size // 32), -(-(size + 3) // 32)
    assert small.shape == (1, 2, -(-size // high), -(-(size + 3) // wide))
    assert max(small.shape[2:]) <= 32
    for head in range(2):
        for y in range(small.shape[2]):
            for x in range(small.shape[3]):
                block = weights[0, head, y * high : (y + 1) * high, x * wide : (x + 1) * wide]
                assert abs(int(small[0, head, y, x]) - 255 * float(block.max()) ** 0.5) < 0.51


def test_a_block_that_would_swell_is_stopped() -> None:
    bomb = wire.deflate(bytes(10_000_000))
    with pytest.raises(AttentionError, match="expected"):
        wire.inflate(bomb, 100)


@pytest.mark.parametrize("spoil", [lambda b: b[:-3], lambda b: b"\xff" * len(b), lambda _b: b""])
def test_a_damaged_block_is_refused(spoil: object) -> None:
    block = wire.deflate(bytes(range(200)))
    assert callable(spoil)
    with pytest.raises(AttentionError):
        wire.inflate(spoil(block), 200)


def test_the_browser_can_read_the_stream() -> None:
    # "deflate-raw" in the browser is zlib with no header: wbits -15
    assert zlib.decompress(wire.deflate(b"abc" * 50), -15) == b"abc" * 50


@pytest.mark.parametrize("data", [b"", b"ATLX", b"NOPE" + bytes(20), wire.frame({"blocks": []}, [])[:-2]])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(AttentionError):
        wire.unframe(data)
