"""Without positions the same words in another order get the same weights; with them they do not."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.importance.loaded import tiny
from viz.attention import attend
from viz.errors import InputError, ModelRefused
from viz.inputs.text import encode
from viz.lessons.inside.word_order import swapped
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.families.positions import Replacement, without_positions
from viz.ui.lessons.inside.inside_subject import InsideState
from viz.ui.lessons.inside.order_pictures import CHINESE, ENGLISH

pytestmark = pytest.mark.slow

ONE, OTHER = InsideState.one, InsideState.other


@pytest.mark.parametrize("name", FAMILIES)
def test_only_positions_and_masks_tell_the_order(name: str, tmp_path: Path) -> None:
    # A window as wide as the sentence hides nothing.
    model = tiny(name, tmp_path, **({"local_attention": 64} if name == "modernbert" else {}))
    offs: tuple[Replacement, ...] = ("zero", "same")
    for off in offs:
        found = swapped(model, ONE, OTHER, off)
        told, untold = found.differs.max(axis=1)
        assert told > 0.05
        assert found.masked == (model.card.kinds[0] == "decoder")
        if found.masked:
            assert untold > 0.01
        else:
            assert untold <= 1e-5
    np.testing.assert_allclose(found.with_positions[0], attend(model, ONE).maps[0].weights, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "one", "other"), [("minilm", "dog bites man", "man bites dog"), ("e5", "狗咬人", "人咬狗")]
)
def test_the_embedded_models_see_the_same_without_positions(
    name: str, one: str, other: str, request: pytest.FixtureRequest
) -> None:
    model: LoadedModel = request.getfixturevalue(name)
    found = swapped(model, one, other)
    assert found.differs.shape == (2, model.card.layers)
    assert found.differs[0].max() > 0.1
    assert found.differs[1].max() <= 1e-5
    assert not found.masked
    assert [found.other.ids[at] for at in found.match] == found.one.ids
    assert sorted(found.match) == list(range(len(found.one)))
    told = attend(model, other).encoder.weights[:, :, list(found.match)][:, :, :, list(found.match)]
    np.testing.assert_allclose(found.with_positions[1], told, atol=1e-5)
    assert not found.without[0].flags.writeable


@given(st.permutations(["cats", "like", "old", "warm", "mats"]))
@settings(max_examples=8)
def test_any_order_of_the_words_gives_the_same(minilm: LoadedModel, order: list[str]) -> None:
    found = swapped(minilm, "cats like old warm mats", " ".join(order))
    assert found.differs[1].max() <= 1e-5


def test_zeros_are_what_the_model_does_with_no_position_vectors(minilm: LoadedModel) -> None:
    table = minilm.model.embeddings.position_embeddings.weight
    kept = table.clone()
    found = swapped(minilm, ONE, OTHER)
    assert torch.equal(table, kept)
    with torch.inference_mode():
        words = minilm.model.embeddings.word_embeddings(torch.tensor([found.one.ids]))
        positions = minilm.model.embeddings.position_embeddings(torch.arange(len(found.one)))
        plain = minilm.model(inputs_embeds=words - positions, output_attentions=True).attentions
    expected = torch.cat(plain).numpy()
    np.testing.assert_allclose(found.without[0], expected, atol=1e-5)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_lessons_sentences_are_the_same_tokens_for_every_family(name: str, tmp_path: Path) -> None:
    model = tiny(name, tmp_path)
    old = ("the old man bites the dog", "the man bites the old dog")
    for pair in (ENGLISH.values(), old, CHINESE.values()):
        one, other = (encode(model, text) for text in pair)
        assert sorted(one.ids) == sorted(other.ids)
    # A person's own begin with words of another place: a space stands before both then.
    found = swapped(model, "cats eat mice", "mice eat cats")
    assert sorted(found.one.ids) == sorted(found.other.ids)
    assert found.one.text.strip() == "cats eat mice"


def test_a_window_is_said_to_tell_the_order(tmp_path: Path) -> None:
    found = swapped(tiny("modernbert", tmp_path), ONE + " on the old mat", OTHER + " on the old mat")
    assert found.masked
    assert found.differs[1].max() > 1e-3


def test_other_words_are_refused_by_name(minilm: LoadedModel) -> None:
    with pytest.raises(InputError, match="cat, dog stand in one of them alone"):
        swapped(minilm, "the cat sat", "the dog sat")
    with pytest.raises(InputError, match="empty"):
        swapped(minilm, "the cat", " ")


def test_a_model_that_reads_neighbours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="told of positions"):
        swapped(tiny("deberta-v2", tmp_path, conv_kernel_size=3), ONE, OTHER)


def fails(model: LoadedModel) -> None:
    with without_positions(model):
        assert model.lock.locked()
        raise ZeroDivisionError


def test_the_lock_and_the_hooks_go_when_a_pass_fails(minilm: LoadedModel) -> None:
    hooks = sum(len(module._forward_hooks) for module in minilm.model.modules())
    with pytest.raises(ZeroDivisionError):
        fails(minilm)
    assert not minilm.lock.locked()
    assert sum(len(module._forward_hooks) for module in minilm.model.modules()) == hooks
