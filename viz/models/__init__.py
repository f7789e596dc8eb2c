"""The models: a catalogue of cards, and what turns a card into a model that is ready for use.

from viz.models import list_models, load_model
[card.id for card in list_models()]          # ["all-MiniLM-L6-v2", "multilingual-e5-small"]
load_model("all-MiniLM-L6-v2").tokenizer     # a transformers tokenizer
"""

from viz.models.card import LoadedModel, ModelCard
from viz.models.catalogue import list_models
from viz.models.loading import availability, find_card, is_here, load_model

__all__ = ["LoadedModel", "ModelCard", "availability", "find_card", "is_here", "list_models", "load_model"]
