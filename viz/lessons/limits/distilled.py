"""Distillation: small models that learned from a large one, as their papers give them. Sentences are message ids."""

from dataclasses import dataclass

from viz.language import _


@dataclass(frozen=True)
class Distilled:
    """A model, its sizes as its paper gives them (`parameters` in all), what it imitates, and the paper."""

    name: str
    layers: int
    hidden: int
    parameters: int
    imitates: str
    source: str


TEACHER = Distilled(
    "BERT base", 12, 768, 110_000_000, _("Nothing: it is the teacher"), "Devlin et al. 2018, section 3"
)
DISTILLED: tuple[Distilled, ...] = (
    TEACHER,
    Distilled(
        "DistilBERT",
        6,
        768,
        66_000_000,
        _("The teacher's probabilities for masked words, and the direction of its hidden states"),
        "Sanh et al. 2019, table 3",
    ),
    Distilled(
        "TinyBERT4",
        4,
        312,
        14_500_000,
        _("Embeddings, attention matrices, hidden states and predictions, layer by layer"),
        "Jiao et al. 2019, table 1",
    ),
    Distilled(
        "MiniLM-L12",
        12,
        384,
        33_000_000,
        _("The attention of the last layer, and how its values relate to each other"),
        "Wang et al. 2020",
    ),
)
