"""The models the app knows, as frozen cards: embedded ones, the host's local ones, those of the hub."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from viz.errors import ModelRefused, VizError
from viz.models import hub
from viz.models.card import ModelCard
from viz.models.checkpoints.checkpoint import read_card
from viz.models.checkpoints.local import local_folder, local_names
from viz.models.hub.well_known import HUB_CARDS
from viz.models.model_name import ModelName, check_allowed, parse_name
from viz.models.packaged.packages import E5, MINILM
from viz.models.settings import settings


def list_models() -> tuple[ModelCard, ...]:
    """All cards of the catalogue that are allowed here, the one to start with first.

    Embedded, then local, then the hub's: the well-known ones where the settings let models be fetched, else those of
    them that are in the cache; and what else is in the cache. Folders that hold no model this app can show are left
    out. `availability` says which can be used now.
    """
    cached = hub.cached_ids()
    known = {card.id for card in HUB_CARDS}
    others = (ModelName("hub", model_id) for model_id in cached if model_id not in known)
    return (
        MINILM,
        E5,
        *_cards(ModelName("local", name) for name in local_names()),
        *(
            card
            for card in HUB_CARDS
            if (settings().hub or card.id in cached) and _is_allowed(parse_name(card.id))
        ),
        *_cards(others),
    )


def well_known(model_id: str) -> ModelCard | None:
    """The card that this app itself has of a model, if it has one; nothing is looked up."""
    return next((card for card in (MINILM, E5, *HUB_CARDS) if card.id == model_id), None)


def folder_of(name: ModelName) -> Path | None:
    """The folder of a local model or of one in the hub's cache; None where it is not here. Raises as `local_folder`."""
    if name.source == "local":
        return local_folder(name.id)
    snapshot = hub.cached_snapshot(name.id, name.revision) if name.source == "hub" else None
    return snapshot.folder if snapshot is not None else None


def _cards(names: Iterable[ModelName]) -> Iterator[ModelCard]:
    """Cards read from the folders of these models."""
    for name in names:
        try:
            folder = folder_of(name)
            if folder is not None and _is_allowed(name):
                yield read_card(folder, str(name), name.source)
        except VizError:
            continue  # of a family that cannot be shown, or damaged: loading it by its name says so


def _is_allowed(name: ModelName) -> bool:
    try:
        check_allowed(name)
    except ModelRefused:
        return False
    return True
