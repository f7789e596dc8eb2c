"""One text under many head masks at once: one row for each mask, as many rows together as fit.

Vectors are compared at length 1: 1 - cosine of a and b is half the squared distance of their unit vectors, and this
keeps its digits where the cosine is nearly 1.
"""

import functools
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence

import torch
from torch.nn.functional import normalize

from viz.errors import Cancelled, InputError, ModelRefused
from viz.inputs.text import Encoding, encode
from viz.language import _
from viz.models.card import LoadedModel
from viz.models.families.family import known_family
from viz.models.forward import ModelInputs, feed, last_hidden, mean_pooled, readable_errors, repeated
from viz.studies.importance.head_mask import scale_heads

Text = str | tuple[str, str]
Progress = Callable[[int, int], None]

# More at once gains nothing on a processor, and a layer's attention takes memory by the square of the tokens.
_TOKENS_AT_ONCE = 2048

# torch keeps one level of forward-mode derivatives for the whole process.
_ONE_LEVEL = threading.Lock()


def encode_texts(model: LoadedModel, texts: Sequence[Text]) -> list[Encoding]:
    """The tokens of each text, or pair of texts. Raises as `encode` does, and `InputError` where there is no text."""
    if not texts:
        raise InputError(_("There is no text. Please type or paste some."))
    return [encode(model, *([text] if isinstance(text, str) else text)) for text in texts]


def model_inputs(model: LoadedModel, encoding: Encoding) -> ModelInputs:
    """What the model is fed for one text: [1, token]."""
    return feed(model, [encoding.ids], [encoding.segments])


def chunks(count: int, tokens: int) -> Iterator[slice]:
    """`count` rows of `tokens` tokens each, cut into slices that fit into memory: `chunks(3, 1024)` is 0:2, 2:3."""
    step = max(1, _TOKENS_AT_ONCE // tokens)
    yield from (slice(start, min(start + step, count)) for start in range(0, count, step))


def text_chunks(
    encodings: Sequence[Encoding], rows: int, progress: Progress | None, cancelled: threading.Event | None
) -> Iterator[tuple[Encoding, Iterator[slice]]]:
    """Each text with the slices of its `rows` rows. `progress(done, total)` counts rows through all texts.

    Raises `Cancelled` before the next slice once `cancelled` is set.
    """

    def slices(number: int, encoding: Encoding) -> Iterator[slice]:
        for chunk in chunks(rows, len(encoding)):
            check_cancelled(cancelled)
            yield chunk
            if progress is not None:
                progress(number * rows + chunk.stop, len(encodings) * rows)

    yield from ((encoding, slices(number, encoding)) for number, encoding in enumerate(encodings))


def hidden_states(model: LoadedModel, encoding: Encoding, masks: torch.Tensor) -> torch.Tensor:
    """The last hidden states of one text under each of the masks [row, layer, head]: [row, token, hidden]."""
    inputs = repeated(model_inputs(model, encoding), len(masks))
    with readable_errors(model, len(encoding)), scale_heads(model, masks):
        return last_hidden(model, inputs).cpu()


def sentence_vectors(hidden: torch.Tensor) -> torch.Tensor:
    """The sentence vectors at length 1, in float64: [row, token, hidden] without padding -> [row, hidden]."""
    everything = torch.ones(hidden.shape[:2], dtype=torch.float64)
    return normalize(mean_pooled(hidden.double(), everything), dim=-1)


def cosine_loss(units: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """1 - cosine of unit vectors along the last axis: 0 for the same direction, 2 for the opposite one."""
    return ((units - others) ** 2).sum(dim=-1) / 2


def all_heads(model: LoadedModel) -> torch.Tensor:
    """The mask that changes no head of the part that reads the text: 1 everywhere, [layer, head]."""
    return torch.ones(*model.card.shape(model.card.kinds[0]))


def single_heads(model: LoadedModel) -> torch.Tensor:
    """One row for each head, 1 for that head and 0 for all others: [row, layer, head]."""
    layers, heads = model.card.shape(model.card.kinds[0])
    return torch.eye(layers * heads).reshape(-1, layers, heads)


def derivatives(
    function: Callable[[torch.Tensor], torch.Tensor], point: torch.Tensor, directions: torch.Tensor
) -> torch.Tensor:
    """J v for each direction v, with J the Jacobian of `function` at `point`: [row, *point] -> [row, *value].

    Exact: derivatives in forward mode, one forward pass for all directions. `function` takes the model's lock, not the
    caller: else one session could hold the lock, another the derivatives, and both would wait for ever.
    """
    _load_rules()

    def derivative(direction: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = torch.func.jvp(function, (point,), (direction,))[1]
        return result

    with _ONE_LEVEL, torch.no_grad():
        rows: torch.Tensor = torch.func.vmap(derivative)(directions)
    return rows


def check_derivatives(model: LoadedModel) -> None:
    """Raise `ModelRefused` for a family whose derivatives `derivatives` cannot compute."""
    if not known_family(model).smooth:
        raise ModelRefused(
            _(
                "{model} has a part whose derivative cannot be computed here. Importance by leaving heads out works "
                "for it; for this choose a BERT-style model."
            ),
            model=model.card.title,
        )


@functools.cache
def _load_rules() -> None:
    """Import what torch needs for the first derivative in forward mode, without its warning about its own code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import torch._decomp.decompositions_for_jvp  # noqa: F401


def check_cancelled(cancelled: threading.Event | None) -> None:
    """Raise `Cancelled` once a person has stopped the work."""
    if cancelled is not None and cancelled.is_set():
        raise Cancelled(_("Stopped. Start it again when you want to."))
