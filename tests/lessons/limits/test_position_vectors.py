"""Position encodings against the formula by hand, the models' own tables, and principal components by another way."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.models.families.test_parameters import loaded
from viz.errors import InputError
from viz.lessons.limits.position_vectors import (
    by_distance,
    cosines,
    first_apart,
    pca,
    sinusoidal,
    wavelengths,
)
from viz.models import LoadedModel
from viz.models.families.family import FAMILIES
from viz.models.families.positions import positions_of

LEARNED = {
    "bert": 64,
    "distilbert": 64,
    "roberta": 62,
    "roberta-prelayernorm": 62,
    "xlm-roberta": 62,
    "camembert": 62,
    "data2vec-text": 62,
    "albert": 64,
    "electra": 64,
    "mpnet": 62,
    "deberta": 64,
    "deberta-v2": 64,
    "ernie": 64,
    "megatron-bert": 64,
    "rembert": 64,
    "gpt2": 64,
    "gpt_neo": 64,
    "opt": 64,
    "bart": 64,
}
NARROW = {"albert", "electra", "rembert"}  # their embeddings are less wide than their layers
OTHERS = {
    "marian": "sinusoidal",
    "pegasus": "sinusoidal",
    "bloom": "alibi",
    "t5": "relative",
    "mt5": "relative",
    **dict.fromkeys(("modernbert", "roformer", "gpt_neox", "llama", "mistral", "qwen2", "qwen3"), "rotary"),
}


@given(positions=st.integers(1, 40), half=st.integers(1, 20))
def test_sines_and_cosines_by_the_formula(positions: int, half: int) -> None:
    dim = 2 * half
    found = sinusoidal(positions, dim)
    assert found.shape == (positions, dim)
    for position in range(positions):
        for i in range(half):
            angle = position / math.pow(10000, 2 * i / dim)
            assert found[position, 2 * i] == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[position, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-6)


def test_a_shift_is_one_rotation_for_all_positions() -> None:
    """What makes sines useful: PE(pos + k) is a linear function of PE(pos), the same for every pos (section 3.5)."""
    table = sinusoidal(50, 16).astype(np.float64)
    shift, *_ = np.linalg.lstsq(table[:-3], table[3:], rcond=None)
    np.testing.assert_allclose(table[:-3] @ shift, table[3:], atol=1e-5)


def test_one_turn_takes_from_six_positions_to_sixty_thousand() -> None:
    found = wavelengths(512)
    assert found[0] == pytest.approx(2 * math.pi)
    assert found[-1] == pytest.approx(2 * math.pi * 10000 ** (510 / 512), rel=1e-6)


@pytest.mark.parametrize(("positions", "dim"), [(0, 4), (3, 0), (3, 5)])
def test_what_cannot_be_encoded_is_refused(positions: int, dim: int) -> None:
    with pytest.raises(InputError, match="even number"):
        sinusoidal(positions, dim)


def test_every_family_is_known() -> None:
    assert set(LEARNED) | set(OTHERS) == set(FAMILIES)


@pytest.mark.parametrize("name", list(LEARNED))
def test_a_learned_table_has_a_row_for_every_position_there_can_be(name: str) -> None:
    found = positions_of(loaded(name))
    assert found.kind == "learned"
    assert found.table is not None
    assert found.table.shape == (LEARNED[name], 16 if name in NARROW else 32)
    assert found.rows == LEARNED[name]
    assert not found.table.flags.writeable


@pytest.mark.parametrize("name", list(OTHERS))
def test_other_families_know_positions_in_other_ways(name: str) -> None:
    found = positions_of(loaded(name))
    assert found.kind == OTHERS[name]
    assert (found.table is not None) == (found.kind == "sinusoidal")


def test_the_sines_of_marian_are_those_of_the_formula_in_another_order() -> None:
    """It keeps all sines first, then all cosines."""
    expected = sinusoidal(64, 32)
    reordered = np.concatenate([expected[:, 0::2], expected[:, 1::2]], axis=1)
    table = positions_of(loaded("marian")).table
    assert table is not None
    np.testing.assert_allclose(table, reordered, atol=1e-6)


def test_the_first_row_is_what_the_first_token_is_given() -> None:
    """Two tokens that are the same differ before the first layer by the difference of their rows alone."""
    for name in ("bert", "roberta", "opt", "gpt2"):
        model = loaded(name)
        table = positions_of(model).table
        assert table is not None
        seen: list[torch.Tensor] = []
        module = next(
            module
            for part, module in model.model.named_modules()
            if part.endswith(("position_embeddings", "embed_positions", "wpe"))
        )
        with (
            module.register_forward_hook(lambda _m, _i, output, seen=seen: seen.append(output)),
            torch.no_grad(),
        ):
            model.model(
                input_ids=torch.tensor([[5, 6, 7]]), attention_mask=torch.ones(1, 3, dtype=torch.long)
            )
        np.testing.assert_array_equal(seen[0].reshape(-1, 32)[:3].numpy(), table[:3])


def test_principal_components_by_the_covariance() -> None:
    table = np.random.default_rng(0).normal(size=(30, 6), scale=np.arange(1, 7)).astype(np.float32)
    found = pca(table)
    centred = table - table.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    for axis in (0, 1):
        expected = centred @ vectors[:, -1 - axis]
        assert abs(float(expected @ found.points[:, axis])) == pytest.approx(values[-1 - axis], rel=1e-4)
        assert found.shares[axis] == pytest.approx(values[-1 - axis] / values.sum(), rel=1e-4)
    assert (found.points[0] >= 0).all()


def test_a_table_on_a_line_has_one_component() -> None:
    table = np.outer([0.0, 1.0, 2.0], [3.0, 4.0]).astype(np.float32)
    found = pca(table)
    np.testing.assert_allclose(found.points, [[5, 0], [0, 0], [-5, 0]], atol=1e-6)
    assert found.shares == pytest.approx((1, 0), abs=1e-9)


def test_cosines_by_hand() -> None:
    table = np.array([[3, 0], [1, 1], [0, 0], [-2, 0]], dtype=np.float32)
    half = math.sqrt(0.5)
    expected = np.array([[1, half, 0, -1], [half, 1, 0, -half], [0, 0, 0, 0], [-1, -half, 0, 1]])
    found = cosines(table)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(by_distance(found), [3 / 4, half / 3, -half / 2, -1], atol=1e-6)


def test_how_far_the_first_position_stands_apart() -> None:
    table = np.array([[12, 0], [-3, 0], [-3, 0], [-3, 0], [-3, 0]], dtype=np.float32)
    assert first_apart(table) == pytest.approx(4)
    assert first_apart(np.zeros((3, 2), dtype=np.float32)) == 0


def test_minilm_learned_that_near_positions_are_alike(minilm: LoadedModel) -> None:
    found = positions_of(minilm)
    assert found.table is not None
    assert found.table.shape == (512, 384)
    torch.testing.assert_close(
        torch.tensor(found.table), minilm.model.embeddings.position_embeddings.weight.detach()
    )
    near = by_distance(cosines(found.table[1:]))
    assert near[1] > near[5] > near[50]
