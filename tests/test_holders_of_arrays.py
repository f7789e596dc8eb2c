"""What holds arrays is compared, and hashed, by identity: arrays themselves refuse both."""

import collections.abc
import dataclasses
import importlib
import pkgutil
import typing

import numpy as np
import torch

import viz
from tests.metrics.samples import pieces_map
from viz.attention import AttentionMap, AttentionResult


def dataclasses_of_viz() -> list[type]:
    """Every dataclass that a module of viz defines."""
    classes: dict[str, type] = {}
    for found in pkgutil.walk_packages(viz.__path__, "viz."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == found.name:
                classes[f"{found.name}.{value.__qualname__}"] = value
    return list(classes.values())


def parts(hint: object) -> set[type]:
    """The classes that a type hint names, in brackets too."""
    origin = typing.get_origin(hint)
    if origin in (
        typing.Literal,
        collections.abc.Callable,
    ):  # a function may be compared, whatever it returns
        return set()
    named = set().union(*(parts(each) for each in typing.get_args(hint)))
    for each in (hint, origin):
        if isinstance(each, type):
            named.add(each)
    return named


def holders() -> list[type]:
    """The dataclasses that hold arrays or tensors, themselves or by another dataclass."""
    named = {
        each: set().union(*(parts(hint) for hint in typing.get_type_hints(each).values()))
        for each in dataclasses_of_viz()
    }
    held: set[type] = {np.ndarray, torch.Tensor}
    while more := {each for each, fields in named.items() if fields & held} - held:
        held |= more
    return sorted(held & set(named), key=lambda each: (each.__module__, each.__qualname__))


def test_what_holds_arrays_is_equal_to_itself_alone_and_has_a_hash() -> None:
    found = holders()
    assert {AttentionMap, AttentionResult} <= set(found)
    compared = [
        f"{each.__module__}.{each.__qualname__}"
        for each in found
        if "__eq__" in vars(each) or "__hash__" in vars(each)
    ]
    assert compared == []


def test_two_maps_of_the_same_numbers_are_two() -> None:
    first, second = pieces_map(), pieces_map()
    assert np.array_equal(first.weights, second.weights)
    assert first == first
    assert first != second
    assert len({first, second, first}) == 2
