"""What a head is called by what it does: a role where its measures say so clearly, else none.

A share says little by itself: of 4 tokens any head gives each a quarter. So a head is judged by the excess over what
uniform attention would give on the same texts: (share - uniform) / (1 - uniform), 0 for a head without preference and
1 for one that does nothing else, at any length. A head is broad where its entropy comes near that of a uniform one.

The thresholds are this app's own, set so that a role describes much of what the head does; those for special tokens
and sinks are higher, since most heads of most models give these a good part (Clark et al. 2019, section 3.2). The mean
over a few queries says little of others, so none of these is a role: a word that occurs twice gives two of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from viz.attention.checks import Array, frozen
from viz.errors import MetricError
from viz.language import _
from viz.metrics.role_measures import RoleMeasure, RoleMeasures, Share, measure_index

RoleName = Literal[Share, "broad"]

# How much of what is not uniform a head has to give, 0 to 1; for "broad", how much of the uniform entropy it has.
NEEDED: Mapping[RoleName, float] = MappingProxyType(
    {
        "itself": 0.3,
        "before": 0.3,
        "after": 0.3,
        "first": 0.5,
        "closing": 0.5,
        "punctuation": 0.3,
        "same_word": 0.3,
        "sink": 0.5,
        "broad": 0.8,
    }
)


FEWEST_QUERIES = 10


@dataclass(frozen=True)
class Evidence:
    """Why a head has a role: what was measured, what uniform attention would give, and how it compares.

    `count` says of how many queries. `value` and `uniform` are shares, for "broad" entropies in nats; `strength` is the
    excess (for "broad" the share of the uniform entropy) that has to reach `needed`.
    """

    name: RoleName
    value: float
    uniform: float
    strength: float
    needed: float
    count: int

    @property
    def enough(self) -> bool:
        """Whether it was measured of enough queries to be a role."""
        return self.count >= FEWEST_QUERIES

    @property
    def clear(self) -> bool:
        """Whether it is a role of the head."""
        return self.enough and self.strength >= self.needed


@dataclass(frozen=True)
class Role:
    """What one head does, counted from 0. `evidence` is its main role, None where it has no clear one.

    `others` are further roles that it has as well, the clearest first; `nearest` is the main role's evidence, or what
    came nearest to a role, of too few queries only where nothing was measured of more.
    """

    layer: int
    head: int
    evidence: Evidence | None
    others: tuple[Evidence, ...]
    nearest: Evidence

    @property
    def name(self) -> RoleName | None:
        """The main role's name, None where there is no clear role."""
        return self.evidence.name if self.evidence is not None else None


def label_heads(measures: RoleMeasures) -> tuple[tuple[Role, ...], ...]:
    """The role of each head, `label_heads(measures)[layer][head]`.

    A role that could not be measured (no word occurs twice, no special token), or of fewer than `FEWEST_QUERIES`, is
    not given. Where the first token is a special one, "first" stands for "sink". The main role is the one that
    surpasses what it needs by most.
    """
    evidences = evidence(measures)
    if not evidences:
        raise MetricError(_("Too little was measured to tell the roles of heads. Please give a longer text."))
    layers, heads = measures.sums.shape[1:]
    return tuple(
        tuple(_role(layer, head, [rows[layer][head] for rows in evidences.values()]) for head in range(heads))
        for layer in range(layers)
    )


def evidence(measures: RoleMeasures) -> dict[RoleName, tuple[tuple[Evidence, ...], ...]]:
    """The evidence for each role that could be measured, `evidence(measures)[name][layer][head]`."""
    result: dict[RoleName, tuple[tuple[Evidence, ...], ...]] = {}
    for name, needed in NEEDED.items():
        strengths = strength(measures, name)
        if not np.isfinite(strengths).all() or (name == "sink" and measures.counts[measure_index("first")]):
            continue
        measure = _measure(name)
        values, index = measures.value(measure).tolist(), measure_index(measure)
        uniform, count = float(measures.uniform[index]), int(measures.counts[index])
        result[name] = tuple(
            tuple(
                Evidence(name, value, uniform, head_strength, needed, count)
                for value, head_strength in zip(layer_values, layer_strengths, strict=True)
            )
            for layer_values, layer_strengths in zip(values, strengths.tolist(), strict=True)
        )
    return result


def strength(measures: RoleMeasures, name: RoleName) -> Array:
    """How clearly each head has this role, [layer, head]: the excess over uniform attention; NaN where not measured."""
    measure = _measure(name)
    value, uniform = measures.value(measure), float(measures.uniform[measure_index(measure)])
    if name == "broad":
        return frozen(value / uniform if uniform > 0 else np.full(value.shape, np.nan))
    return frozen((value - uniform) / (1 - uniform) if uniform < 1 else np.full(value.shape, np.nan))


def role_agreement(left: RoleMeasures, right: RoleMeasures) -> float:
    """The share of heads that have the same role in two measurements of one model, 0 to 1; "no role" counts as one.

    Raises `MetricError` where they are of models with other layers or heads.
    """
    if left.sums.shape != right.sums.shape:
        raise MetricError(
            _("Measures of models with other layers or heads cannot be compared: {left} and {right}."),
            left=str(left.sums.shape[1:]),
            right=str(right.sums.shape[1:]),
        )
    same = [
        one.name == other.name
        for left_layer, right_layer in zip(label_heads(left), label_heads(right), strict=True)
        for one, other in zip(left_layer, right_layer, strict=True)
    ]
    return sum(same) / len(same)


def _role(layer: int, head: int, evidences: list[Evidence]) -> Role:
    evidences.sort(key=lambda evidence: (evidence.enough, evidence.strength / evidence.needed), reverse=True)
    clear = tuple(evidence for evidence in evidences if evidence.clear)
    return Role(layer, head, clear[0] if clear else None, clear[1:], evidences[0])


def _measure(name: RoleName) -> RoleMeasure:
    return "entropy" if name == "broad" else name
