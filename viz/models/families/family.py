"""The families of models this app knows to read, by the `model_type` of their config.json.

    family_of(config, name)    the Family, or ModelRefused with the reason
    known_family(model)        that of a model which is loaded

A family is listed once a test has shown that what it gives is attention: rows that sum to 1, nothing on masked keys,
the same output as without eager attention. A family that is not listed is refused, never drawn on trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from viz.errors import ModelRefused
from viz.language import _
from viz.models.card import Kind, LoadedModel

PositionKind = Literal["learned", "sinusoidal", "rotary", "relative", "alibi"]

_ENCODER: tuple[Kind, ...] = ("encoder",)
_DECODER: tuple[Kind, ...] = ("decoder",)
_BOTH: tuple[Kind, ...] = ("encoder", "decoder", "cross")


@dataclass(frozen=True)
class Family:
    """Which maps one family gives, and how its config.json tells of them.

    `names` are the family's own names of what is called num_hidden_layers and the like elsewhere; `limited` is False
    where a text may have any length. `padded_positions` marks those that count positions from the padding token's
    number on (RoBERTa), which takes from the limit. `parts` are the endings of the names of classes that hold the
    encoder or the decoder alone. `settings` are those that turn an encoder into a decoder (`is_decoder`) or a decoder
    into an encoder (`is_causal`). `decoder_layers` and `decoder_heads` are the names of the decoder's own sizes.

    `positions` says how a token knows where it stands, `by_distance` marks those that look at distances besides (MPNet)
    or instead (DeBERTa). `shares_layers` marks those whose layers use the same weights, in groups. `smooth` is False
    where a part has no derivative in torch's forward mode: BLOOM's GELU is a function of its own.
    """

    title: str
    kinds: tuple[Kind, ...] = _ENCODER
    names: Mapping[str, str] = field(default_factory=dict)
    limited: bool = True
    padded_positions: bool = False
    parts: Mapping[str, Kind] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    decoder_layers: str = ""
    decoder_heads: str = ""
    positions: PositionKind = "learned"
    by_distance: bool = False
    shares_layers: bool = False
    smooth: bool = True


def _bert(title: str, padded_positions: bool = False, positions: PositionKind = "learned") -> Family:
    return Family(title, padded_positions=padded_positions, settings=("is_decoder",), positions=positions)


def _decoder(title: str, positions: PositionKind = "learned", **names: str) -> Family:
    return Family(title, _DECODER, names, settings=("is_causal",), positions=positions)


def _bart(title: str, positions: PositionKind = "sinusoidal") -> Family:
    return Family(
        title,
        _BOTH,
        {
            "num_hidden_layers": "encoder_layers",
            "num_attention_heads": "encoder_attention_heads",
            "hidden_size": "d_model",
        },
        parts={"ForCausalLM": "decoder"},
        decoder_layers="decoder_layers",
        decoder_heads="decoder_attention_heads",
        positions=positions,
    )


def _t5(title: str) -> Family:
    return Family(
        title,
        _BOTH,
        {"num_hidden_layers": "num_layers", "num_attention_heads": "num_heads", "hidden_size": "d_model"},
        limited=False,
        parts={"EncoderModel": "encoder", "ForTokenClassification": "encoder"},
        decoder_layers="num_decoder_layers",
        decoder_heads="num_attention_heads",
        positions="relative",
    )


FAMILIES: Mapping[str, Family] = {
    "bert": _bert("BERT"),
    "distilbert": Family(
        "DistilBERT",
        names={"num_hidden_layers": "n_layers", "num_attention_heads": "n_heads", "hidden_size": "dim"},
    ),
    "roberta": _bert("RoBERTa", padded_positions=True),
    "roberta-prelayernorm": _bert("RoBERTa-PreLayerNorm", padded_positions=True),
    "xlm-roberta": _bert("XLM-RoBERTa", padded_positions=True),
    "camembert": _bert("CamemBERT", padded_positions=True),
    "data2vec-text": _bert("Data2Vec", padded_positions=True),
    "albert": Family("ALBERT", shares_layers=True),
    "electra": _bert("ELECTRA"),
    "mpnet": Family("MPNet", padded_positions=True, by_distance=True),
    "deberta": Family("DeBERTa", by_distance=True),
    "deberta-v2": Family("DeBERTa-v2", by_distance=True),
    "modernbert": Family("ModernBERT", positions="rotary"),
    "roformer": _bert("RoFormer", positions="rotary"),
    "ernie": _bert("ERNIE"),
    "megatron-bert": _bert("Megatron-BERT"),
    "rembert": _bert("RemBERT"),
    "gpt2": _decoder(
        "GPT-2",
        num_hidden_layers="n_layer",
        num_attention_heads="n_head",
        hidden_size="n_embd",
        max_position_embeddings="n_positions",
    ),
    "gpt_neo": Family(
        "GPT-Neo", _DECODER, {"num_hidden_layers": "num_layers", "num_attention_heads": "num_heads"}
    ),
    "gpt_neox": _decoder("GPT-NeoX", "rotary"),
    "bloom": Family(
        "BLOOM",
        _DECODER,
        {"num_hidden_layers": "n_layer", "num_attention_heads": "n_head"},
        limited=False,
        settings=("is_causal",),
        positions="alibi",
        smooth=False,
    ),
    "opt": _decoder("OPT"),
    "llama": _decoder("Llama", "rotary"),
    "mistral": _decoder("Mistral", "rotary"),
    "qwen2": _decoder("Qwen2", "rotary"),
    "qwen3": _decoder("Qwen3", "rotary"),
    "bart": _bart("BART", "learned"),
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
        known=tuple(family.title for family in FAMILIES.values()),
    )


def refused_by_family(model: LoadedModel, sentence: str, **values: object) -> ModelRefused:
    """The error for a model whose `sentence` names it and its family."""
    family = str(model.model.config.model_type)
    return ModelRefused(sentence, model=model.card.title, family=family, **values)


def known_family(model: LoadedModel) -> Family:
    """The family of a loaded model: what is loaded is of a known one."""
    return FAMILIES[model.model.config.model_type]
