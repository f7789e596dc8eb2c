"""attend(): from a model and a text to the attention of every head, checked.

The axes are always in this order: layer, head, query, key. A row (one query) sums to 1.
"""

from typing import Any

import torch

from viz.attention.checks import check_causal, check_rows
from viz.attention.maps import AttentionMap, AttentionResult, Weights
from viz.errors import ModelRefused
from viz.inputs.text import Encoding, encode, encode_ids, encode_target
from viz.language import _
from viz.models.card import Kind, LoadedModel
from viz.models.forward import feed, forward, readable_errors

_MOST_WRITTEN = 128
_TOKEN_ROLES = (
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "decoder_start_token_id",
    "forced_bos_token_id",
    "bad_words_ids",
)


def attend(
    model: LoadedModel, text: str, pair: str | None = None, target: str | None = None
) -> AttentionResult:
    """Run `model` once over one text, or two, and return every head's attention.

    `attend(model, "The cat sat.").encoder.weights` is float32 [layer, head, query, key], read-only; each row sums to 1
    (Vaswani et al. 2017, "Attention Is All You Need"). A decoder gives `result.decoder`, where no token sees those
    after it. A model with both gives `result.cross` too: its decoder reads `target`, or, without one, what the model
    itself writes by greedy generation.

    Raises `TextTooLong` and `InputError` for the texts, `ModelRefused` where the model gives no weights that this app
    knows, and `AttentionError` where a row does not sum to 1 or a decoder sees later tokens.
    """
    encoding = encode(model, text, pair)
    if "cross" not in model.card.kinds:
        (weights,) = _forward(model, encoding, None)
        only = _map(model.card.kinds[0], weights, encoding, encoding)
        return AttentionResult((only,), model.card, model.revision)
    generated = not (target or "").strip()
    written = generate(model, encoding) if generated else encode_target(model, target or "")
    encoder, decoder, cross = _forward(model, encoding, written)
    maps = (
        _map("encoder", encoder, encoding, encoding),
        _map("decoder", decoder, written, written),
        _map("cross", cross, written, encoding),
    )
    return AttentionResult(maps, model.card, model.revision, written.text, generated)


def generate(model: LoadedModel, encoding: Encoding) -> Encoding:
    """What a model with a decoder writes when it reads `encoding`: at each step the likeliest token, at most 128.

    The first token is the one that its decoder starts with. The end-of-sequence mark is left out, since no token
    follows it. Raises `VizError` where the model fails.
    """
    import transformers

    settings = model.model.generation_config
    # Of the model's own settings only the meaning of tokens counts; beam search and sampling are not greedy.
    greedy = transformers.GenerationConfig(
        do_sample=False,
        num_beams=1,
        max_new_tokens=min(_MOST_WRITTEN, model.card.max_tokens - 1),
        # transformers makes its cache for as many layers as the encoder has.
        use_cache=model.card.decoder_layers <= model.card.layers,
        **{name: getattr(settings, name, None) for name in _TOKEN_ROLES},
    )
    inputs = feed(model, [encoding.ids], [encoding.segments])
    with readable_errors(model, len(encoding)), model.lock, torch.inference_mode():
        ids = model.model.generate(**inputs, generation_config=greedy)[0].tolist()
    ends = settings.eos_token_id
    ends = {ends} if isinstance(ends, int) else set(ends or ())
    if len(ids) > 1 and ids[-1] in ends:
        ids = ids[:-1]
    return encode_ids(model, ids)


def _map(kind: Kind, weights: Weights, queries: Encoding, keys: Encoding) -> AttentionMap:
    check_rows(weights)
    if kind == "decoder":
        check_causal(weights)
    weights.setflags(write=False)
    return AttentionMap(kind, weights, queries, keys)


def _forward(model: LoadedModel, encoding: Encoding, written: Encoding | None) -> list[Weights]:
    """The weights [layer, head, query, key] of each of the model's kinds of map, in one forward pass."""
    inputs = dict(feed(model, [encoding.ids], [encoding.segments]))
    names = ["attentions"]
    if written is not None:
        inputs["decoder_input_ids"] = torch.tensor([written.ids], device=model.model.device)
        names = ["encoder_attentions", "decoder_attentions", "cross_attentions"]
    with readable_errors(model, len(encoding)), model.lock, torch.inference_mode():
        output = forward(model, inputs, model.model, output_attentions=True)
    return [_stacked(model, getattr(output, name, None), name) for name in names]


def _stacked(model: LoadedModel, layers: Any, name: str) -> Weights:
    if not layers or any(layer is None for layer in layers):
        raise ModelRefused(
            _("{model} returned no attention weights. Please choose a BERT-style model."),
            model=model.card.title,
        )
    shapes = {tuple(layer.shape) for layer in layers}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 4 or shape[0] != 1:
        raise ModelRefused(
            _(
                "{model} returned attention weights of a shape this app does not know ({shape} in {name}); "
                "[1, head, query, key] in each layer was expected. Please choose a BERT-style model."
            ),
            model=model.card.title,
            shape=str(sorted(tuple(layer.shape) for layer in layers)[0]),
            name=name,
        )
    weights: Weights = torch.cat(list(layers)).float().cpu().numpy()
    return weights
