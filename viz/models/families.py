"""The families of models this app knows to read, by the `model_type` of their config.json.

    family_of(config)          the Family, or ModelRefused with the reason
    shape_of(family, config)   layers, heads, positions: plain numbers, bounded

A family is listed once a test has shown that what it gives is attention: rows that sum to 1, nothing on masked keys,
the same output as without eager attention. A family that is not listed is refused, never drawn on trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viz.errors import ModelFileError, ModelRefused
from viz.messages import _
from viz.models.card import Kind

_MOST_LAYERS = 256
_MOST_HEADS = 256
_MOST_POSITIONS = 10_000_000
_MOST_VOCABULARY = 2_000_000
_MOST_WIDTH = 32_768

_ENCODER: tuple[Kind, ...] = ("encoder",)
_DECODER: tuple[Kind, ...] = ("decoder",)
_BOTH: tuple[Kind, ...] = ("encoder", "decoder", "cross")


@dataclass(frozen=True)
class Family:
    """How one family names its sizes in config.json, and which maps it gives.

    `positions` is the key of the longest sequence, "" where the model has no limit of its own. `padded_positions`
    marks those that count positions from the padding token's number on (RoBERTa), which takes from the limit.
    """

    title: str
    kinds: tuple[Kind, ...] = _ENCODER
    layers: str = "num_hidden_layers"
    heads: str = "num_attention_heads"
    positions: str = "max_position_embeddings"
    padded_positions: bool = False
    width: str = "hidden_size"
    decoder_layers: str = ""
    decoder_heads: str = ""


@dataclass(frozen=True)
class Shape:
    """The sizes of one model. `positions` is 0 where it has no limit of its own."""

    layers: int
    heads: int
    positions: int
    decoder_layers: int = 0
    decoder_heads: int = 0


def _bart(title: str) -> Family:
    return Family(
        title,
        _BOTH,
        layers="encoder_layers",
        heads="encoder_attention_heads",
        width="d_model",
        decoder_layers="decoder_layers",
        decoder_heads="decoder_attention_heads",
    )


def _t5(title: str) -> Family:
    return Family(
        title,
        _BOTH,
        layers="num_layers",
        heads="num_heads",
        positions="",
        width="d_model",
        decoder_layers="num_decoder_layers",
        decoder_heads="num_heads",
    )


FAMILIES: Mapping[str, Family] = {
    "bert": Family("BERT"),
    "distilbert": Family("DistilBERT", layers="n_layers", heads="n_heads", width="dim"),
    "roberta": Family("RoBERTa", padded_positions=True),
    "roberta-prelayernorm": Family("RoBERTa-PreLayerNorm", padded_positions=True),
    "xlm-roberta": Family("XLM-RoBERTa", padded_positions=True),
    "camembert": Family("CamemBERT", padded_positions=True),
    "data2vec-text": Family("Data2Vec", padded_positions=True),
    "albert": Family("ALBERT"),
    "electra": Family("ELECTRA"),
    "mpnet": Family("MPNet", padded_positions=True),
    "deberta": Family("DeBERTa"),
    "deberta-v2": Family("DeBERTa-v2"),
    "modernbert": Family("ModernBERT"),
    "roformer": Family("RoFormer"),
    "ernie": Family("ERNIE"),
    "megatron-bert": Family("Megatron-BERT"),
    "rembert": Family("RemBERT"),
    "gpt2": Family(
        "GPT-2", _DECODER, layers="n_layer", heads="n_head", positions="n_positions", width="n_embd"
    ),
    "gpt_neo": Family("GPT-Neo", _DECODER, layers="num_layers", heads="num_heads"),
    "gpt_neox": Family("GPT-NeoX", _DECODER),
    "bloom": Family("BLOOM", _DECODER, layers="n_layer", heads="n_head", positions=""),
    "opt": Family("OPT", _DECODER),
    "llama": Family("Llama", _DECODER),
    "mistral": Family("Mistral", _DECODER),
    "qwen2": Family("Qwen2", _DECODER),
    "qwen3": Family("Qwen3", _DECODER),
    "bart": _bart("BART"),
    "marian": _bart("Marian"),
    "pegasus": _bart("Pegasus"),
    "t5": _t5("T5"),
    "mt5": _t5("mT5"),
}

_WINDOWED = _(
    "{model} is a model of the family {family}: each token looks at a window around it and at a few others, and the "
    "model keeps its weights in blocks that are no single map of queries and keys. It cannot be drawn here. Choose a "
    "model with full attention, such as bert-base-uncased."
)
_NO_ATTENTION = _(
    "{model} is a model of the family {family}, which has no attention weights: there is nothing to draw. "
    "Choose a BERT-style model."
)
_APPROXIMATE = _(
    "{model} is a model of the family {family}, which never computes a whole row of attention weights. It cannot be "
    "drawn here. Choose a model with full attention, such as bert-base-uncased."
)
_REFUSED: Mapping[str, str] = {
    "longformer": _WINDOWED,
    "led": _WINDOWED,
    "big_bird": _WINDOWED,
    "bigbird_pegasus": _WINDOWED,
    "longt5": _WINDOWED,
    "fnet": _NO_ATTENTION,
    "mamba": _NO_ATTENTION,
    "mamba2": _NO_ATTENTION,
    "rwkv": _NO_ATTENTION,
    "reformer": _APPROXIMATE,
    "nystromformer": _APPROXIMATE,
    "yoso": _APPROXIMATE,
}


def family_of(config: Mapping[str, Any], model: str) -> Family:
    """The family of a model, by its config.json; `model` is the name to say in an error.

    Raises ModelRefused for a family without a map to draw, or one that this app does not know.
    """
    named = config.get("model_type")
    if isinstance(named, str) and named in FAMILIES:
        return FAMILIES[named]
    if isinstance(named, str) and named in _REFUSED:
        raise ModelRefused(_REFUSED[named], model=model, family=named)
    raise ModelRefused(
        _(
            "{model} is a model of the family {family}, which this app does not know to read. "
            "Choose a model of one of these: {known}."
        ),
        model=model,
        family=named if isinstance(named, str) else "?",
        known=KnownFamilies(),
    )


class KnownFamilies:
    """The titles of all families, for a message: too long for a value that is cut, and each one is ours."""

    def __format__(self, _spec: str) -> str:
        return str(self)

    def __str__(self) -> str:
        return ", ".join(family.title for family in FAMILIES.values())


def shape_of(family: Family, config: Mapping[str, Any], model: str) -> Shape:
    """The sizes in `config`, which may be hostile: whole numbers within what a computer can hold.

    Raises ModelFileError for a size that is missing or out of bounds.
    """

    def number(key: str, most: int, default: int | None = None) -> int:
        found = config.get(key, default)
        if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= most:
            return found
        raise ModelFileError(
            _(
                "{model} cannot be loaded: its config.json gives {key} as {received}; a whole number from 1 to {most} "
                "was expected. Choose another model."
            ),
            model=model,
            key=key,
            received=str(found),
            most=most,
        )

    number("vocab_size", _MOST_VOCABULARY)
    number(family.width, _MOST_WIDTH)
    layers = number(family.layers, _MOST_LAYERS)
    heads = number(family.heads, _MOST_HEADS)
    positions = number(family.positions, _MOST_POSITIONS) if family.positions else 0
    if family.padded_positions:
        padding = config.get("pad_token_id", 1)
        positions = max(1, positions - 1 - (padding if isinstance(padding, int) and padding >= 0 else 1))
    if not family.decoder_layers:
        return Shape(layers, heads, positions)
    return Shape(
        layers,
        heads,
        positions,
        # T5 has as many layers in its decoder as in its encoder where it does not say.
        number(family.decoder_layers, _MOST_LAYERS, layers),
        number(family.decoder_heads, _MOST_HEADS),
    )
