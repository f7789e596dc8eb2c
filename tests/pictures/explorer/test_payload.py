import json
from dataclasses import replace

import numpy as np
import pytest

from tests.pictures.explorer.messages import blocks_of, header_of, read
from tests.pictures.explorer.samples import HOSTILE, attention, encoding, lengths
from viz.pictures.explorer import wire_format
from viz.pictures.explorer.payload import BUDGET, Shape, encode


def test_every_weight_of_every_map_arrives() -> None:
    queries, keys = encoding(7), encoding(11)
    maps = [attention(2, 3, keys), attention(2, 3, queries, kind="decoder", seed=1)]
    maps.append(attention(2, 3, queries, keys, kind="cross", seed=2))
    payload = encode(maps)
    found = read(payload.first)
    assert payload.left == ()
    assert payload.shapes[2] == Shape("cross", 2, 3, 7, 11)
    for number, each in enumerate(maps):
        for layer, weights in enumerate(each.weights):
            back = wire_format.dequantise(found.weights[number, layer])
            assert np.abs(back - weights).max() <= 1 / 65535


def test_a_text_shared_by_maps_is_sent_once() -> None:
    queries, keys = encoding(7), encoding(11)
    maps = [attention(1, 1, keys), attention(1, 1, queries, keys, kind="cross")]
    header = read(encode(maps).first).header
    assert len(header["texts"]) == 2
    assert header["maps"][0]["keys"] == header["maps"][1]["keys"]


def test_above_the_budget_the_picked_layer_and_miniatures_go_first_and_the_rest_on_demand() -> None:
    one = attention(4, 2, encoding(40))
    payload = encode([one], layer=2, budget=1000)
    first = read(payload.first)
    assert set(first.weights) == {(0, 2)}
    assert np.array_equal(first.miniatures[0], wire_format.miniatures(one.weights))
    assert payload.left == ((0, 0), (0, 1), (0, 3))
    more = read(payload.more([(0, 3), (0, 0), (0, 3), (0, 2), (5, 5)]), first.header)
    assert set(more.weights) == {(0, 3), (0, 0)}
    assert more.header["of"] == payload.id
    assert np.array_equal(more.weights[0, 3], wire_format.quantise(one.weights[3]))


def test_twelve_by_twelve_heads_at_128_tokens_fit_the_budget_whole() -> None:
    assert BUDGET >= 12 * 12 * 128 * 128 * 2


def test_the_id_names_the_content() -> None:
    text = encoding(6)
    one, same, other = (encode([attention(1, 2, text, seed=seed)]) for seed in (1, 1, 2))
    assert one.first == same.first
    assert one.id == same.id != other.id


def test_lengths_arrive_on_the_scale_of_their_largest() -> None:
    one = lengths(attention(3, 2, encoding(40)), largest=7.5)
    payload = encode([one], layer=1, budget=1000)
    header = read(payload.first).header["maps"][0]
    assert (header["quantity"], header["top"], header["decimals"]) == ("norm", 7.5, 3)
    found = read(payload.first)
    back = wire_format.dequantise(found.weights[0, 1]) * 7.5
    assert np.abs(back - one.weights[1]).max() < 7.5 / 65535
    assert found.miniatures[0].max() == 255
    small = wire_format.miniatures(one.weights / np.float32(7.5)).astype(int)
    assert np.abs(found.miniatures[0] - small).max() <= 1


def test_other_numbers_of_the_same_text_have_an_id_of_the_same_text() -> None:
    one = attention(2, 2, encoding(9))
    weights, norms, other = encode([one]), encode([lengths(one)]), encode([attention(2, 2, encoding(10))])
    assert weights.id != norms.id
    assert weights.of_same_text(norms.id)
    assert not weights.of_same_text(other.id)
    assert not weights.of_same_text(None)


def test_the_header_carries_text_but_no_weights_and_stays_ascii() -> None:
    payload = encode([attention(6, 12, encoding(64, hostile=True))])
    header, rest = header_of(payload.first), blocks_of(payload.first)
    assert header["texts"][0]["labels"][3] == f"{HOSTILE}3"
    assert len(json.dumps(header)) < 8000
    assert sum(block["size"] for block in header["blocks"]) == len(rest)


def test_a_long_tail_of_text_is_not_sent() -> None:
    text = encoding(6)
    long = type(text)(**{**vars(text), "text": text.text + "z" * 90_000})
    assert len(encode([attention(1, 1, long)]).first) < 4000


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_shortest_texts_work(count: int) -> None:
    payload = encode([attention(1, 1, encoding(count))])
    assert read(payload.first).weights[0, 0].shape == (1, count, count)


def test_spans_are_those_of_the_browsers_characters() -> None:
    text = replace(encoding(4), text="a😀b c", spans=(None, (0, 2), (2, 5), None))
    (sent,) = header_of(encode([attention(1, 1, text)]).first)["texts"]
    assert sent["spans"] == [None, [0, 3], [3, 6], None]
    units = sent["text"].encode("utf-16-le")
    assert units[2 * 3 : 2 * 6].decode("utf-16-le") == "b c"
