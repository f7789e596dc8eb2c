import numpy as np
import pytest

from tests.metrics.samples import encoding, pieces_map, random_weights
from tests.metrics.test_role_measures import REPEATED
from viz.attention import AttentionMap
from viz.errors import MetricError
from viz.inputs.encoding import Encoding
from viz.metrics.role_labels import FEWEST_QUERIES, NEEDED, evidence, label_heads, role_agreement, strength
from viz.metrics.role_measures import SHARES, RoleMeasures, measure_roles, sum_measures

TEXTS = 10


def over(weights: np.ndarray, given: Encoding, kind: str = "encoder", texts: int = TEXTS) -> RoleMeasures:
    """The measures over so many texts in which heads do the same: of one short text alone no role is given."""
    found = AttentionMap(
        "decoder" if kind == "decoder" else "encoder", weights.astype(np.float32), given, given
    )
    return sum_measures([measure_roles(found)] * texts)


def head_of(
    rows: np.ndarray, given: Encoding = REPEATED, kind: str = "encoder", texts: int = TEXTS
) -> RoleMeasures:
    return over(rows[None, None], given, kind, texts)


def to(keys: list[int], count: int, sure: float = 1.0) -> np.ndarray:
    """Every query gives `sure` of its attention to its key, and the rest evenly to all."""
    rows = np.full((count, count), (1 - sure) / count)
    rows[np.arange(count), keys] += sure
    return rows


COUNT = len(REPEATED)
HERE = np.arange(COUNT)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("itself", HERE.tolist()),
        ("before", np.clip(HERE - 1, 0, None).tolist()),
        ("after", np.clip(HERE + 1, None, COUNT - 1).tolist()),
        ("first", [0] * COUNT),
        ("closing", [COUNT - 1] * COUNT),
        ("punctuation", [4] * COUNT),
        ("same_word", [0, 5, 6, 6, 0, 1, 2, 4, 8]),
    ],
)
def test_a_head_that_does_one_thing_is_called_by_it(name: str, keys: list[int]) -> None:
    role = label_heads(head_of(to(keys, COUNT, 0.9)))[0][0]
    assert role.name == name
    assert role.evidence is not None
    assert role.evidence is role.nearest
    assert role.evidence.strength == pytest.approx(0.9, abs=0.02)
    assert role.evidence.value > role.evidence.uniform
    assert TEXTS <= role.evidence.count <= TEXTS * COUNT
    assert (role.layer, role.head) == (0, 0)


def test_a_head_that_looks_everywhere_is_broad() -> None:
    role = label_heads(head_of(to([0] * COUNT, COUNT, 0.0)))[0][0]
    assert role.name == "broad"
    assert role.evidence is not None
    assert role.evidence.value == pytest.approx(np.log(COUNT), abs=1e-5)
    assert role.others == ()


def test_a_head_with_no_clear_role_has_none_and_says_what_came_nearest() -> None:
    # A third to itself's neighbour two on, a third to the start, a third to the end: narrow, and nothing that is named.
    rows = (
        to([0] * COUNT, COUNT) + to([COUNT - 1] * COUNT, COUNT) + to(np.roll(HERE, 3).tolist(), COUNT)
    ) / 3
    role = label_heads(head_of(rows))[0][0]
    assert role.name is None
    assert role.evidence is None
    assert role.nearest.strength < role.nearest.needed


def test_two_roles_are_both_told_the_clearest_first() -> None:
    rows = 0.5 * to(HERE.tolist(), COUNT) + 0.5 * to(np.clip(HERE - 1, 0, None).tolist(), COUNT)
    rows[:, :] = 0.9 * rows + 0.1 * to(HERE.tolist(), COUNT)
    role = label_heads(head_of(rows))[0][0]
    assert role.name == "itself"
    assert [other.name for other in role.others] == ["before"]


def line(count: int) -> Encoding:
    """A text of so many words, all different."""
    signs = [chr(0x4E00 + at) for at in range(count)]
    return encoding("".join(signs), [(sign, (at, at + 1), at) for at, sign in enumerate(signs)])


@pytest.mark.parametrize("count", [4, 12, 60])
def test_thresholds_scale_with_the_length(count: int) -> None:
    """The same share above chance is the same strength at any length, and chance alone is none."""
    for sure, expected in ((0.0, None), (0.2, None), (0.5, "itself")):
        measures = head_of(to(list(range(count)), count, sure), line(count))
        assert strength(measures, "itself")[0, 0] == pytest.approx(sure, abs=1e-3)
        name = label_heads(measures)[0][0].name
        assert name == expected or (expected is None and name == "broad")


def test_a_share_that_is_chance_in_a_short_text_is_a_role_in_a_long_one() -> None:
    for count, expected in ((2, False), (40, True)):
        rows = np.full((count, count), 0.5 / max(1, count - 1))
        rows[np.arange(count), np.arange(count)] = 0.5
        assert (label_heads(head_of(rows, line(count)))[0][0].name == "itself") is expected


def test_the_first_token_of_a_decoder_is_a_sink_and_its_baseline_is_causal() -> None:
    count = 4
    assert label_heads(head_of(to([0] * count, count), line(count), "decoder"))[0][0].name == "sink"
    uniform = head_of(np.tri(count) / np.tri(count).sum(axis=-1, keepdims=True), line(count), "decoder")
    assert (
        label_heads(uniform)[0][0].name == "broad"
    )  # though half of the second token's attention is on the first
    assert uniform.value("sink")[0, 0] == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3, abs=1e-6)
    assert strength(uniform, "sink")[0, 0] == pytest.approx(0, abs=1e-6)


def test_where_a_special_token_opens_the_text_it_is_no_sink() -> None:
    role = label_heads(head_of(to([0] * COUNT, COUNT)))[0][0]
    assert "sink" not in [role.name, *(other.name for other in role.others)]


def test_agreement_is_the_share_of_heads_with_one_role() -> None:
    count = COUNT
    before, itself = to(np.clip(HERE - 1, 0, None).tolist(), count), to(HERE.tolist(), count)

    def heads(*rows: np.ndarray) -> RoleMeasures:
        return over(np.stack(rows)[None], REPEATED)

    left = heads(before, itself, before, itself)
    assert role_agreement(left, left) == 1
    assert role_agreement(left, heads(before, itself, before, before)) == 0.75
    with pytest.raises(MetricError, match="cannot be compared"):
        role_agreement(left, heads(before))


@pytest.mark.parametrize(
    ("texts", "name"), [(1, None), (FEWEST_QUERIES - 1, None), (FEWEST_QUERIES, "itself")]
)
def test_few_queries_give_no_role_however_sure_the_head_is(texts: int, name: str | None) -> None:
    """One query a text: of a token between two special ones."""
    three = encoding("x", [("[CLS]", None, None), ("x", (0, 1), 0), ("[SEP]", None, None)])
    measures = head_of(to([0, 1, 2], 3), three, texts=texts)
    role = label_heads(measures)[0][0]
    assert role.name == name
    assert role.others == ()
    count = evidence(measures)["itself"][0][0].count
    assert count == texts
    assert evidence(measures)["itself"][0][0].strength == pytest.approx(1)


def test_what_was_measured_of_few_queries_is_nearest_only_where_nothing_else_was() -> None:
    same_word = to([0, 5, 6, 6, 0, 1, 2, 4, 8], COUNT, 0.9)
    assert label_heads(head_of(same_word, texts=1))[0][0].nearest.name == "same_word"
    # Two texts have 18 queries of entropy and 14 of most shares, and 10 of words that occur twice.
    assert label_heads(head_of(same_word, texts=2))[0][0].name == "same_word"
    mixed = head_of(same_word, texts=1) + head_of(to(HERE.tolist(), COUNT), line(COUNT), texts=4)
    role = label_heads(mixed)[0][0]
    assert evidence(mixed)["same_word"][0][0].count == 5
    assert evidence(mixed)["same_word"][0][0].strength > 0.8
    assert role.name == "itself"
    assert "same_word" not in [other.name for other in role.others]
    assert role.nearest is role.evidence


def test_one_token_is_too_little() -> None:
    alone = encoding("x", [("x", (0, 1), 0)])
    with pytest.raises(MetricError, match="longer text"):
        label_heads(head_of(np.ones((1, 1)), alone))


def test_every_head_of_a_random_model_gets_a_role_or_none() -> None:
    roles = label_heads(measure_roles(pieces_map(3)))
    assert [len(row) for row in roles] == [3, 3]
    assert {role.name for row in roles for role in row} <= {*NEEDED, None}
    even = over(random_weights(1, 2, 2, COUNT, COUNT, 0.01), REPEATED)
    assert {role.name for row in label_heads(even) for role in row} == {"broad"}


def test_every_share_can_be_a_role() -> None:
    assert set(NEEDED) == {*SHARES, "broad"}
