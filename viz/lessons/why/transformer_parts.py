"""The parts of the Transformer's two stacks: what each does, its formula, and which parameters it holds.

Names and sentences are message ids, to be translated. Source of parts and formulas: Vaswani et al. 2017, section 3.
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
    does: str
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
_TOKENS = _(
    "Looks up one vector for each token in a table: a row for every token of the vocabulary. It says nothing yet about "
    "the tokens around it."
)
_POSITIONS = _(
    "Adds a vector that says where the token stands. Attention alone treats a sentence as a bag of tokens: without "
    "this, a different order would give the same result in a different order. Some families put the position into the "
    "attention itself instead."
)
_NORMS = _(
    "Adds what went into the layer to what came out (the residual connection), then shifts and scales every vector to "
    "mean 0 and variance 1, times learned numbers. This keeps deep stacks trainable. Some families normalise before "
    "the layer instead of after it, or scale without shifting."
)
_FEEDS = _(
    "Two linear layers with a non-linear function between them, applied to every token by itself. Attention moves "
    "information between tokens; this layer works on what has arrived."
)
_NORM_FORMULA = r"\mathrm{LayerNorm}\bigl(x + \mathrm{Sublayer}(x)\bigr)"
_FEED_FORMULA = r"\mathrm{FFN}(x) = \sigma(x W_1 + b_1)\, W_2 + b_2"
_EMBED_FORMULA = r"x_i = E_{t_i}, \quad E \in \mathbb{R}^{|V| \times d}"
_POSITION_FORMULA = r"x_i = E_{t_i} + P_i"

PARTS: tuple[Part, ...] = (
    Part("token_in", _("Input embedding"), _TOKENS, _EMBED_FORMULA, _EMBEDS, ("encoder", "shared")),
    Part("position_in", _("Position encoding"), _POSITIONS, _POSITION_FORMULA, _PLACES, _ENCODER),
    Part(
        "self_attention",
        _("Self-attention"),
        _(
            "Every token looks at every token of the same text, before and after it, and takes up a weighted sum of "
            "their values. One step, however far apart they are."
        ),
        r"\mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V",
        ATTENTION,
        _ENCODER,
    ),
    Part("norm_in", _("Add & norm"), _NORMS, _NORM_FORMULA, ("norm",), _ENCODER),
    Part("feed_in", _("Feed-forward"), _FEEDS, _FEED_FORMULA, ("feed_forward",), _ENCODER),
    Part("token_out", _("Output embedding"), _TOKENS, _EMBED_FORMULA, _EMBEDS, ("decoder", "shared")),
    Part("position_out", _("Position encoding"), _POSITIONS, _POSITION_FORMULA, _PLACES, _DECODER),
    Part(
        "masked_attention",
        _("Masked self-attention"),
        _(
            "As self-attention, but no token sees those after it: their scores are set to minus infinity, so that "
            "their weights are exactly 0. A text that is written word by word has no later words yet."
        ),
        r"\begin{gathered} \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}} + M\right) V \\ "
        r"M_{ij} = \begin{cases} 0 & j \le i \\ -\infty & j > i \end{cases} \end{gathered}",
        ATTENTION,
        _DECODER,
    ),
    Part(
        "cross_attention",
        _("Cross-attention"),
        _(
            "The queries come from the decoder, the keys and values from the encoder's last layer: each word that is "
            "written looks back at the whole source text."
        ),
        r"\mathrm{softmax}\!\left(\frac{Q_{\mathrm{dec}} K_{\mathrm{enc}}^\top}{\sqrt{d_k}}\right) V_{\mathrm{enc}}",
        ATTENTION,
        _DECODER,
        cross=True,
    ),
    Part("norm_out", _("Add & norm"), _NORMS, _NORM_FORMULA, ("norm",), _DECODER),
    Part("feed_out", _("Feed-forward"), _FEEDS, _FEED_FORMULA, ("feed_forward",), _DECODER),
    Part(
        "head",
        _("Linear + softmax"),
        _(
            "Turns the last vector into a probability for every token of the vocabulary. Many models use the table of "
            "the embedding once more for this, and then it holds no parameters of its own."
        ),
        r"p = \mathrm{softmax}(h W), \quad W \in \mathbb{R}^{d \times |V|}",
        ("head",),
        ("encoder", "decoder", "shared"),
    ),
)
BY_NAME: dict[str, Part] = {part.name: part for part in PARTS}


@dataclass(frozen=True)
class KnownModel:
    """A well-known model: which parts of the diagram it has, what goes in, how it is trained, what it is used for."""

    id: KnownName
    title: str
    kind: str
    reads: str
    trained: str
    used_for: str
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
        _("one text, or two"),
        _("to fill in masked words, and to tell whether two sentences belong together"),
        _("classifying texts, finding names, search, sentence vectors"),
        "Devlin et al. 2018",
        _READER,
    ),
    KnownModel(
        "gpt",
        "GPT",
        _DECODES,
        _("the text so far"),
        _("to predict the next token"),
        _("writing, chat, code; tasks put into words"),
        "Radford et al. 2018",
        _WRITER,
    ),
    KnownModel(
        "t5",
        "T5",
        _BOTH,
        _("a text with its task in words; positions are learned biases in the attention"),
        _("to write the pieces that were cut out of a text"),
        _("translation, summaries, answers: any text to text"),
        "Raffel et al. 2019",
        _NO_POSITIONS,
    ),
    KnownModel(
        "vit",
        "ViT",
        _ENCODES,
        _("an image cut into patches of 16 x 16 pixels, each turned into a vector like a token"),
        _("to classify images"),
        _("recognising images; the eye of larger models"),
        "Dosovitskiy et al. 2020",
        _READER,
    ),
    KnownModel(
        "clip",
        "CLIP",
        _("An encoder for images and one for texts"),
        _(
            "an image's patches on one side, a caption on the other; the text side is masked, without cross-attention"
        ),
        _("to give an image and its own caption similar vectors"),
        _("finding images by words, classifying without examples, guiding image generators"),
        "Radford et al. 2021",
        (*_READER, "token_out", "position_out", "masked_attention", "norm_out", "feed_out"),
    ),
    KnownModel(
        "whisper",
        "Whisper",
        _BOTH,
        _("30 seconds of sound as a spectrogram; two convolutions take the place of the input embedding"),
        _("to write down what was said"),
        _("transcribing and translating speech"),
        "Radford et al. 2022",
        tuple(name for name in _ALL if name != "token_in"),
    ),
)


def parts_of(groups: tuple[Group, ...]) -> tuple[PartName, ...]:
    """The parts that a loaded model has: those that hold any of its parameters."""
    return tuple(part.name for part in PARTS if part.count(groups))
