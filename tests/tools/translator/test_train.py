"""A small translator learns here, from nothing; and the one that comes with the app does what is said of it."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from tools.translator.phrases import PhraseBook, phrase_book
from tools.translator.pointing import best_head, pointing
from tools.translator.train import Plan, Trained, exact_match, generated, main, train
from viz.errors import ModelFileError
from viz.lessons.translator.translation import FOLDER, load_translator, translator
from viz.lessons.translator.translator_facts import read_facts, write_facts

SMALL = Plan(
    seed=1,
    training=1_000,
    held_out=100,
    epochs=9,
    batch=32,
    rate=4e-3,
    warm_up=30,
    dropout=0.0,
    width=64,
    inner=128,
    encoder_layers=1,
    heads=2,
    constructions=("bare", "state"),
)


@pytest.fixture(scope="module")
def trained() -> Trained:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return train(SMALL)
    finally:
        torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    """The phrases of the translator that comes with the app."""
    facts = read_facts(FOLDER)
    return phrase_book(facts.seed, facts.training, facts.held_out)


@pytest.mark.slow
def test_a_small_one_learns_on_a_small_budget(trained: Trained, tmp_path: Path) -> None:
    assert trained.losses[0] > 3
    assert trained.losses[-1] < 0.4
    assert all(later < before for before, later in pairwise(trained.losses))
    trained.model.save_pretrained(tmp_path)
    trained.tokenizer.save_pretrained(tmp_path)
    model = load_translator(tmp_path)
    assert exact_match(model, trained.book.held_out) > 0.5
    assert generated(model, [trained.book.training[0].french]) == [trained.book.training[0].english]


def test_an_untrained_one_translates_nothing(tmp_path: Path) -> None:
    tiny = Plan(training=64, held_out=20, epochs=1, batch=64, width=16, inner=16, heads=2, rate=0.0)
    found = train(tiny)
    found.model.save_pretrained(tmp_path)
    found.tokenizer.save_pretrained(tmp_path)
    assert exact_match(load_translator(tmp_path), found.book.held_out) == 0


def test_a_plan_gives_the_same_weights_again_and_leaves_torchs_own_chance_alone() -> None:
    tiny = Plan(training=64, held_out=20, epochs=2, batch=16, width=16, inner=16, heads=2)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    one, other = train(tiny), train(tiny)
    assert torch.equal(torch.get_rng_state(), before)
    assert one.losses == other.losses
    for name, values in one.model.state_dict().items():
        assert torch.equal(values, other.model.state_dict()[name]), name


def test_the_command_writes_a_translator_and_says_how_well_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = Plan(training=64, held_out=20, epochs=1, batch=32, width=16, inner=16, heads=2)
    monkeypatch.setattr("tools.translator.train.Plan", lambda **given: tiny)
    monkeypatch.setattr("tools.translator.train.Plan.seed", 7, raising=False)
    monkeypatch.setattr("tools.translator.train.Plan.epochs", 1, raising=False)
    assert main(["--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "epoch  1 of 1: loss" in said
    assert "held-out exact match: 0.0% of 20" in said
    assert read_facts(tmp_path).exact == 0
    assert load_translator(tmp_path).card.kinds == ("encoder", "decoder", "cross")


@pytest.mark.slow
def test_the_one_that_comes_with_the_app_is_right_on_held_out_phrases(book: PhraseBook) -> None:
    share = exact_match(translator(), book.held_out)
    assert share >= 0.95
    assert share == pytest.approx(read_facts(FOLDER).exact, abs=0.003)


def test_it_looks_at_the_right_word_where_adjective_and_noun_change_places(book: PhraseBook) -> None:
    facts = read_facts(FOLDER)
    shares = pointing(translator(), book.held_out)
    layer, head = best_head(facts.pointing_trained)
    assert shares[layer, head] >= 0.9
    assert shares[-1, -1] >= 0.9
    np.testing.assert_allclose(shares, facts.pointing_held_out, atol=0.01)


def test_the_phrase_of_every_textbook_is_held_out_and_known(book: PhraseBook) -> None:
    assert generated(translator(), ["je suis étudiant"]) == ["I am a student"]
    assert "je suis étudiant" not in {phrase.french for phrase in book.training}


def test_every_word_of_the_held_out_phrases_was_trained_on(book: PhraseBook) -> None:
    tokenizer = translator().tokenizer
    known = {
        word for phrase in book.training for word in tokenizer.tokenize(f"{phrase.french} {phrase.english}")
    }
    assert tokenizer.unk_token not in known
    assert set(tokenizer.get_vocab()) - known == set(tokenizer.all_special_tokens)
    for phrase in book.held_out:
        assert set(tokenizer.tokenize(f"{phrase.french} {phrase.english}")) <= known


def test_it_is_small_and_its_weights_are_safetensors_alone() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert not any(name.endswith((".bin", ".pt", ".pth", ".pkl", ".py", ".h5", ".msgpack")) for name in files)
    assert (FOLDER / "model.safetensors").stat().st_size < 4_000_000
    weights = sum(each.numel() for each in translator().model.parameters())
    assert weights == read_facts(FOLDER).weights
    assert 100_000 < weights < 1_000_000
    assert json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))["model_type"] == "marian"


def test_facts_come_back_as_they_were_written(tmp_path: Path) -> None:
    facts = read_facts(FOLDER)
    write_facts(tmp_path, facts)
    again = read_facts(tmp_path)
    assert (again.seed, again.exact, again.minutes) == (facts.seed, facts.exact, facts.minutes)
    np.testing.assert_array_equal(again.pointing_held_out, facts.pointing_held_out)
    assert not again.pointing_held_out.flags.writeable


@pytest.mark.parametrize("text", ["", "[]", '{"seed": 1}', "{"])
def test_facts_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "facts.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_facts(tmp_path)


def test_no_facts(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="FileNotFoundError"):
        read_facts(tmp_path)
