"""From the name of a model to the model, or to one clear error.

load_model(id)      embedded, local or from the hub, fetched where it is not here yet
availability(id)    None, or what stands in the way, before anything is loaded
is_here(id)         whether it can be used with nothing to download
find_card(id)       what is known of it so far
"""

import threading
from collections.abc import Callable

from viz.errors import ModelError, ModelFileError, ModelNotFound, VizError, is_memory
from viz.language import _
from viz.models import hub
from viz.models.card import LoadedModel, ModelCard
from viz.models.catalogue import folder_of, well_known
from viz.models.checkpoints import local
from viz.models.checkpoints.checkpoint import load_checkpoint, read_card, weights_digest
from viz.models.hub import hub_errors
from viz.models.model_name import ModelName, check_allowed, parse_name
from viz.models.packaged.packages import E5, E5_PACKAGE, MINILM, MINILM_PACKAGE, check_present, find_folder
from viz.models.settings import settings

_PACKAGES = {MINILM.id: MINILM_PACKAGE, E5.id: E5_PACKAGE}
_LOCKS = {model_id: threading.Lock() for model_id in _PACKAGES}

Watch = Callable[[hub.Progress], None]


def load_model(
    model_id: str, progress: Watch | None = None, cancelled: threading.Event | None = None
) -> LoadedModel:
    """Load a model: `load_model("all-MiniLM-L6-v2")`, `load_model("bert-base-uncased")`, `load_model("local:mine")`.

    The model is in float32 and eval mode, without gradients, and gives its attention weights. Nothing is kept in
    memory: each call loads anew. A model of the hub is fetched first where it is not in the cache; `progress` is told
    of each piece, and setting `cancelled` stops it. Safe to call from several threads.

    Raises ModelNotFound for a name that is none, ModelFileError for files that are missing, altered or unreadable,
    ModelRefused for a model this app cannot show or does not allow, HubError where the hub cannot be reached,
    Cancelled, and ModelError when there is not enough memory.
    """
    name = parse_name(model_id)
    check_allowed(name)
    try:
        loaded = _load(name, progress, cancelled)
        (loaded.predictor or loaded.model).to(_device())
        return loaded
    except VizError:
        raise
    except Exception as exc:
        raise _load_error(name, exc) from exc


def availability(model_id: str) -> VizError | None:
    """None when the model is here or may be fetched, else the error that says what is missing and what to do.

    Cheap enough for each page: looks at names and sizes, asks no hub, and leaves the contents to `load_model`.
    """
    try:
        name = parse_name(model_id)
        check_allowed(name)
        if name.source == "embedded":
            package = _PACKAGES[name.id]
            check_present(package, find_folder(package))
        elif name.source == "local":
            local.local_folder(name.id)
        elif hub.cached_snapshot(name.id, name.revision) is None and not settings().hub:
            raise hub_errors.hub_error("switched off", model_id)
    except VizError as problem:
        return problem
    return None


def is_here(model_id: str) -> bool:
    """Whether the model can be used with nothing to download. Looks at names alone."""
    try:
        name = parse_name(model_id)
    except ModelNotFound:
        return False
    return name.source != "hub" or hub.cached_snapshot(name.id, name.revision) is not None


def find_card(model_id: str) -> ModelCard | None:
    """What is known of a model before it is loaded: from the catalogue, or from its own config.json where it is here.

    None for a model whose sizes are known only once it is fetched, and for one that cannot be used.
    """
    known = well_known(model_id)
    if known is not None and known.source != "hub":
        return known
    try:
        name = parse_name(model_id)
        folder = folder_of(name)
        return read_card(folder, str(name), name.source, known) if folder is not None else known
    except VizError:
        return known


def _load(name: ModelName, progress: Watch | None, cancelled: threading.Event | None) -> LoadedModel:
    if name.source == "embedded":
        # Imported here since torch and transformers take seconds, and the catalogue has to be there at once.
        with _LOCKS[name.id]:
            return _embedded(name.id)
    if name.source == "local":
        folder = local.local_folder(name.id)
        revision = weights_digest(folder)
    else:
        snapshot = hub.cached_snapshot(name.id, name.revision)
        if snapshot is None:
            snapshot = hub.fetch(hub.plan(name.id, name.revision), progress, cancelled)
        folder, revision = snapshot.folder, snapshot.revision
    card = read_card(folder, str(name), name.source, well_known(str(name)))
    return load_checkpoint(folder, card, revision)


def _embedded(model_id: str) -> LoadedModel:
    if model_id == MINILM.id:
        from viz.models.packaged.minilm import load_minilm

        return load_minilm()
    from viz.models.packaged.e5 import load_e5

    return load_e5()


def _device() -> str:
    wanted = settings().device
    if wanted != "auto":
        return wanted
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _load_error(name: ModelName, problem: Exception) -> ModelError:
    """One sentence for whatever torch, tokenizers and safetensors raise."""
    if is_memory(problem):
        return ModelError(
            _("There is not enough memory to load {model}. Close other programs, or choose a smaller model."),
            model=str(name),
        )
    embedded = name.source == "embedded"
    return ModelFileError(
        _("{model} cannot be loaded ({reason}). Install its package again: {command}")
        if embedded
        else _("{model} cannot be loaded ({reason}). Choose another model."),
        model=str(name),
        reason=f"{type(problem).__name__}: {problem}",
        command=_PACKAGES[name.id].command if embedded else "",
    )
