"""The parts of the Transformer's two stacks, their formulas, and which parameters each holds.

Titles are message ids, to be translated; what each part does, and what models are used for, stands in the lesson's
prose. Source of parts and formulas: Vaswani et al. 2017, section 3.
"""

from dataclasses import dataclass
from typing import Literal

from viz.language import _
from viz.models.families.parameters import ATTENTION, Group, Role, Stack

PartName = Literal[
    "token_in",
    "position_in",
    "self_attention",
    "norm_in",
    "feed_in",
    "token_out",
    "position_out",
    "masked_attention",
    "cross_attention",
    "norm_out",
    "feed_out",
    "head",
]

KnownName = Literal["bert", "gpt", "t5", "vit", "clip", "whisper"]


@dataclass(frozen=True)
class Part:
    """A box of the diagram. `formula` is LaTeX; `roles` and `stacks` say which of a model's parameters it holds."""

    name: PartName
    title: str
    formula: str
    roles: tuple[Role, ...]
    stacks: tuple[Stack, ...]
    cross: bool = False

    def count(self, groups: tuple[Group, ...]) -> int:
        """How many of these parameters belong to this part; those that both stacks share count in each."""
        return sum(
            group.count
            for group in groups
            if group.role in self.roles and group.stack in self.stacks and group.cross == self.cross
        )


_ENCODER: tuple[Stack, ...] = ("encoder",)
_DECODER: tuple[Stack, ...] = ("decoder",)
_EMBEDS: tuple[Role, ...] = ("token", "segment")
_PLACES: tuple[Role, ...] = ("position", "relative")
_NORM_FORMULA = r"\mathrm{LayerNorm}\bigl(x + \mathrm{Sublayer}(x)\bigr)"
_FEED_FORMULA = r"\mathrm{FFN}(x) = \sigma(x W_1 + b_1)\, W_2 + b_2"
_EMBED_FORMULA = r"x_i = E_{t_i}, \quad E \in \mathbb{R}^{|V| \times d}"
_POSITION_FORMULA = r"x_i = E_{t_i} + P_i"

PARTS: tuple[Part, ...] = (
    Part("token_in", _("Input embedding"), _EMBED_FORMULA, _EMBEDS, ("encoder", "shared")),
    Part("position_in", _("Position encoding"), _POSITION_FORMULA, _PLACES, _ENCODER),
    Part(
        "self_attention",
        _("Self-attention"),
        r"\mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V",
        ATTENTION,
        _ENCODER,
    ),
    Part("norm_in", _("Add & norm"), _NORM_FORMULA, ("norm",), _ENCODER),
    Part("feed_in", _("Feed-forward"), _FEED_FORMULA, ("feed_forward",), _ENCODER),
    Part("token_out", _("Output embedding"), _EMBED_FORMULA, _EMBEDS, ("decoder", "shared")),
    Part("position_out", _("Position encoding"), _POSITION_FORMULA, _PLACES, _DECODER),
    Part(
        "masked_attention",
        _("Masked self-attention"),
        r"\begin{gathered} \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}} + M\right) V \\ "
        r"M_{ij} = \begin{cases} 0 & j \le i \\ -\infty & j > i \end{cases} \end{gathered}",
        ATTENTION,
        _DECODER,
    ),
    Part(
        "cross_attention",
        _("Cross-attention"),
        r"\mathrm{softmax}\!\left(\frac{Q_{\mathrm{dec}} K_{\mathrm{enc}}^\top}{\sqrt{d_k}}\right) V_{\mathrm{enc}}",
        ATTENTION,
        _DECODER,
        cross=True,
    ),
    Part("norm_out", _("Add & norm"), _NORM_FORMULA, ("norm",), _DECODER),
    Part("feed_out", _("Feed-forward"), _FEED_FORMULA, ("feed_forward",), _DECODER),
    Part(
        "head",
        _("Linear + softmax"),
        r"p = \mathrm{softmax}(h W), \quad W \in \mathbb{R}^{d \times |V|}",
        ("head",),
        ("encoder", "decoder", "shared"),
    ),
)
BY_NAME: dict[str, Part] = {part.name: part for part in PARTS}


@dataclass(frozen=True)
class KnownModel:
    """A well-known model and the parts of the diagram that it has."""

    id: KnownName
    title: str
    kind: str
    source: str
    parts: tuple[PartName, ...]


_READER: tuple[PartName, ...] = ("token_in", "position_in", "self_attention", "norm_in", "feed_in")
_WRITER: tuple[PartName, ...] = (
    "token_out",
    "position_out",
    "masked_attention",
    "norm_out",
    "feed_out",
    "head",
)
_ALL: tuple[PartName, ...] = tuple(part.name for part in PARTS)
_NO_POSITIONS: tuple[PartName, ...] = tuple(
    name for name in _ALL if name not in ("position_in", "position_out")
)
_ENCODES, _DECODES, _BOTH = _("Encoder only"), _("Decoder only"), _("Encoder and decoder")

KNOWN: tuple[KnownModel, ...] = (
    KnownModel(
        "bert",
        "BERT",
        _ENCODES,
        "Devlin et al. 2018",
        _READER,
    ),
    KnownModel(
        "gpt",
        "GPT",
        _DECODES,
        "Radford et al. 2018",
        _WRITER,
    ),
    KnownModel(
        "t5",
        "T5",
        _BOTH,
        "Raffel et al. 2019",
        _NO_POSITIONS,
    ),
    KnownModel(
        "vit",
        "ViT",
        _ENCODES,
        "Dosovitskiy et al. 2020",
        _READER,
    ),
    KnownModel(
        "clip",
        "CLIP",
        _("An encoder for images and one for texts"),
        "Radford et al. 2021",
        (*_READER, "token_out", "position_out", "masked_attention", "norm_out", "feed_out"),
    ),
    KnownModel(
        "whisper",
        "Whisper",
        _BOTH,
        "Radford et al. 2022",
        tuple(name for name in _ALL if name != "token_in"),
    ),
)


def parts_of(groups: tuple[Group, ...]) -> tuple[PartName, ...]:
    """The parts that a loaded model has: those that hold any of its parameters."""
    return tuple(part.name for part in PARTS if part.count(groups))
