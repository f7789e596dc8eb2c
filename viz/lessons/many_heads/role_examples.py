"""The clearest head of each role in one text: what the heads of a real model divide among themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viz.metrics.role_labels import Evidence, Role, RoleName, evidence
from viz.metrics.role_measures import RoleMeasures


@dataclass(frozen=True)
class RoleExample:
    """The head that comes nearest to a role, counted from 0, how near, and how many heads have it as their main role.

    `clear` says whether it is near enough, and measured of enough queries, to be called so.
    """

    name: RoleName
    layer: int
    head: int
    evidence: Evidence
    count: int

    @property
    def clear(self) -> bool:
        """Whether the head has the role."""
        return self.evidence.clear


def role_examples(measures: RoleMeasures, roles: Sequence[Sequence[Role]]) -> tuple[RoleExample, ...]:
    """The strongest head of every role that could be measured, `roles[layer][head]` as `label_heads` gives them.

    Of equals the first in the model. A role is not measured where its text has nothing for it: no word that occurs
    twice, no special token; and "sink" not where the first token is a special one.
    """
    main = [role.name for layer in roles for role in layer]
    examples = []
    for name, every in evidence(measures).items():
        strengths = np.array([[one.strength for one in layer] for layer in every])
        layer, head = (int(at) for at in np.unravel_index(int(strengths.argmax()), strengths.shape))
        examples.append(RoleExample(name, layer, head, every[layer][head], main.count(name)))
    return tuple(examples)
