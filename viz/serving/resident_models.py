"""Loaded models that all sessions share: loaded once however many ask, and at most so many at a time.

    residents = Residents()
    job = residents.join("bert-base-uncased", who)     # begins the load, or joins the one that is on its way
    job.progress, job.done                             # to be looked at now and then
    job.result()                                       # the LoadedModel, or what went wrong

The least recently used model leaves when there are too many; whoever still holds it goes on using it. A load that
failed or was cancelled is forgotten: whoever asks next has it tried again.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from viz.models.card import LoadedModel
from viz.models.hub import Progress
from viz.models.loading import load_model
from viz.models.settings import settings
from viz.serving.jobs import GRACE_S, Alive, Job, Jobs

LoadJob = Job[LoadedModel, Progress]


class Load(Protocol):
    """What loads a model: `load_model`, or a stand-in."""

    def __call__(
        self,
        model_id: str,
        progress: Callable[[Progress], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> LoadedModel:
        """The model of that id; `progress` is told how far it is, and `cancelled` stops it."""
        ...


def size_of(model: LoadedModel) -> int:
    """How much memory a model's weights hold, in bytes; weights that are shared within it count once."""
    whole = model.predictor or model.model
    return sum(tensor.nbytes for tensor in (*whole.parameters(), *whole.buffers()))


class Residents(Jobs[LoadedModel, Progress]):
    """The models in memory: at most `most`, and at most `most_bytes` of weights unless one alone has more."""

    def __init__(
        self,
        load: Load = load_model,
        most: int | None = None,
        most_bytes: int | None = None,
        grace: float = GRACE_S,
    ) -> None:
        super().__init__(grace)
        self._load = load
        self._most = settings().resident_models if most is None else most
        self._most_bytes = settings().resident_bytes if most_bytes is None else most_bytes
        self._lock = threading.Lock()
        self._models: OrderedDict[str, tuple[LoadedModel, int]] = OrderedDict()

    def get(self, model_id: str) -> LoadedModel | None:
        """The model where it is in memory, else None: nothing is loaded."""
        with self._lock:
            if model_id not in self._models:
                return None
            self._models.move_to_end(model_id)
            return self._models[model_id][0]

    def join(self, model_id: str, who: Hashable, alive: Alive = lambda: True) -> LoadJob:
        """Begin to load a model, or join those who wait for it already; one in memory is given at once."""

        def model(job: LoadJob) -> LoadedModel:
            return self.get(model_id) or self._keep(model_id, self._load(model_id, job.tell, job.stopping))

        return self._join(model_id, f"Loading {model_id}", model, who, alive)

    def load(self, model_id: str) -> LoadedModel:
        """The model: from memory, else loaded, however long that takes. Raises what the load raises."""
        if (model := self.get(model_id)) is not None:
            return model
        who = object()
        job = self.join(model_id, who)
        try:
            return job.result()
        finally:
            job.leave(who)

    @property
    def ids(self) -> tuple[str, ...]:
        """What is in memory, the least recently used first."""
        with self._lock:
            return tuple(self._models)

    @property
    def nbytes(self) -> int:
        """How many bytes of weights are in memory."""
        with self._lock:
            return sum(size for _model, size in self._models.values())

    def _keep(self, model_id: str, model: LoadedModel) -> LoadedModel:
        size = size_of(model)
        has_room = True
        with self._lock:
            self._models[model_id] = (model, size)
            self._models.move_to_end(model_id)
            held = sum(nbytes for _model, nbytes in self._models.values())
            while len(self._models) > 1 and (len(self._models) > self._most or held > self._most_bytes):
                _id, (_model, freed) = self._models.popitem(last=False)
                held -= freed
                has_room = False
                del _model
        if not has_room:
            gc.collect()  # modules refer to each other in circles, and Python itself is in no hurry
        return model
