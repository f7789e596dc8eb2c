"""Loaded models that all sessions share: loaded once however many ask, and at most so many at a time.

    residents = Residents()
    job = residents.join("bert-base-uncased", who)     # begins the load, or joins the one that is on its way
    job.progress, job.done                             # to be looked at now and then
    job.result()                                       # the LoadedModel, or what went wrong

The least recently used model leaves when there are too many; whoever still holds it goes on using it. A load that
failed or was cancelled is forgotten: whoever asks next has it tried again.
"""

import gc
import logging
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

from viz.errors import VizError
from viz.models.card import LoadedModel
from viz.models.hub import Progress
from viz.models.loading import load_model
from viz.models.settings import settings
from viz.serving.jobs import GRACE_S, Alive, Job

_LOG = logging.getLogger(__name__)

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
    return sum(each.nbytes for each in (*whole.parameters(), *whole.buffers()))


class Residents:
    """The models in memory: at most `most`, and at most `most_bytes` of weights unless one alone has more."""

    def __init__(
        self,
        load: Load = load_model,
        most: int | None = None,
        most_bytes: int | None = None,
        grace: float = GRACE_S,
    ) -> None:
        self._load = load
        self._most = settings().resident_models if most is None else most
        self._most_bytes = settings().resident_bytes if most_bytes is None else most_bytes
        self._grace = grace
        self._lock = threading.Lock()
        self._models: OrderedDict[str, tuple[LoadedModel, int]] = OrderedDict()
        self._jobs: dict[str, LoadJob] = {}
        self._ended = False
        self._threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()

    def get(self, model_id: str) -> LoadedModel | None:
        """The model where it is in memory, else None: nothing is loaded."""
        with self._lock:
            if model_id not in self._models:
                return None
            self._models.move_to_end(model_id)
            return self._models[model_id][0]

    def running(self, model_id: str) -> LoadJob | None:
        """The load of this model that is on its way, if one is that was not told to stop."""
        with self._lock:
            job = self._jobs.get(model_id)
            return job if job is not None and not job.cancelled else None

    def join(self, model_id: str, who: Hashable, alive: Alive = lambda: True) -> LoadJob:
        """Begin to load a model on a thread of its own, or join those who wait for it already.

        `who` is whoever asks, `alive` says whether they are still there. A model in memory gives a job that is done.
        """
        with self._lock:
            before = self._jobs.get(model_id)
            if before is not None and not before.cancelled:
                before.join(who, alive)
                return before
            job: LoadJob = Job(model_id, self._grace)
            job.join(who, alive)
            if self._ended:
                job.stop()
            if model_id in self._models:
                self._models.move_to_end(model_id)
                job.finish(self._models[model_id][0])
                return job
            self._jobs[model_id] = job
            name = f"load {model_id}"
            thread = threading.Thread(target=self._work, args=(job, before), name=name, daemon=True)
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError as exc:  # this system gives no more threads
            self._forget(job)
            job.fail(exc)
        return job

    def stop(self) -> list[threading.Thread]:
        """Tell all loads to stop, whoever waits for them, and those to come; the threads that they may still be on."""
        with self._lock:
            self._ended = True
            for job in self._jobs.values():
                job.stop()
            return list(self._threads)

    def load(self, model_id: str) -> LoadedModel:
        """The model: from memory, else loaded, however long that takes. Raises what the load raises."""
        if (found := self.get(model_id)) is not None:
            return found
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

    def _work(self, job: LoadJob, before: LoadJob | None) -> None:
        if before is not None:
            before.wait(60)  # one that was told to stop still has files open
        try:
            model = job.begin(lambda told, cancelled: self._load(job.name, told, cancelled))
            self._keep(job.name, model)
        except BaseException as exc:  # noqa: BLE001 - raised again where the result is asked for
            if not isinstance(exc, VizError):
                _LOG.exception("Loading %s failed", job.name)
            self._forget(job)
            job.fail(exc)
        else:
            self._forget(job)
            job.finish(model)

    def _forget(self, job: LoadJob) -> None:
        """Before its end is told: whoever hears of a failure may ask again at once."""
        with self._lock:
            if self._jobs.get(job.name) is job:
                del self._jobs[job.name]

    def _keep(self, model_id: str, model: LoadedModel) -> None:
        size = size_of(model)
        left = False
        with self._lock:
            self._models[model_id] = (model, size)
            self._models.move_to_end(model_id)
            held = sum(each for _model, each in self._models.values())
            while len(self._models) > 1 and (len(self._models) > self._most or held > self._most_bytes):
                _id, (_model, freed) = self._models.popitem(last=False)
                held -= freed
                left = True
                del _model
        if left:
            gc.collect()  # modules refer to each other in circles, and Python itself is in no hurry
