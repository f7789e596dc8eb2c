"""Many texts through a model in padded batches: each layer's attention is handed over as it is computed, then dropped.

    batch_by_length(lengths)       which texts go together: those of similar length, so that little is padding
    LayerReader(model).read(...)   one forward pass of a batch; a function is called with each layer's weights

A model asked for its attention weights keeps those of all layers until it is done. The reader takes each layer's away
where the model makes it, by a hook on that module, so that no more than one is ever in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from viz.errors import ModelRefused, NotEnoughMemory, VizError, is_memory
from viz.inputs.encoding import Encoding
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.forward import ModelInputs, feed, forward, hooked, padding_id, readable_errors, reader

# Larger batches are no faster on a processor (MiniLM: 5.5 ms a sentence at 512 and 1,024 tokens, 7.3 at 4,096), and
# take in texts of more lengths, so more padding.
BATCH_TOKENS = 512

_PROBE = 3
_SAME = 1e-5

LayerSeen = Callable[[int, torch.Tensor], None]


def batch_by_length(
    lengths: Sequence[int], most_tokens: int = BATCH_TOKENS, padded: bool = True
) -> Iterator[tuple[int, ...]]:
    """The indices of texts that go together, the shortest first; at most `most_tokens` in a batch, padding included.

    `list(batch_by_length([3, 9, 2], 6)) == [(2, 0), (1,)]`: a text longer than that goes alone. Without `padded`, only
    texts of one length go together.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        full = lengths[place] * (len(batch) + 1) > most_tokens
        if batch and (full or not (padded or lengths[place] == lengths[batch[0]])):
            yield tuple(batch)
            batch = []
        batch.append(place)
    if batch:
        yield tuple(batch)


@dataclass(frozen=True)
class _Tap:
    """A module that makes weights, and where they are in what it returns."""

    module: torch.nn.Module
    index: int


class LayerReader:
    """Reads the attention of a model's first kind of map (the encoder's, if it has one) layer by layer.

    `padded` says whether a text gives the same with padding beside it as alone. Where it does not (MobileBERT joins
    each token's embedding with its neighbours'), texts of one length alone go together.
    """

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        with readable_errors(model, _PROBE):
            self._taps = self._find_taps()
            self.padded = self._ignores_padding()

    def in_batches(
        self, encodings: Sequence[Encoding], most_tokens: int = BATCH_TOKENS
    ) -> Iterator[tuple[int, ...]]:
        """The places of the texts that are best read together."""
        return batch_by_length([len(encoding) for encoding in encodings], most_tokens, self.padded)

    @property
    def by_layer(self) -> bool:
        """Whether each layer's weights are taken where they are made; else all are kept until the batch is done."""
        return bool(self._taps)

    def read(self, encodings: Sequence[Encoding], seen: LayerSeen) -> None:
        """Run the texts as one batch; `seen(layer, weights)` is called once a layer, in order.

        `weights` is a float32 tensor [text, head, query, key] of the model's device; it may be overwritten, and is
        not to be kept. Places after a text's own tokens are padding: nothing there means anything, but no token has
        weight on a key that is padding. Raises `VizError` where the model fails, `ModelRefused` where it gives no
        weights.
        """
        ids = [encoding.token_ids for encoding in encodings]
        inputs = feed(self._model, ids, [encoding.segments for encoding in encodings])
        try:
            with self._model.lock, torch.inference_mode():
                layers = self._with_taps(inputs, seen) if self._taps else self._all_at_once(inputs, seen)
        except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
            if is_memory(exc):
                raise NotEnoughMemory(
                    _(
                        "There is not enough memory for {model} on {texts} texts at once, the longest of {tokens} "
                        "tokens. Leave out the longest, or try again: what was kept of other texts is let go of now."
                    ),
                    model=self._model.card.title,
                    texts=len(encodings),
                    tokens=max(len(encoding) for encoding in encodings),
                ) from exc
            raise VizError(
                _("{model} failed on a batch of {texts} texts, the longest of {tokens} tokens: {reason}."),
                model=self._model.card.title,
                texts=len(encodings),
                tokens=max(len(encoding) for encoding in encodings),
                reason=str(exc),
            ) from exc
        if layers != self._model.card.layers:
            raise ModelRefused(
                _("{model} gave the attention of {given} layers; {expected} were expected."),
                model=self._model.card.title,
                given=layers,
                expected=self._model.card.layers,
            )

    def _with_taps(self, inputs: ModelInputs, seen: LayerSeen) -> int:
        layers = 0

        def take(index: int, _module: object, _arguments: object, output: Any) -> Any:
            nonlocal layers
            weights = output[index]
            seen(layers, weights.float())
            layers += 1
            # In place of the weights goes nothing, which costs nothing to keep.
            return (*output[:index], weights.new_empty(0), *output[index + 1 :])

        # First in line: transformers keeps weights by hooks of its own.
        with hooked(
            tap.module.register_forward_hook(partial(take, tap.index), prepend=True) for tap in self._taps
        ):
            self._forward(inputs)
        return layers

    def _all_at_once(self, inputs: ModelInputs, seen: LayerSeen) -> int:
        layers = [weights for weights in self._forward(inputs) if weights is not None]
        for layer, weights in enumerate(layers):
            seen(layer, weights.float())
        return len(layers)

    def _forward(self, inputs: ModelInputs) -> tuple[Any, ...]:
        return forward(self._model, inputs, output_attentions=True).attentions or ()

    def _find_taps(self) -> tuple[_Tap, ...]:
        """Where the weights come out: the modules whose output first holds the very tensors that the model returns.

        Looked for rather than listed by family; () where the places cannot be told, such as when the model returns
        weights that it has worked on.
        """
        returned: list[tuple[_Tap, torch.Tensor]] = []

        def note(module: torch.nn.Module, _arguments: object, output: Any) -> None:
            if isinstance(output, tuple):
                returned.extend(
                    (_Tap(module, index), part)
                    for index, part in enumerate(output)
                    if isinstance(part, torch.Tensor) and part.dim() == 4
                )

        with self._model.lock, torch.inference_mode():
            modules = reader(self._model).modules()
            with hooked(module.register_forward_hook(note, prepend=True) for module in modules):
                weights = self._forward(self._probe())
        places = [
            next((index for index, (_t, part) in enumerate(returned) if part is layer_weights), -1)
            for layer_weights in weights
        ]
        if -1 in places or places != sorted(places):
            return ()
        taps = {returned[index][0].module: returned[index][0] for index in places}
        # A module that also runs where no layer is counted would be taken for a layer.
        runs = sum(taps.get(tap.module) == tap for tap, _part in returned)
        return tuple(taps.values()) if runs == len(places) else ()

    def _ignores_padding(self) -> bool:
        with self._model.lock, torch.inference_mode():
            alone = self._forward(self._probe())
            beside = self._forward(self._probe(padding=1))
        own = alone[0].shape[-1] if alone else 0
        return all(
            torch.allclose(left, right[..., :own, :own], atol=_SAME)
            for left, right in zip(alone, beside, strict=True)
        )

    def _probe(self, padding: int = 0) -> ModelInputs:
        """A few tokens, none of them padding, with some padding after them."""
        count = max(1, min(_PROBE, self._model.card.max_tokens - 1))
        padding_token = padding_id(self._model)
        table = reader(self._model).get_input_embeddings().weight.shape[0]
        ids = [(padding_token + 1 + index) % table for index in range(count)]
        inputs = feed(self._model, [ids, [*ids, *[padding_token] * padding]])
        mask = [1] * count + [0] * padding
        return {
            "input_ids": inputs["input_ids"][-1:],
            "attention_mask": torch.tensor([mask], device=inputs["input_ids"].device),
        }
