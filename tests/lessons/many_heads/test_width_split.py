"""Splitting a width into heads, counting what it costs, and finding what heads do: each against an oracle."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from viz.attention import attend
from viz.errors import InputError, MetricError
from viz.lessons.many_heads.role_examples import role_examples
from viz.lessons.many_heads.width_split import (
    COMPARED,
    LARGEST_WIDTH,
    MOST_HEADS,
    ManyHeads,
    by_the_book,
    compare,
    favourites_of_some,
    nearest_heads,
    split,
)
from viz.metrics.role_labels import label_heads
from viz.metrics.role_measures import measure_roles
from viz.models import LoadedModel


def test_the_first_transformer_worked_out() -> None:
    assert split(512, 8) == 64
    assert by_the_book(512) == (1_048_576, 2_048)


@pytest.mark.parametrize("heads", [1, 2, 8, 16])
def test_the_book_agrees_with_what_torch_holds(heads: int) -> None:
    layer = torch.nn.MultiheadAttention(48, heads)
    assert sum(by_the_book(48)) == sum(each.numel() for each in layer.parameters())


@given(st.integers(1, LARGEST_WIDTH), st.integers(1, MOST_HEADS))
def test_a_split_is_even_or_refused_with_the_nearest_that_are(width: int, heads: int) -> None:
    near = nearest_heads(width, heads)
    assert 1 <= len(near) <= 2
    assert all(split(width, each) * each == width for each in near)
    between = range(min(*near, heads) + 1, max(*near, heads))
    assert not [each for each in between if width % each == 0 and each not in near]
    if width % heads == 0:
        assert split(width, heads) == width // heads
        assert near == (heads,)
    else:
        with pytest.raises(InputError) as refused:
            split(width, heads)
        assert refused.value.values["left"] == width - heads * (width // heads) > 0
        assert refused.value.values["nearest"] == ", ".join(map(str, near))


def test_a_refusal_says_what_is_left_and_what_would_do() -> None:
    with pytest.raises(InputError, match=r"7 × 73 = 511, and 1 would be left over.*nearest: 4, 8\."):
        split(512, 7)


@pytest.mark.parametrize(("width", "heads"), [(0, 1), (512, 0), (-8, 2), (LARGEST_WIDTH + 1, 1), (512, 257)])
def test_what_is_out_of_range_is_refused(width: int, heads: int) -> None:
    with pytest.raises(InputError, match="Please choose 1 to 256 heads"):
        split(width, heads)


def test_only_the_weights_grow_with_the_heads() -> None:
    rows = compare(512, 10)
    assert rows["heads"] == list(COMPARED)
    assert rows["dim"] == [512, 128, 64, 32]
    assert rows["parameters"] == [1_050_624] * 4
    assert rows["weights"] == [100, 400, 800, 1600]
    assert rows["products"] == [51_200] * 4
    assert rows["favourites"] == [None] * 4
    assert compare(100, 3)["dim"] == [100, 25, None, None]


def test_favourites_are_the_mean_over_every_choice_of_heads() -> None:
    layer = np.random.default_rng(3).dirichlet(np.ones(4), size=(5, 6)).astype(np.float32)
    best = layer.argmax(axis=-1)
    for count in range(1, 6):
        counted = [
            len({int(best[head, query]) for head in chosen})
            for chosen in itertools.combinations(range(5), count)
            for query in range(6)
        ]
        assert favourites_of_some(layer, count) == pytest.approx(np.mean(counted), abs=1e-12)
    assert [value is None for value in compare(512, 6, layer)["favourites"]] == [False, False, True, True]


def test_heads_that_agree_have_one_favourite_however_many() -> None:
    layer = np.full((4, 3, 3), 0.1, dtype=np.float32)
    layer[:, :, 1] = 0.8
    assert [favourites_of_some(layer, count) for count in (1, 2, 4)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("count", [0, 6])
def test_more_heads_than_there_are_have_no_favourites(count: int) -> None:
    with pytest.raises(MetricError, match=r"\[head, query, key\] was expected"):
        favourites_of_some(np.ones((5, 2, 2), dtype=np.float32), count)


@pytest.mark.parametrize("broken", [{"width": 0}, {"heads": 257}, {"off": 101}, {"width": "many"}])
def test_a_state_out_of_range_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(ManyHeads).validate_python(broken)


def test_the_example_of_a_role_is_its_strongest_head(minilm: LoadedModel) -> None:
    found = attend(minilm, "The cat saw the other cat, and the dog saw nothing.").encoder
    measures = measure_roles(found)
    roles = label_heads(measures)
    examples = {each.name: each for each in role_examples(measures, roles)}
    assert {"before", "after", "closing", "itself", "same_word", "first"} <= set(examples)
    assert "sink" not in examples, "where the text opens with a special token"

    # Layer 1, head 3 of this model looks at the token before: its mean over the queries but the special ones.
    before = examples["before"]
    own = [at for at, special in enumerate(found.queries.special) if not special and at > 1]
    share = np.mean([found.weights[before.layer, before.head, at, at - 1] for at in own])
    assert (before.layer, before.head, before.clear) == (0, 2, True)
    assert share == pytest.approx(1.0, abs=0.01)
    assert before.evidence.value == pytest.approx(share, abs=0.02)

    every = [role for layer in roles for role in layer]
    for name, example in examples.items():
        having = [
            each for role in every for each in (role.evidence, *role.others) if each and each.name == name
        ]
        assert example.clear == bool(having)
        assert example.count == sum(role.name == name for role in every)
        if having:
            assert example.evidence == max(having, key=lambda each: each.strength)


def test_a_role_that_nothing_was_measured_of_has_no_example(minilm: LoadedModel) -> None:
    measures = measure_roles(attend(minilm, "Every word differs").encoder)
    names = {each.name for each in role_examples(measures, label_heads(measures))}
    assert "same_word" not in names
    assert "punctuation" not in names
    assert "before" in names
