"""The clearest head of each role in one text: what the heads of a real model divide among themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viz.metrics.head_roles import NEEDED, Evidence, Role, RoleName, strength
from viz.metrics.roles import RoleMeasures, measure_index


@dataclass(frozen=True)
class RoleExample:
    """The head that comes nearest to a role, counted from 0, how near, and how many heads have it as their main role.

    `clear` says whether it is near enough to be called so.
    """

    name: RoleName
    layer: int
    head: int
    evidence: Evidence
    count: int

    @property
    def clear(self) -> bool:
        """Whether the head has the role."""
        return self.evidence.strength >= self.evidence.needed


def role_examples(measures: RoleMeasures, roles: Sequence[Sequence[Role]]) -> tuple[RoleExample, ...]:
    """The strongest head of every role that could be measured, `roles[layer][head]` as `label_heads` gives them.

    Of equals the first in the model. A role is not measured where its text has nothing for it: no word that occurs
    twice, no special token; and "sink" not where the first token is a special one.
    """
    main = [role.name for layer in roles for role in layer]
    found = []
    for name, needed in NEEDED.items():
        values = strength(measures, name)
        if not np.isfinite(values).all() or (name == "sink" and measures.counts[measure_index("first")]):
            continue
        layer, head = (int(at) for at in np.unravel_index(int(values.argmax()), values.shape))
        measured = measure_index("entropy" if name == "broad" else name)
        evidence = Evidence(
            name,
            float(measures.value("entropy" if name == "broad" else name)[layer, head]),
            float(measures.uniform[measured]),
            float(values[layer, head]),
            needed,
            int(measures.counts[measured]),
        )
        found.append(RoleExample(name, layer, head, evidence, main.count(name)))
    return tuple(found)
