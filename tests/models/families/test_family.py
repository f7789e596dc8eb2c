"""Each family by a tiny random model of its real class: what is drawn is what the model computes with."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoModelForSeq2SeqLM

from tests.tiny import made_for, tiny_config, tiny_model
from viz.attention import AttentionResult, attend
from viz.errors import MapNotFound, ModelFileError, ModelRefused
from viz.models.card import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card
from viz.models.families.family import FAMILIES, family_of
from viz.models.families.sizes import config_of, shape_of

TEXT = "The cat sat on the mat, and the dog slept. 猫坐在垫子上。"
NAMES = list(FAMILIES)
WRITERS = [name for name, family in FAMILIES.items() if "cross" in family.kinds]


@pytest.fixture(scope="module", params=NAMES)
def family(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, LoadedModel]:
    name = request.param
    folder = made_for(name, tmp_path_factory.mktemp(name.replace("-", "_")))
    return name, folder, load_checkpoint(folder, read_card(folder, f"local:{name}", "local"), "test")


def _maps(result: AttentionResult) -> dict[str, np.ndarray[Any, Any]]:
    return {found.kind: found.weights for found in result.maps}


def _attended(model: LoadedModel) -> AttentionResult:
    return attend(model, TEXT, target="le chat dort" if "cross" in model.card.kinds else None)


def test_rows_sum_to_one_and_shapes_are_the_cards(family: tuple[str, Path, LoadedModel]) -> None:
    name, _folder, model = family
    result = _attended(model)
    assert tuple(found.kind for found in result.maps) == FAMILIES[name].kinds == model.card.kinds
    for found in result.maps:
        assert found.weights.shape[:2] == model.card.shape(found.kind)
        assert found.weights.dtype == np.float32
        assert not found.weights.flags.writeable
        np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-5)
        assert found.weights.min() >= 0
    # Not the uniform weights that a wrong mask or a lost layer would give.
    assert max(float(found.weights.std()) for found in result.maps) > 0.01


def test_no_token_of_a_decoder_sees_one_after_it(family: tuple[str, Path, LoadedModel]) -> None:
    _name, _folder, model = family
    result = (
        attend(model, TEXT, target="le chat dort") if "cross" in model.card.kinds else attend(model, TEXT)
    )
    for found in result.maps:
        later = np.triu(np.ones(found.weights.shape[2:], dtype=bool), 1)
        if found.kind == "decoder":
            assert not found.weights[:, :, later].any()
            assert found.weights[:, :, ~later].any()
        else:
            assert found.weights[:, :, later].any()


def test_masked_keys_get_exactly_nothing(family: tuple[str, Path, LoadedModel]) -> None:
    name, _folder, model = family
    alone = _attended(model)
    first = alone.maps[0]
    length, padding = len(first.queries), 5
    filler = model.tokenizer.pad_token_id or 0
    fed: dict[str, Any] = {
        "input_ids": torch.tensor([first.queries.ids + [filler] * padding] * 2),
        "attention_mask": torch.tensor([[1] * length + [0] * padding, [1] * (length + padding)]),
    }
    if "cross" in model.card.kinds:
        fed["decoder_input_ids"] = torch.tensor([alone.decoder.queries.ids] * 2)
    if getattr(model.model.config, "type_vocab_size", 0) > 1:
        fed["token_type_ids"] = torch.zeros_like(fed["input_ids"])
    with torch.inference_mode():
        output = model.model(**fed, output_attentions=True)
    names = (
        {"encoder": "encoder_attentions", "cross": "cross_attentions"}
        if "cross" in model.card.kinds
        else None
    )
    for found in alone.maps:
        if found.kind == "decoder" and names:
            continue
        layers = output[names[found.kind]] if names else output.attentions
        padded = torch.stack(list(layers))[:, 0].numpy()
        queries, keys = found.weights.shape[2:]
        assert not padded[:, :, :queries, keys:].any(), name
        np.testing.assert_allclose(padded[:, :, :queries, :keys], found.weights, atol=2e-5)


def test_eager_gives_the_output_of_the_default_implementation(family: tuple[str, Path, LoadedModel]) -> None:
    _name, folder, model = family
    kind: Any = AutoModelForSeq2SeqLM if "cross" in model.card.kinds else AutoModel
    other = kind.from_pretrained(folder, dtype=torch.float32).eval()
    encoding = _attended(model).maps[0].queries
    fed: dict[str, Any] = {"input_ids": torch.tensor([encoding.ids])}
    if "cross" in model.card.kinds:
        fed["decoder_input_ids"] = fed["input_ids"][:, :4]
    with torch.inference_mode():
        last = [
            each(**fed, output_hidden_states=True)[
                "decoder_hidden_states" if "cross" in model.card.kinds else "hidden_states"
            ][-1]
            for each in (model.model, other)
        ]
    assert model.model.config._attn_implementation == "eager"
    assert float((last[0] - last[1]).abs().max()) < 1e-4


def test_the_default_implementation_is_another_one_where_there_is_one(tmp_path: Path) -> None:
    # Else the comparison above would be of a model with itself.
    used = {
        name: AutoModel.from_config(tiny_config(name)).config._attn_implementation
        for name in ("bert", "gpt2", "llama")
    }
    assert used == {"bert": "sdpa", "gpt2": "sdpa", "llama": "sdpa"}


def test_grouped_heads_are_those_of_a_forward_by_hand(tmp_path: Path) -> None:
    """Llama's first layer in NumPy: four query heads share two key heads, positions turned into them (RoFormer)."""
    folder = made_for("llama", tmp_path)
    model = load_checkpoint(folder, read_card(folder, "local:llama", "local"), "test")
    found = attend(model, "The cat sat on the mat.").decoder
    config, weights = (
        model.model.config,
        {name: value.numpy() for name, value in model.model.state_dict().items()},
    )
    hidden = weights["embed_tokens.weight"][found.queries.ids]
    scale = np.sqrt((hidden**2).mean(-1, keepdims=True) + config.rms_norm_eps)
    normed = hidden / scale * weights["layers.0.input_layernorm.weight"]
    size = config.hidden_size // config.num_attention_heads
    theta = config.rope_parameters["rope_theta"]
    angle = np.outer(np.arange(len(hidden)), theta ** (-np.arange(0, size, 2) / size))
    angle = np.concatenate([angle, angle], axis=1)

    def turned(states: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        half = size // 2
        swapped = np.concatenate([-states[..., half:], states[..., :half]], axis=-1)
        return np.asarray(states * np.cos(angle) + swapped * np.sin(angle))

    def heads(name: str, count: int) -> np.ndarray[Any, Any]:
        states = normed @ weights[f"layers.0.self_attn.{name}.weight"].T
        return turned(states.reshape(len(hidden), count, size).transpose(1, 0, 2))

    query = heads("q_proj", config.num_attention_heads)
    key = heads("k_proj", config.num_key_value_heads).repeat(2, axis=0)
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(size)
    scores[:, np.triu(np.ones(scores.shape[1:], dtype=bool), 1)] = -np.inf
    expected = np.exp(scores - scores.max(-1, keepdims=True))
    expected /= expected.sum(-1, keepdims=True)
    np.testing.assert_allclose(found.weights[0], expected, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("deeper", [False, True])
@pytest.mark.parametrize("name", WRITERS)
def test_without_a_target_the_model_writes_greedily(
    name: str, deeper: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if deeper:  # without a cache, so that all that is written is computed anew for each token
        monkeypatch.setattr("viz.attention.run._MOST_WRITTEN", 40)
    depth = "decoder_layers" if "decoder_layers" in tiny_config(name).to_dict() else "num_decoder_layers"
    folder = made_for(name, tmp_path, **{depth: 3 if deeper else 2})
    model = load_checkpoint(folder, read_card(folder, f"local:{name}", "local"), "test")
    result = attend(model, "The cat sat.")
    assert result.generated
    ids = result.decoder.queries.ids
    assert ids[0] == model.model.config.decoder_start_token_id
    # Each token is the likeliest after those before it, computed anew without a cache.
    encoder = torch.tensor([result.encoder.queries.ids])
    banned = [each[0] for each in model.model.generation_config.bad_words_ids or []]
    with torch.inference_mode():
        logits = model.model(input_ids=encoder, decoder_input_ids=torch.tensor([ids])).logits[0]
        logits[:, banned] = -torch.inf
    assert logits[:-1].argmax(-1).tolist() == ids[1:]


@pytest.mark.parametrize("name", WRITERS)
def test_a_typed_target_is_what_the_decoder_reads(name: str, tmp_path: Path) -> None:
    folder = made_for(name, tmp_path)
    model = load_checkpoint(folder, read_card(folder, f"local:{name}", "local"), "test")
    result = attend(model, "The cat sat.", target="the dog slept")
    assert not result.generated
    assert result.target == "the dog slept"
    expected = model.tokenizer(text_target="the dog slept").input_ids
    if expected[-1] == model.tokenizer.eos_token_id:
        expected = expected[:-1]
    assert result.decoder.queries.ids == [model.model.config.decoder_start_token_id, *expected]
    assert result.cross.weights.shape[2:] == (len(result.decoder.queries), len(result.encoder.queries))
    assert result.cross.keys is result.encoder.keys


def test_a_decoder_alone_has_neither_encoder_nor_cross_attention(tmp_path: Path) -> None:
    folder = made_for("gpt2", tmp_path)
    result = attend(load_checkpoint(folder, read_card(folder, "local:gpt2", "local"), "test"), "The cat sat.")
    with pytest.raises(MapNotFound, match="it has: decoder"):
        _ = result.encoder
    assert result.map_of("encoder") is result.decoder


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("longformer", "a window around it"),
        ("big_bird", "a window around it"),
        ("fnet", "nothing to draw"),
        ("reformer", "never computes a whole row"),
        ("vit", "does not know to read"),
        ("<script>", "does not know to read"),
        (None, "does not know to read"),
        (["bert"], "does not know to read"),
    ],
)
def test_other_families_are_refused_with_a_reason(named: object, words: str) -> None:
    with pytest.raises(ModelRefused, match=words):
        family_of({"model_type": named}, "some/model")


@pytest.mark.parametrize("value", [0, -1, 257, 10**12, 1.5, "2", None, True, [2]])
def test_sizes_out_of_bounds_are_refused_before_anything_is_built(value: object) -> None:
    config = tiny_config("bert").to_dict() | {"num_hidden_layers": value}
    with pytest.raises(ModelFileError, match="num_hidden_layers"):
        shape_of(config_of(config, "some/model"), "some/model")


def test_weights_that_are_not_attention_are_refused(tmp_path: Path) -> None:
    folder = made_for("bert", tmp_path)
    model = load_checkpoint(folder, read_card(folder, "local:bert", "local"), "test")

    class Strange(torch.nn.Module):
        """A model of which each layer says something of another shape."""

        config = model.model.config
        device = torch.device("cpu")

        def forward(self, **_inputs: Any) -> Any:
            shapes = [(1, 4, 5, 5), (1, 4, 5, 7)]
            return type("Output", (), {"attentions": tuple(torch.full(s, 0.2) for s in shapes)})()

    strange = LoadedModel(model.card, Strange(), model.tokenizer, "test")
    with pytest.raises(ModelRefused, match="of a shape this app does not know"):
        attend(strange, "The cat sat.")


def test_two_tiny_models_differ_by_their_seed_alone() -> None:
    one, same, other = tiny_model("bert"), tiny_model("bert"), tiny_model("bert", seed=1)
    states = [
        copy.deepcopy(each).state_dict()["embeddings.word_embeddings.weight"] for each in (one, same, other)
    ]
    assert torch.equal(states[0], states[1])
    assert not torch.equal(states[0], states[2])
