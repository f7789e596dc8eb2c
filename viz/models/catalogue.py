"""The models the app knows, as frozen cards."""

from viz.messages import _
from viz.models.card import ModelCard

MINILM = ModelCard(
    id="all-MiniLM-L6-v2",
    title="all-MiniLM-L6-v2",
    languages=("en",),
    layers=6,
    heads=12,
    max_tokens=512,
    licence="Apache-2.0",
    source="embedded",
    about=_("A small English BERT that was trained to turn sentences into vectors; quick on any computer."),
)

E5 = ModelCard(
    id="multilingual-e5-small",
    title="multilingual-e5-small",
    languages=("mul",),
    layers=12,
    heads=12,
    max_tokens=512,
    licence="MIT",
    source="embedded",
    about=_("A BERT for about a hundred languages, Chinese among them, with its weights rounded to 4 bits."),
    weights_note=_("4-bit weights"),
)

_CARDS = (MINILM, E5)


def list_models() -> tuple[ModelCard, ...]:
    """All cards of the catalogue, the one to start with first; `availability` says which can be used here."""
    return _CARDS
