"""Widgets bound to a field of the view: they show it, and what a person chooses there becomes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, Literal, TypedDict

import streamlit as st

from viz.ui.session import change, keep, language, view


class Binding(TypedDict):
    """What a widget of Streamlit is given to be bound: `st.toggle(label, **bind("specials", "w_specials"))`."""

    key: str
    on_change: Callable[[], None]


def binding(key: str, value: Any, take: Callable[[Any], None]) -> Binding:
    """Bind the widget `key`: it shows `value`, and `take` gets what is chosen, None where a choice is taken back."""
    return {"key": keep(key, value), "on_change": lambda: take(st.session_state[key])}


def bind(
    field: str, key: str, value: Any = None, to_field: Callable[[Any], Any] = lambda choice: choice
) -> Binding:
    """Bind the widget `key` to a field of the view, such as "scope", or "switches.unit" of the explorer's choices.

    `value` is what the widget shows where that is not the field itself; `to_field` makes the field's value of what was
    chosen. Where a choice is taken back, the field stays as it is.
    """
    read = attrgetter(field)

    def take(choice: Any) -> None:
        _set(field, read(view()) if choice is None else to_field(choice))

    return binding(key, read(view()) if value is None else value, take)


def segments(
    label: str,
    names: Mapping[Any, str],
    field: str,
    key: str,
    *,
    value: Any = None,
    explanation: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Buttons beside each other, one for each value of the view's field, by their `names`."""
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        help=explanation,
        width=width,
        **bind(field, key, value),
    )


def choice_box(
    label: str,
    names: Mapping[Any, str],
    field: str,
    key: str,
    *,
    value: Any = None,
    explanation: str | None = None,
) -> None:
    """A box to choose a value of the view's field, by their `names`."""
    st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        help=explanation,
        **bind(field, in_language(key), value),
    )


def in_language(key: str) -> str:
    """The key of a box in the session's language: a browser knows an option by its title."""
    return f"{key}_{language()}"


def _set(field: str, value: Any) -> None:
    part, _dot, name = field.rpartition(".")
    change(**({part: replace(attrgetter(part)(view()), **{name: value})} if part else {name: value}))
