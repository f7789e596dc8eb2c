"""attend(): a model and a text in, every head's attention out, checked.

Axes, always in this order: layer, head, query, key. A row (one query) sums to 1.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from viz.errors import AttentionError, MapNotFound, ModelRefused
from viz.inputs.encoding import Encoding
from viz.inputs.text.text_input import encode, encode_ids, encode_target
from viz.language import _
from viz.models.card import Kind, LoadedModel, ModelCard
from viz.models.forward import feed, forward, translated

Weights = NDArray[np.float32]
Quantity = Literal["attention", "norm", "share"]
"""What a map's numbers are: attention weights, whose rows sum to 1; the lengths of what each key brings
(`viz.attention.norms`), whose rows sum to anything; or such rows scaled to sum to 1."""

_ROW_TOLERANCE = 1e-4
_MOST_WRITTEN = 128
_TOKEN_ROLES = (
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "decoder_start_token_id",
    "forced_bos_token_id",
    "bad_words_ids",
)


@dataclass(frozen=True, eq=False)
class AttentionMap:
    """Weights [layer, head, query, key], float32 and read-only, with the tokens they belong to.

    Where `quantity` is not "attention" they are another number of the same query and key.
    """

    kind: Kind
    weights: Weights
    queries: Encoding
    keys: Encoding
    quantity: Quantity = "attention"

    def __post_init__(self) -> None:
        expected = (len(self.queries), len(self.keys))
        if self.weights.ndim != 4 or self.weights.shape[2:] != expected:
            raise AttentionError(
                _("The weights have the shape {shape}; [layer, head, {queries}, {keys}] was expected."),
                shape=str(self.weights.shape),
                queries=expected[0],
                keys=expected[1],
            )

    @cached_property
    def top(self) -> float:
        """The upper end of the scale: 1, or of lengths the largest there is in this text (1 where all are 0)."""
        return (float(self.weights.max(initial=0)) or 1.0) if self.quantity == "norm" else 1.0

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """How many heads each layer has."""
        return int(self.weights.shape[1])


@dataclass(frozen=True, eq=False)
class AttentionResult:
    """All the maps that one text (or pair) gave, and the model that gave them.

    `target` is the text fed to the decoder of a model that has an encoder too; `generated` where the model wrote it.
    """

    maps: tuple[AttentionMap, ...]
    card: ModelCard
    revision: str
    target: str = ""
    generated: bool = False

    @property
    def encoder(self) -> AttentionMap:
        """The encoder's self-attention. Raises `MapNotFound` where there is none."""
        return self.map("encoder")

    @property
    def decoder(self) -> AttentionMap:
        """The decoder's self-attention. Raises `MapNotFound` where there is none."""
        return self.map("decoder")

    @property
    def cross(self) -> AttentionMap:
        """Decoder queries, encoder keys. Raises `MapNotFound` where there is none."""
        return self.map("cross")

    def shown(self, kind: str) -> AttentionMap:
        """The map of this kind, or the first one where there is none: what a page shows."""
        return next((found for found in self.maps if found.kind == kind), self.maps[0])

    def map(self, kind: Kind) -> AttentionMap:
        """The map of this kind; raises `MapNotFound`, which names the kinds there are."""
        for found in self.maps:
            if found.kind == kind:
                return found
        raise MapNotFound(
            _("{model} has no {kind} attention; it has: {kinds}."),
            model=self.card.title,
            kind=kind,
            kinds=", ".join(found.kind for found in self.maps),
        )

    @property
    def nbytes(self) -> int:
        """How much memory the weights hold, in bytes."""
        return sum(found.weights.nbytes for found in self.maps)


def attend(
    model: LoadedModel, text: str, pair: str | None = None, target: str | None = None
) -> AttentionResult:
    """Run `model` once over one text, or two, and return every head's attention.

    `result.encoder.weights` is float32 [layer, head, query, key], read-only, each row summing to 1 (Vaswani et al.
    2017). A decoder gives `result.decoder`, where no token sees those after it. A model with both gives `result.cross`
    too: its decoder is fed `target`, or, without one, what the model itself writes by greedy generation.

    Raises `TextTooLong` and `InputError` for the texts, `ModelRefused` where the model gives no weights that this app
    knows, `AttentionError` where they are no attention.
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
    """What a model with a decoder writes on reading `encoding`: at each step the likeliest token, up to a limit.

    The first token is the one its decoder starts with; the end-of-sequence mark, which no token is fed after, is not
    among them.
    """
    import transformers

    settings = model.model.generation_config
    # Of a model's own settings only which tokens mean what; those for beam search and sampling are not greedy.
    plain = transformers.GenerationConfig(
        do_sample=False,
        num_beams=1,
        max_new_tokens=min(_MOST_WRITTEN, model.card.max_tokens - 1),
        # transformers makes its cache for as many layers as the encoder has.
        use_cache=model.card.decoder_layers <= model.card.layers,
        **{name: getattr(settings, name, None) for name in _TOKEN_ROLES},
    )
    inputs = feed(model, [encoding.ids], [encoding.segments])
    with translated(model, len(encoding)), model.lock, torch.inference_mode():
        found = model.model.generate(**inputs, generation_config=plain)[0].tolist()
    ends = settings.eos_token_id
    ends = {ends} if isinstance(ends, int) else set(ends or ())
    if len(found) > 1 and found[-1] in ends:
        found = found[:-1]
    return encode_ids(model, found)


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
    with translated(model, len(encoding)), model.lock, torch.inference_mode():
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


def check_causal(weights: Weights) -> None:
    """Raise `AttentionError` unless no query of [layer, head, query, key] has weight on a key after it."""
    later = np.triu(np.ones(weights.shape[2:], dtype=bool), 1)
    if np.any(weights[:, :, later]):
        raise AttentionError(
            _(
                "A decoder's token has weight on tokens that come after it; exactly 0 was expected. "
                "The model's files may be damaged."
            )
        )


def check_rows(weights: Weights) -> None:
    """Raise `AttentionError` unless all weights are finite and each query's row sums to 1."""
    # Summed by torch, which uses all cores: the check is a tenth of a long text's time otherwise.
    off: Weights = np.abs(torch.from_numpy(weights).sum(dim=-1).numpy() - 1)
    if not off.max(initial=0) <= _ROW_TOLERANCE:  # also true of NaN
        layer, head, query = np.unravel_index(int(off.argmax()), off.shape)
        raise AttentionError(
            _(
                "Layer {layer}, head {head}, query {query}: the weights sum to {total}; 1 was expected. "
                "The model's files may be damaged."
            ),
            layer=int(layer) + 1,
            head=int(head) + 1,
            query=int(query) + 1,
            total=float(weights[layer, head, query].sum()),
        )
