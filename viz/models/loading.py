"""`load_model` and `availability`: from an id of the catalogue to a model, or to one clear error."""

import threading
from collections.abc import Callable

from viz.errors import ModelError, ModelFileError, ModelNotFound, VizError
from viz.messages import _
from viz.models.card import LoadedModel, ModelCard
from viz.models.catalogue import E5, MINILM, list_models
from viz.models.files import Package, check_present, find_folder
from viz.models.packages import E5_PACKAGE, MINILM_PACKAGE

_PACKAGES = {MINILM.id: MINILM_PACKAGE, E5.id: E5_PACKAGE}
_LOCKS = {model_id: threading.Lock() for model_id in _PACKAGES}


def load_model(model_id: str) -> LoadedModel:
    """Load a model of the catalogue; `load_model("all-MiniLM-L6-v2")`.

    The model is in float32 and eval mode, without gradients, and gives its attention weights. Nothing
    is kept: each call loads anew. Safe to call from several threads; a model is loaded by one at a time.
    Raises ModelNotFound for an unknown id, ModelFileError when files are missing, altered or
    unreadable, and ModelError when there is not enough memory.
    """
    card, package = _known(model_id)
    with _LOCKS[card.id]:
        try:
            return _loader(card)()
        except VizError:
            raise
        except MemoryError as exc:
            raise ModelError(
                _(
                    "There is not enough memory to load {model}. "
                    "Close other programs, or choose a smaller model."
                ),
                model=card.title,
            ) from exc
        except Exception as exc:  # whatever torch, tokenizers and safetensors raise, translated in one place
            raise ModelFileError(
                _("{model} cannot be loaded ({reason}). Install its package again: {command}"),
                model=card.title,
                reason=f"{type(exc).__name__}: {exc}",
                command=package.command,
            ) from exc


def availability(model_id: str) -> VizError | None:
    """None when the model's files are here, else the error that says what is missing and what to do.

    Cheap enough for each page: looks at names and sizes, and leaves the contents to `load_model`.
    """
    try:
        _card, package = _known(model_id)
        check_present(package, find_folder(package))
    except VizError as problem:
        return problem
    return None


def _known(model_id: str) -> tuple[ModelCard, Package]:
    for card in list_models():
        if card.id == model_id:
            return card, _PACKAGES[card.id]
    raise ModelNotFound(
        _("There is no model called {received}. Choose one of: {known}."),
        received=model_id,
        known=", ".join(card.id for card in list_models()),
    )


def _loader(card: ModelCard) -> Callable[[], LoadedModel]:
    # Imported here since torch and transformers take seconds, and the catalogue has to be there at once.
    if card is MINILM:
        from viz.models.minilm import load_minilm

        return load_minilm
    from viz.models.e5 import load_e5

    return load_e5
