"""Pure functions of attention weights: arrays in, arrays out. Axes: layer, head, query, key."""

from viz.attention.norms import weighted_norms
from viz.metrics.measures import entropy, mean_received, ranked, received
from viz.metrics.rollout_and_flow import attention_flow, rollout
from viz.metrics.similarity import js_distance

__all__ = [
    "attention_flow",
    "entropy",
    "js_distance",
    "mean_received",
    "ranked",
    "received",
    "rollout",
    "weighted_norms",
]
