"""Heads switched off by a hook: the same as by hand, only within the block, and seen by nobody else."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.studies.importance.loaded import TEXT, copied, hidden_of, tiny, without_by_hand
from viz.attention import attend
from viz.errors import InputError, MetricError, ModelRefused
from viz.inputs.text import encode
from viz.models import LoadedModel
from viz.models.forward import feed, last_hidden
from viz.studies.importance import disable_heads, scale_heads


def _scaled(model: LoadedModel, mask: torch.Tensor, rows: int = 1) -> torch.Tensor:
    encoding = encode(model, TEXT)
    fed = feed(model, [encoding.ids] * rows, [encoding.segments] * rows)
    with scale_heads(model, mask), torch.inference_mode():
        return last_hidden(model, fed)


def _hooks(model: LoadedModel) -> int:
    return sum(len(each._forward_pre_hooks) + len(each._forward_hooks) for each in model.model.modules())


def _count(model: LoadedModel) -> tuple[int, int]:
    return model.card.shape(model.card.kinds[0])


def test_a_mask_of_ones_changes_not_one_bit(model: LoadedModel) -> None:
    assert torch.equal(_scaled(model, torch.ones(_count(model)))[0], hidden_of(model))


def test_a_head_switched_off_is_its_slice_zeroed_by_hand(model: LoadedModel) -> None:
    plain = hidden_of(model)
    layers, heads = _count(model)
    for head in ((0, 0), (layers - 1, heads - 1), (layers // 2, 1)):
        encoding = encode(model, TEXT)
        with disable_heads(model, {head}), torch.inference_mode():
            off = last_hidden(model, feed(model, [encoding.ids], [encoding.segments]))[0]
        by_hand = hidden_of(without_by_hand(model, *head))
        limit = float(plain.abs().max()) * 1e-5
        np.testing.assert_allclose(off, by_hand, atol=limit)
        assert float((off - plain).abs().max()) > 100 * limit


def test_each_row_has_its_own_mask(small: LoadedModel) -> None:
    masks = torch.rand(3, *_count(small), generator=torch.Generator().manual_seed(5))
    together = _scaled(small, masks, rows=3)
    for row, mask in enumerate(masks):
        alone = _scaled(small, mask)[0]
        np.testing.assert_allclose(together[row], alone, atol=2e-5 * float(alone.abs().max()))
    assert float((together[0] - together[1]).abs().max()) > 1e-2


def test_layers_that_share_their_weights_are_switched_one_by_one(tmp_path: Path) -> None:
    """ALBERT against the same weights in layers of their own, a head's slice of one of them zeroed."""
    model = tiny("albert", tmp_path, num_hidden_layers=3)
    config = type(model.model.config).from_dict(
        model.model.config.to_dict() | {"num_hidden_groups": 3}, attn_implementation="eager"
    )
    state: dict[str, Any] = {}
    for name, value in model.model.state_dict().items():
        for group in range(3):
            state[name.replace("layer_groups.0.", f"layer_groups.{group}.")] = value
    encoding = encode(model, TEXT)
    fed = feed(model, [encoding.ids], [encoding.segments])
    found = []
    for layer in range(3):
        other = type(model.model)(config).eval()
        other.load_state_dict(state)
        with torch.inference_mode():
            other.encoder.albert_layer_groups[layer].albert_layers[0].attention.dense.weight[:, 8:16] = 0
            expected = other(**fed).last_hidden_state
            with disable_heads(model, {(layer, 1)}):
                off = last_hidden(model, fed)
        np.testing.assert_allclose(off, expected, atol=1e-5)
        found.append(off)
    assert float((found[0] - found[2]).abs().max()) > 1e-3


@pytest.mark.parametrize("kind", ["decoder", "cross"])
def test_heads_of_a_decoder_beside_an_encoder(kind: Any, tmp_path: Path) -> None:
    model = tiny("t5", tmp_path)
    encoding = encode(model, TEXT)
    fed = dict(feed(model, [encoding.ids])) | {"decoder_input_ids": torch.tensor([[0, 5, 6]])}
    part = "0.SelfAttention" if kind == "decoder" else "1.EncDecAttention"
    other = copied(model)
    with torch.inference_mode():
        other.model.get_submodule(f"decoder.block.2.layer.{part}").o.weight[:, 24:] = 0
        expected, plain = (each.model(**fed).logits for each in (other, model))
        with disable_heads(model, {(2, 3)}, kind):
            off = model.model(**fed).logits
    np.testing.assert_allclose(off, expected, atol=1e-4)
    assert float((off - plain).abs().max()) > 1e-2


def test_nothing_stays_hooked_after_an_exception(bert: LoadedModel) -> None:
    attend(bert, TEXT)
    before, plain = _hooks(bert), hidden_of(bert)
    with pytest.raises(ZeroDivisionError), disable_heads(bert, {(0, 0)}):
        raise ZeroDivisionError
    assert _hooks(bert) == before
    assert not bert.lock.locked()
    assert torch.equal(hidden_of(bert), plain)


def test_another_session_never_sees_the_hooks(bert: LoadedModel) -> None:
    plain = attend(bert, TEXT).encoder.weights
    found: list[Any] = []
    other = threading.Thread(target=lambda: found.append(attend(bert, TEXT).encoder.weights))
    with disable_heads(bert, {(0, head) for head in range(4)}):
        other.start()
        other.join(0.2)
        assert other.is_alive()
        assert not found
    other.join()
    assert np.array_equal(found[0], plain)
    encoding = encode(bert, TEXT)
    with disable_heads(bert, {(0, head) for head in range(4)}), torch.inference_mode():
        output = bert.model(**feed(bert, [encoding.ids]), output_attentions=True)
    assert not np.allclose(output.attentions[1][0], plain[1], atol=1e-3)


@pytest.mark.parametrize("head", [(2, 0), (0, 4), (-1, 0), (0, -1)])
def test_a_head_that_there_is_not_is_refused(head: tuple[int, int], bert: LoadedModel) -> None:
    with pytest.raises(InputError, match=r"layers 1 to 2 of heads 1 to 4"), disable_heads(bert, {head}):
        pass
    assert not bert.lock.locked()


@pytest.mark.parametrize("shape", [(2,), (4, 2), (2, 5), (1, 1, 2, 4)])
def test_a_mask_of_another_shape_is_refused(shape: tuple[int, ...], bert: LoadedModel) -> None:
    with (
        pytest.raises(MetricError, match=r"\[layer, head\] = \[2, 4\]"),
        scale_heads(bert, torch.ones(shape)),
    ):
        pass


def test_a_kind_that_there_is_not_is_refused(bert: LoadedModel) -> None:
    with pytest.raises(ModelRefused, match="cross"), disable_heads(bert, {(0, 0)}, "cross"):
        pass
