"""Trains the small translator from French to English: `python -m tools.translator.train --out FOLDER`.

A Marian of transformers' own with weights drawn at random, taught phrases of `tools.translator.phrases` by teacher
forcing: at each place the decoder is fed the right words so far, whatever it would have said, and the loss is the
cross-entropy of the word that comes next. The seed fixes the phrases, the first weights, the order and the dropout.

Tells of the loss, then writes config.json, tokenizer files and model.safetensors, reads them as the app does, and says
how many held-out phrases come out word for word, and how often the cross-attention of each head points at the right
word where an adjective and its noun change places: also in facts.json, which the lesson shows.
"""

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig, MarianConfig, MarianMTModel

from tools.translator.phrases import Phrase, PhraseBook, phrase_book
from tools.translator.pointing import best_head, pointing
from tools.translator.word_tokenizer import make_tokenizer
from viz.lessons.translator.translation import END, PAD, START, UNKNOWN, joined, load_translator
from viz.lessons.translator.translator_facts import Facts, write_facts
from viz.models.card import LoadedModel
from viz.models.forward import feed

_LONGEST = 64  # positions there are; the longest phrase has about twenty words
_AT_ONCE = 100
_MOST_SAID = 32
_MEASURED = 2_000  # training phrases, to choose the head that aligns best
_THREADS = 1  # tiny matrices: more threads wait for each other


@dataclass(frozen=True)
class Plan:
    """What is trained, on what, and how long. `inner` is the feed-forward width, `rate` the highest learning rate."""

    seed: int = 7
    training: int = 16_000
    held_out: int = 1_000
    epochs: int = 24
    batch: int = 64
    rate: float = 2e-3
    warm_up: int = 200
    dropout: float = 0.1
    width: int = 96
    inner: int = 192
    encoder_layers: int = 2
    decoder_layers: int = 1
    heads: int = 4
    constructions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trained:
    """What came of a plan: the transformers objects, the phrases, and the mean loss of each epoch, in nats a word."""

    model: Any
    tokenizer: Any
    book: PhraseBook
    losses: tuple[float, ...]


def train(plan: Plan, tell: Callable[[int, float], None] = lambda epoch, loss: None) -> Trained:
    """Train by the plan; `tell` hears of each epoch, counted from 1. Torch's own random state stays as it was.

    Raises `InputError` where the grammar does not have the phrases.
    """
    book = phrase_book(plan.seed, plan.training, plan.held_out, plan.constructions)
    tokenizer = make_tokenizer(text for phrase in book.training for text in (phrase.french, phrase.english))
    order = random.Random(plan.seed)  # noqa: S311 - keeps no secret
    losses = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        model = make_model(plan, len(tokenizer))
        optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01)
        total = plan.epochs * math.ceil(plan.training / plan.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: _share(step, plan.warm_up, total)
        )
        pairs = [
            (tokenizer(phrase.french).input_ids, tokenizer(phrase.english).input_ids)
            for phrase in book.training
        ]
        for epoch in range(1, plan.epochs + 1):
            losses.append(_epoch(model.train(), optimiser, schedule, _batches(pairs, plan.batch, order)))
            tell(epoch, losses[-1])
    return Trained(model.eval().requires_grad_(False), tokenizer, book, tuple(losses))


def make_model(plan: Plan, words: int) -> Any:
    """A Marian of the plan's sizes for a vocabulary of so many words, its weights drawn by torch's random state."""
    config = MarianConfig(
        vocab_size=words,
        decoder_vocab_size=words,
        d_model=plan.width,
        encoder_layers=plan.encoder_layers,
        decoder_layers=plan.decoder_layers,
        encoder_attention_heads=plan.heads,
        decoder_attention_heads=plan.heads,
        encoder_ffn_dim=plan.inner,
        decoder_ffn_dim=plan.inner,
        max_position_embeddings=_LONGEST,
        dropout=plan.dropout,
        activation_function="relu",
        scale_embedding=True,
        init_std=plan.width**-0.5,
        pad_token_id=PAD,
        eos_token_id=END,
        bos_token_id=START,
        decoder_start_token_id=START,
        forced_eos_token_id=None,
        attn_implementation="eager",
    )
    model = MarianMTModel(config)
    model.generation_config = GenerationConfig(
        pad_token_id=PAD, eos_token_id=END, bos_token_id=START, decoder_start_token_id=START
    )
    return model


def _share(step: int, warm_up: int, total: int) -> float:
    """Of the highest learning rate: up in a line, then down along a cosine."""
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm_up) / max(1, total - warm_up))))


Pair = tuple[list[int], list[int]]


def _batches(pairs: Sequence[Pair], size: int, order: random.Random) -> Iterator[Sequence[Pair]]:
    """All pairs in an order of chance, those of like length together: padding costs time."""
    mixed = sorted(pairs, key=lambda pair: (len(pair[1]), len(pair[0]), order.random()))
    parts = [mixed[start : start + size] for start in range(0, len(mixed), size)]
    order.shuffle(parts)
    return iter(parts)


def _epoch(model: Any, optimiser: Any, schedule: Any, batches: Iterator[Sequence[Pair]]) -> float:
    heard, words = 0.0, 0
    for batch in batches:
        source = _table([french for french, _english in batch], PAD)
        labels = _table([english for _french, english in batch], -100)  # -100: counts for nothing in the loss
        output = model(input_ids=source, attention_mask=(source != PAD).long(), labels=labels)
        optimiser.zero_grad()
        output.loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        count = int((labels != -100).sum())
        heard, words = heard + float(output.loss.detach()) * count, words + count
    return heard / words


def _table(rows: Sequence[Sequence[int]], padding: int) -> torch.Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[padding] * (longest - len(row))] for row in rows])


def exact_match(model: LoadedModel, phrases: Sequence[Phrase]) -> float:
    """The share of phrases, 0 to 1, whose translation by `generate` (greedy) is the English one word for word."""
    right = 0
    for start in range(0, len(phrases), _AT_ONCE):
        part = phrases[start : start + _AT_ONCE]
        said = generated(model, [phrase.french for phrase in part])
        right += sum(phrase.english == text for phrase, text in zip(part, said, strict=True))
    return right / len(phrases)


def generated(model: LoadedModel, texts: Sequence[str]) -> list[str]:
    """What transformers' own `generate` makes of French texts, greedily; nothing checks their words."""
    fed = feed(model, [model.tokenizer(text).input_ids for text in texts])
    with model.lock, torch.inference_mode():
        output = model.model.generate(**fed, do_sample=False, num_beams=1, max_new_tokens=_MOST_SAID)
    return [
        joined(tuple(model.tokenizer.convert_ids_to_tokens([token for token in row if token > UNKNOWN])))
        for row in output.tolist()
    ]


def measured(model: LoadedModel, plan: Plan, book: PhraseBook, minutes: float) -> Facts:
    """What there is to say of a translator that was trained by `plan` on `book` in so many CPU minutes."""
    return Facts(
        seed=plan.seed,
        training=plan.training,
        held_out=plan.held_out,
        epochs=plan.epochs,
        weights=sum(parameter.numel() for parameter in model.model.parameters()),
        minutes=round(minutes, 1),
        exact=exact_match(model, book.held_out),
        pointing_trained=pointing(model, book.training[:_MEASURED]),
        pointing_held_out=pointing(model, book.held_out),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, measure what was written, and say so; 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m tools.translator.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    options = parser.parse_args(arguments)
    torch.set_num_threads(_THREADS)
    plan = Plan(seed=options.seed, epochs=options.epochs)
    begun, busy = time.monotonic(), time.process_time()
    trained = train(plan, lambda epoch, loss: _say(f"epoch {epoch:2} of {plan.epochs}: loss {loss:.4f}"))
    minutes, passed = (time.process_time() - busy) / 60, (time.monotonic() - begun) / 60
    trained.model.save_pretrained(options.out)
    trained.tokenizer.save_pretrained(options.out)
    model = load_translator(options.out)
    facts = measured(model, plan, trained.book, minutes)
    write_facts(options.out, facts)
    layer, head = best_head(facts.pointing_trained)
    shares = facts.pointing_held_out
    _say(f"{facts.weights:,} weights, {plan.training:,} phrases, seed {plan.seed}")
    _say(f"trained in {minutes:.1f} CPU minutes on {_THREADS} thread, {passed:.1f} by the clock")
    _say(f"held-out exact match: {facts.exact:.1%} of {plan.held_out:,}")
    _say(
        f"held-out words that change places, pointed at by layer {layer + 1}, head {head + 1}: "
        f"{shares[layer, head]:.1%}; by the mean of the heads: {shares[layer, -1]:.1%}"
    )
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
