"""Pure functions of attention weights: arrays in, arrays out. Axes: layer, head, query, key."""

from viz.metrics.tokens import entropy, mean_received, ranked, received

__all__ = ["entropy", "mean_received", "ranked", "received"]
