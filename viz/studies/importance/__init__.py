"""What changes when a head is switched off, and which tokens an output comes from.

heads.py        switch heads off, or down, for one forward pass
rows.py         one text under many settings of the heads at once
ablation.py     what one text loses without some heads; the importance of each by leaving it out
gradients.py    the importance of each head by a derivative
pruning.py      what is left as more and more heads are pruned
prediction.py   what a masked-language model predicts with and without some heads
attribution.py  gradient x input, and how well attention agrees with it

Axes: layer, head, query, key, as everywhere; `row` is a copy of a text with its own setting of the heads.
"""

from viz.studies.importance.ablation import Ablation, ablate, importance_by_ablation
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
from viz.studies.importance.pruning import Band, PruningCurve, least_first, pruning_curve, random_band

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
