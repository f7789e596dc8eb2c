"""One text under many settings of the heads at once: a row each, as many rows together as fit.

What leaves here is compared by unit vectors, since 1 - cosine of a and b is half the squared distance of their unit
vectors, and that keeps its digits where the cosine is nearly 1.
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
    return [encode(model, *([each] if isinstance(each, str) else each)) for each in texts]


def model_inputs(model: LoadedModel, encoding: Encoding) -> ModelInputs:
    """What the model is fed for one text: [1, token]."""
    return feed(model, [encoding.ids], [encoding.segments])


def chunks(count: int, tokens: int) -> Iterator[slice]:
    """So many rows of so many tokens, some at a time."""
    step = max(1, _TOKENS_AT_ONCE // tokens)
    yield from (slice(start, min(start + step, count)) for start in range(0, count, step))


def hidden_states(model: LoadedModel, encoding: Encoding, masks: torch.Tensor) -> torch.Tensor:
    """The last hidden states of one text under each of the masks [row, layer, head]: [row, token, hidden]."""
    fed = repeated(model_inputs(model, encoding), len(masks))
    with readable_errors(model, len(encoding)), scale_heads(model, masks):
        return last_hidden(model, fed).cpu()


def sentence_vectors(hidden: torch.Tensor) -> torch.Tensor:
    """The sentence vectors at length 1, in doubles: [row, token, hidden] without padding -> [row, hidden]."""
    everything = torch.ones(hidden.shape[:2], dtype=torch.float64)
    return normalize(mean_pooled(hidden.double(), everything), dim=-1)


def cosine_loss(units: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """1 - cosine of vectors of length 1, along the last axis; from 0, the same direction, to 2."""
    return ((units - others) ** 2).sum(dim=-1) / 2


def all_heads(model: LoadedModel) -> torch.Tensor:
    """The mask that leaves every head of the reading part as it is: [layer, head] of 1."""
    return torch.ones(*model.card.shape(model.card.kinds[0]))


def single_heads(model: LoadedModel) -> torch.Tensor:
    """A row for each head, 1 for that head and 0 for all others: [row, layer, head]."""
    layers, heads = model.card.shape(model.card.kinds[0])
    return torch.eye(layers * heads).reshape(-1, layers, heads)


def derivatives(
    function: Callable[[torch.Tensor], torch.Tensor], at: torch.Tensor, directions: torch.Tensor
) -> torch.Tensor:
    """J v, with J the Jacobian of `function` at that point, for each v: [row, *point] -> [row, *the function's value].

    Exact, by derivatives in forward mode, which all directions share one forward pass for. `function` takes the model's
    lock, not the caller: one session could else hold the lock, another the derivatives, and both wait for ever.
    """
    _load_rules()

    def along(direction: torch.Tensor) -> torch.Tensor:
        moved: torch.Tensor = torch.func.jvp(function, (at,), (direction,))[1]
        return moved

    with _ONE_LEVEL, torch.no_grad():
        found: torch.Tensor = torch.func.vmap(along)(directions)
    return found


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
    """What torch imports at the first such derivative, without the warning that it gives about its own code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import torch._decomp.decompositions_for_jvp  # noqa: F401


def check_cancelled(cancelled: threading.Event | None) -> None:
    """Raise `Cancelled` where a person stopped it."""
    if cancelled is not None and cancelled.is_set():
        raise Cancelled(_("Stopped. Start it again when you want to."))
