"""What is known of a model before it is loaded, and the model once it is."""

import threading
from dataclasses import dataclass, field
from typing import Any, Literal

from viz.errors import VizError

Source = Literal["embedded", "local", "hub"]
Kind = Literal["encoder", "decoder", "cross"]


@dataclass(frozen=True)
class ModelCard:
    """A model of the catalogue.

    `languages` are BCP 47 tags, or "mul" for many. `about` is a sentence for people and `weights_note`
    marks weights that are not the original ones ("4-bit weights"); both are message ids, to be translated.
    `layers` and `heads` are those of the first of `kinds`; a model with an encoder and a decoder gives the decoder's
    own in `decoder_layers` and `decoder_heads`. `nbytes` is what has to be downloaded, 0 where that is not known.
    """

    id: str
    title: str
    languages: tuple[str, ...]
    layers: int
    heads: int
    max_tokens: int
    licence: str
    source: Source
    about: str
    weights_note: str = ""
    kinds: tuple[Kind, ...] = ("encoder",)
    decoder_layers: int = 0
    decoder_heads: int = 0
    nbytes: int = 0

    def shape(self, kind: str) -> tuple[int, int]:
        """How many layers and heads the map of that kind has; the first kind's where there is no such map."""
        if kind in self.kinds[1:]:
            return self.decoder_layers, self.decoder_heads
        return self.layers, self.heads


@dataclass(frozen=True)
class LoadedModel:
    """A model ready for use. `model` and `tokenizer` are the transformers objects, never mutated.

    `revision` says exactly which weights these are (the sha256 of the embedded file, a hub commit). `predictor` is
    the transformers object with a masked-language head around `model`, whose weights it shares; None where the files
    hold no such head. `notes` are things a person should know though the model works, such as a cache that cannot be
    kept. `lock` is held during a forward pass: one at a time per model.
    """

    card: ModelCard
    model: Any = field(repr=False)
    tokenizer: Any = field(repr=False)
    revision: str
    notes: tuple[VizError, ...] = ()
    predictor: Any = field(default=None, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
