"""How the parameters of a loaded model are made up: each of its tensors counted once, under one name.

A tensor is told by the name that its family gives it (viz.models.families.family); what no rule knows is counted as
"other", so that the groups always sum to the whole.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

from viz.models.card import LoadedModel

Stack = Literal["encoder", "decoder", "shared"]
Role = Literal[
    "token",
    "position",
    "segment",
    "query",
    "key",
    "value",
    "output",
    "feed_forward",
    "norm",
    "relative",
    "pooler",
    "head",
    "other",
]
ROLES: tuple[Role, ...] = get_args(Role)
ATTENTION: tuple[Role, ...] = ("query", "key", "value", "output")

# Queries, keys and values in one matrix: a third each.
_FUSED = re.compile(r"\.(c_attn|query_key_value|in_proj|wqkv)\.")
# The first that matches counts: norms lie within everything else.
_RULES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("norm", re.compile(r"norm|(^|\.)ln(_\d|_f)?\.")),
    ("relative", re.compile(r"rel_embeddings|relative_attention_bias|\.pos_(\w+_)?proj\.")),
    ("position", re.compile(r"position_embeddings|embed_positions|(^|\.)wpe\.")),
    ("segment", re.compile(r"(token|task)_type_embeddings")),
    ("token", re.compile(r"word_embeddings|tok_embeddings|embed_tokens|(^|\.)(wte|embed_in|shared)\.")),
    ("pooler", re.compile(r"(^|\.)pooler\.")),
    ("head", re.compile(r"(^|\.)(lm_head|embed_out)\.")),
    ("query", re.compile(r"\.(query|query_proj|q_lin|q_proj|q|q_bias)(\.|$)")),
    ("key", re.compile(r"\.(key|key_proj|k_lin|k_proj|k)(\.|$)")),
    ("value", re.compile(r"\.(value|value_proj|v_lin|v_proj|v|v_bias)(\.|$)")),
    ("output", re.compile(r"att(ention|n)\.(.*\.)?(dense|out_lin|o|o_proj|out_proj|c_proj|wo)\.")),
    ("feed_forward", re.compile(r"intermediate\.|ffn|mlp\.|\.fc\d\.|densereludense|output\.dense\.")),
)
_CROSS = re.compile(r"encoder_attn|encdecattention")
_STACKS: tuple[tuple[Stack, re.Pattern[str]], ...] = (
    ("encoder", re.compile(r"(^|\.)encoder\.")),
    ("decoder", re.compile(r"(^|\.)decoder\.")),
)


@dataclass(frozen=True)
class Group:
    """Parameters of one role in one stack. `cross` marks those of cross-attention."""

    stack: Stack
    role: Role
    cross: bool
    count: int


def parameter_groups(model: LoadedModel) -> tuple[Group, ...]:
    """Every parameter of `model.model` in one group; a tensor that several modules share is counted once.

    Position tables count too where they are fixed and not learned: they are held as parameters. The counts sum to
    `model.model.num_parameters()`.
    """
    counts: Counter[tuple[Stack, Role, bool]] = Counter()
    for name, tensor in model.model.named_parameters():
        name = name.lower()
        for role, count in roles_of(name, tensor.numel()).items():
            cross = role in ATTENTION and _CROSS.search(name) is not None
            counts[_stack(name, model), role, cross] += count
    return tuple(Group(stack, role, cross, count) for (stack, role, cross), count in sorted(counts.items()))


def total(groups: tuple[Group, ...]) -> int:
    """All parameters of these groups."""
    return sum(group.count for group in groups)


def by_role(groups: tuple[Group, ...]) -> dict[Role, int]:
    """How many parameters each role has, over all stacks, in the order of `ROLES`; those without any are left out."""
    counts: Counter[Role] = Counter()
    for group in groups:
        counts[group.role] += group.count
    return {role: counts[role] for role in ROLES if counts[role]}


def width(model: LoadedModel) -> int:
    """d_model: how many numbers stand for each token between the layers."""
    return int(model.model.config.hidden_size)


def _stack(name: str, model: LoadedModel) -> Stack:
    if "cross" not in model.card.kinds:
        return "decoder" if model.card.kinds[0] == "decoder" else "encoder"
    return next((stack for stack, pattern in _STACKS if pattern.search(name)), "shared")


def roles_of(name: str, count: int) -> dict[Role, int]:
    """How many of a tensor's `count` numbers serve each role, by its name in lower case: one role, or a third each."""
    if _FUSED.search(name) and count % 3 == 0:
        return {"query": count // 3, "key": count // 3, "value": count // 3}
    return {next((role for role, pattern in _RULES if pattern.search(name)), "other"): count}
