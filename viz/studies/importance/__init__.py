"""What changes when heads are disabled, and which tokens an output comes from.

head_mask.py    disable or scale heads while a block runs
masked_runs.py  one text under many head masks at once
ablation.py     what a text loses without some heads, one at a time or more and more of them
gradients.py    how important each head is by a derivative
masked_word.py  what a masked-language model predicts with and without some heads
attribution.py  gradient x input, and how well attention agrees with it

Axes: layer, head, query, key, as everywhere; a `row` is a copy of a text under a head mask of its own.
"""

from viz.studies.importance.ablation import (
    Ablation,
    Band,
    PruningCurve,
    ablate,
    importance_by_ablation,
    least_first,
    pruning_curve,
    random_band,
)
from viz.studies.importance.attribution import (
    Attribution,
    PredictionAttribution,
    attribute,
    attribute_prediction,
    rank_agreement,
)
from viz.studies.importance.gradients import importance_by_gradient, importance_by_masked_loss, scale_layers
from viz.studies.importance.head_mask import disable_heads, scale_heads
from viz.studies.importance.masked_word import Candidate, Predictions, can_predict, predictions

__all__ = [
    "Ablation",
    "Attribution",
    "Band",
    "Candidate",
    "PredictionAttribution",
    "Predictions",
    "PruningCurve",
    "ablate",
    "attribute",
    "attribute_prediction",
    "can_predict",
    "disable_heads",
    "importance_by_ablation",
    "importance_by_gradient",
    "importance_by_masked_loss",
    "least_first",
    "predictions",
    "pruning_curve",
    "random_band",
    "rank_agreement",
    "scale_heads",
    "scale_layers",
]
