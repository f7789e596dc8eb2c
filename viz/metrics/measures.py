"""Numbers that describe every head at once, [layer, head]: where it looks, how far, and how spread.

Source: Clark et al. 2019, "What Does BERT Look At?", section 3.
"""

from collections.abc import Callable
from typing import Literal, get_args

from viz.attention import AttentionMap
from viz.attention.checks import Array, frozen
from viz.errors import MetricError
from viz.language import _
from viz.metrics.shares import (
    closing_special,
    first_special,
    mean_distance,
    neighbour_share,
    punctuation,
    self_share,
    share_to,
    sink_share,
)
from viz.metrics.tokens import entropy

Measure = Literal[
    "first", "closing", "punctuation", "sink", "itself", "before", "after", "distance", "entropy"
]

_COMPUTE: dict[str, Callable[[AttentionMap], Array]] = {
    "first": lambda found: share_to(found.weights, first_special(found.keys)),
    "closing": lambda found: share_to(found.weights, closing_special(found.keys)),
    "punctuation": lambda found: share_to(found.weights, punctuation(found.keys)),
    "sink": lambda found: sink_share(found.weights),
    "itself": lambda found: self_share(found.weights),
    "before": lambda found: neighbour_share(found.weights, -1),
    "after": lambda found: neighbour_share(found.weights, 1),
    "distance": lambda found: mean_distance(found.weights),
    "entropy": lambda found: frozen(entropy(found.weights).mean(axis=-1)),
}


def measured(found: AttentionMap, measure: Measure) -> Array:
    """One number a head, [layer, head]: shares from 0 to 1, `distance` in tokens, `entropy` in nats.

    `first` is the share to [CLS] or <s>, `closing` to every [SEP] or </s>, `sink` that of the later tokens to the first
    one, whatever it is, `before` and `after` to the neighbours.
    Raises `MetricError` on an unknown measure.
    """
    if measure not in _COMPUTE:
        raise MetricError(
            _("There is no measure {measure}. Please choose one of: {measures}."),
            measure=measure,
            measures=", ".join(get_args(Measure)),
        )
    return _COMPUTE[measure](found)
