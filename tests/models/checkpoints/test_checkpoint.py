"""A folder is hostile: what comes of it is a model with all its weights, or one clear error."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.tiny import made_for
from viz.attention import attend
from viz.errors import ModelError, ModelFileError, ModelRefused, VizError
from viz.models.card import LoadedModel
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card, token_limit, weights_digest
from viz.models.families.sizes import Shape
from viz.models.settings import settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_for("bert", tmp_path / "bert")


def _load(folder: Path) -> LoadedModel:
    return load_checkpoint(folder, read_card(folder, "local:mine", "local"), "rev")


def _change_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_saved_model_is_loaded_as_it_is_written(folder: Path) -> None:
    model = _load(folder)
    assert (model.card.id, model.card.layers, model.card.heads) == ("local:mine", 2, 4)
    assert model.card.max_tokens == 64
    assert model.revision == "rev"
    assert not model.model.training
    assert all(not each.requires_grad and each.dtype == torch.float32 for each in model.model.parameters())
    saved = safetensors.torch.load_file(folder / "model.safetensors")
    loaded = model.model.state_dict()
    for name in ("embeddings.word_embeddings.weight", "encoder.layer.1.attention.self.query.weight"):
        assert torch.equal(loaded[name], saved[name])


def test_weights_in_half_precision_are_read_as_float32(folder: Path) -> None:
    path = folder / "model.safetensors"
    halves = {name: value.half() for name, value in safetensors.torch.load_file(path).items()}
    safetensors.torch.save_file(halves, path, metadata={"format": "pt"})
    _change_config(folder, dtype="float16")
    model = _load(folder)
    assert {each.dtype for each in model.model.parameters()} == {torch.float32}
    attend(model, "The cat sat.")


def test_a_pickle_is_never_read(folder: Path) -> None:
    state = safetensors.torch.load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()

    torch.save(state, folder / "pytorch_model.bin")
    with pytest.raises(ModelFileError, match="no weights as safetensors"):
        _load(folder)


def test_code_in_the_folder_is_never_run(folder: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    code = f"open({str(canary)!r}, 'w').close()\nclass Model: pass\n"
    for name in ("modeling_mine", "configuration_mine", "tokenization_mine"):
        (folder / f"{name}.py").write_text(code)
    _change_config(
        folder,
        auto_map={
            "AutoConfig": "configuration_mine.Model",
            "AutoModel": "modeling_mine.Model",
            "AutoTokenizer": "tokenization_mine.Model",
        },
    )
    path = folder / "tokenizer_config.json"
    path.write_text(
        json.dumps(
            json.loads(path.read_text()) | {"auto_map": {"AutoTokenizer": ["tokenization_mine.Model", None]}}
        )
    )
    model = _load(folder)
    assert type(model.model).__module__.startswith("transformers.")
    assert type(model.tokenizer).__module__.startswith("transformers.")
    assert not canary.exists()


def test_missing_weights_are_refused_and_named(folder: Path) -> None:
    path = folder / "model.safetensors"
    state = safetensors.torch.load_file(path)
    del state["encoder.layer.1.attention.self.key.weight"]
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})
    with pytest.raises(ModelFileError, match=r"lack 1 of .*encoder\.layer\.1\.attention\.self\.key\.weight"):
        _load(folder)


def _change_weights(folder: Path, **changes: torch.Tensor) -> None:
    """Put other tensors into the file, or new ones; `__` stands for a dot."""
    path = folder / "model.safetensors"
    state = safetensors.torch.load_file(path) | {
        name.replace("__", "."): each for name, each in changes.items()
    }
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})


def test_weights_of_another_shape_are_named_with_both(folder: Path) -> None:
    _change_config(folder, intermediate_size=48)
    with pytest.raises(
        ModelFileError,
        match=r"encoder\.layer\.0\.intermediate\.dense\.bias has the shape \[37\], .*it would have \[48\]",
    ):
        _load(folder)


def test_a_model_with_heads_cut_out_is_refused_by_name_and_shape(folder: Path) -> None:
    state = safetensors.torch.load_file(folder / "model.safetensors")
    layer = "encoder.layer.1.attention"
    cut = {
        f"{layer}.self.{part}.weight": state[f"{layer}.self.{part}.weight"][8:].clone()
        for part in ("query", "key", "value")
    }
    cut |= {
        f"{layer}.self.{part}.bias": state[f"{layer}.self.{part}.bias"][8:].clone()
        for part in ("query", "key", "value")
    }
    cut[f"{layer}.output.dense.weight"] = state[f"{layer}.output.dense.weight"][:, 8:].clone()
    _change_weights(folder, **cut)
    _change_config(folder, pruned_heads={"1": [0]})
    with pytest.raises(ModelFileError, match=r"layer\.1\.attention\..* has the shape .*24.* would have .*32"):
        _load(folder)


@pytest.mark.parametrize(
    "name",
    [
        "encoder__layer__0__attention__self__distance_embedding__weight",
        "bert__encoder__layer__1__attention__self__distance_embedding__weight",
        "encoder__layer__1__output__adapter__weight",
        "encoder__layer__2__attention__self__query__weight",
        "embeddings__task_type_embeddings__weight",
    ],
)
def test_weights_without_a_place_inside_the_model_are_refused(folder: Path, name: str) -> None:
    _change_weights(folder, **{name: torch.ones(7, 8)})
    with pytest.raises(ModelFileError, match=f"hold 1 weights that have no place.*{name.split('__')[-2]}"):
        _load(folder)


@pytest.mark.parametrize(
    "name",
    ["classifier__weight", "cls__seq_relationship__weight", "linear__weight", "embeddings__position_ids"],
)
def test_weights_above_the_model_do_not_matter(folder: Path, name: str) -> None:
    expected = attend(_load(folder), "The cat sat.").encoder.weights
    _change_weights(folder, **{name: torch.ones(1, 64)})
    model = _load(folder)
    assert model.notes == ()
    np.testing.assert_array_equal(attend(model, "The cat sat.").encoder.weights, expected)


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("gpt2", "h.0.attn.bias"),
        ("gpt2", "h.0.attn.masked_bias"),
        ("gpt_neo", "h.1.attn.attention.bias"),
        ("gpt_neo", "h.1.attn.attention.masked_bias"),
        ("gpt_neox", "layers.0.attention.bias"),
        ("gpt_neox", "layers.0.attention.rotary_emb.inv_freq"),
        ("llama", "layers.0.self_attn.rotary_emb.inv_freq"),
        ("bart", "model.encoder.version"),
        ("t5", "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"),
        ("deberta-v2", "embeddings.position_embeddings.weight"),  # left out by position_biased_input
    ],
)
def test_tables_that_older_files_hold_do_not_matter(family: str, name: str, tmp_path: Path) -> None:
    made_for(family, tmp_path, **({"position_biased_input": False} if family == "deberta-v2" else {}))
    _change_weights(tmp_path, **{name: torch.ones(1, 1)})
    assert _load(tmp_path).notes == ()


def test_a_model_saved_without_its_pooler_is_whole(folder: Path) -> None:
    path = folder / "model.safetensors"
    state = {name: value for name, value in safetensors.torch.load_file(path).items() if "pooler" not in name}
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})
    attend(_load(folder), "The cat sat.")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b"\xff" * 8 + path.read_bytes()[8:]),
        lambda path: path.write_bytes((10**15).to_bytes(8, "little") + b"{}"),
        lambda path: safetensors.torch.save_file({"a": torch.ones(3)}, path, metadata={"format": "pt"}),
    ],
    ids=["empty", "cut", "header", "huge header", "another model's"],
)
def test_spoilt_weights_are_one_clear_error(
    folder: Path, spoil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from viz.models import load_model

    spoil(folder / "model.safetensors")
    monkeypatch.setenv("ATTENTION_ATLAS_LOCAL_MODELS", str(folder.parent))
    settings.cache_clear()
    with pytest.raises(ModelFileError, match=r"local:bert cannot be loaded"):
        load_model("local:bert")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe", b"1" * 2_000_000, b'{"a":1}'])
def test_a_config_that_is_none_is_one_clear_error(folder: Path, raw: bytes) -> None:
    (folder / "config.json").write_bytes(raw)
    with pytest.raises(ModelError, match=r"config\.json|does not know to read"):
        read_card(folder, "local:mine", "local")


@given(
    st.dictionaries(
        st.sampled_from(
            ["model_type", "num_hidden_layers", "num_attention_heads", "vocab_size", "hidden_size"]
        ),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())),
    )
)
def test_whatever_config_says_it_is_a_card_or_one_of_our_errors(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("config")
    plain = {
        "model_type": "bert",
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "vocab_size": 99,
        "hidden_size": 32,
        "max_position_embeddings": 64,
    }
    (folder / "config.json").write_text(json.dumps(plain | changes))
    try:
        card = read_card(folder, "local:mine", "local")
    except VizError:
        return
    assert 1 <= card.layers <= 256
    assert 1 <= card.heads <= 256


def test_a_tokenizer_of_another_model_is_refused(folder: Path) -> None:
    _change_config(folder, vocab_size=20)
    state = safetensors.torch.load_file(folder / "model.safetensors")
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][:20].clone()
    safetensors.torch.save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelRefused, match="knows only 20"):
        _load(folder)


def test_a_folder_without_a_tokenizer_is_one_clear_error(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in ("config.json", "model.safetensors"):
            path.unlink()
    with pytest.raises(ModelFileError, match="its tokenizer cannot be used"):
        _load(folder)


def test_the_limit_of_tokens_is_the_least_of_three() -> None:
    assert token_limit(Shape(2, 4, 64)) == 64
    assert token_limit(Shape(2, 4, 0, 2, 4, ("encoder", "decoder", "cross"))) == settings().max_tokens
    deep = token_limit(Shape(64, 64, 100_000, kinds=("decoder",)))
    assert deep < settings().max_tokens
    assert 4 * 64 * 64 * deep**2 <= 400_000_000 < 4 * 64 * 64 * (deep + 1) ** 2


def test_the_digest_is_that_of_the_weights(folder: Path) -> None:
    inner = hashlib.sha256((folder / "model.safetensors").read_bytes()).digest()
    assert weights_digest(folder) == hashlib.sha256(inner).hexdigest()


def _saved_with_head(folder: Path) -> Path:
    """A tiny BERT with its masked-language head, saved as such."""
    from transformers import BertForMaskedLM

    torch.manual_seed(1)
    made_for("bert", folder)
    config = BertForMaskedLM.config_class.from_pretrained(folder)
    BertForMaskedLM(config).save_pretrained(folder)
    return folder


def test_a_masked_language_head_is_kept_beside_the_model(tmp_path: Path) -> None:
    model = _load(_saved_with_head(tmp_path / "head"))
    assert model.predictor is not None
    assert model.predictor.base_model is model.model
    saved = safetensors.torch.load_file(tmp_path / "head" / "model.safetensors")
    name = "cls.predictions.transform.dense.weight"
    assert torch.equal(model.predictor.state_dict()[name], saved[name])
    attend(model, "The cat sat.")


def test_without_the_weights_of_its_head_a_model_predicts_nothing(tmp_path: Path) -> None:
    path = _saved_with_head(tmp_path / "head") / "model.safetensors"
    state = {name: value for name, value in safetensors.torch.load_file(path).items() if "cls." not in name}
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})
    model = _load(tmp_path / "head")
    assert model.predictor is None
    attend(model, "The cat sat.")


def test_a_bare_model_has_no_predictor(folder: Path) -> None:
    assert _load(folder).predictor is None
