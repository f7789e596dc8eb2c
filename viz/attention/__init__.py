"""From a model and a text to every head's attention: maps, the run that makes them, what is taken from it.

from viz.attention import attend
attend(model, "The cat sat.").encoder.weights     # [layer, head, query, key]
"""

from viz.attention.maps import AttentionMap, AttentionResult, Quantity, Weights
from viz.attention.norms import weighted_norms
from viz.attention.run import attend

__all__ = ["AttentionMap", "AttentionResult", "Quantity", "Weights", "attend", "weighted_norms"]
