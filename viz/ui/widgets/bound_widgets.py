"""Widgets bound to a field of the view: they show it, and what a person chooses there becomes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, TypedDict

import streamlit as st

from viz.ui.session import change, keep, language, view


class Binding(TypedDict):
    """What a widget of Streamlit is given to be bound: `st.toggle(label, **bind("specials", "w_specials"))`."""

    key: str
    on_change: Callable[[], None]


def binding(key: str, value: Any, take: Callable[[Any], None]) -> Binding:
    """Bind the widget `key`: it shows `value`, and `take` gets what is chosen, None where a choice is taken back."""
    return {"key": keep(key, value), "on_change": lambda: take(st.session_state[key])}


def unchanged(choice: Any) -> Any:
    """What was chosen is the field's value."""
    return choice


def bind(field: str, key: str, value: Any = None, to_field: Callable[[Any], Any] = unchanged) -> Binding:
    """Bind the widget `key` to a field of the view, such as "scope", or "switches.unit" of the explorer's choices.

    `value` is what the widget shows where that is not the field itself; `to_field` makes the field's value of what was
    chosen. Where a choice is taken back, the field stays as it is.
    """
    part, _dot, name = field.rpartition(".")

    def take(choice: Any) -> None:
        if choice is not None:
            chosen = {name: to_field(choice)}
            change(**({part: replace(attrgetter(part)(view()), **chosen)} if part else chosen))

    return binding(key, attrgetter(field)(view()) if value is None else value, take)


def segments(
    label: str,
    names: Mapping[Any, str],
    field: str,
    key: str,
    value: Any = None,
    to_field: Callable[[Any], Any] = unchanged,
    **settings: Any,
) -> None:
    """Buttons beside each other for a field of the view, one for each of `names`; else as `bind`.

    `settings` are those of `st.segmented_control`.
    """
    bound = bind(field, key, value, to_field)
    st.segmented_control(label, list(names), format_func=names.__getitem__, **bound, **settings)


def choice_box(
    label: str,
    names: Mapping[Any, str],
    field: str,
    key: str,
    value: Any = None,
    to_field: Callable[[Any], Any] = unchanged,
    **settings: Any,
) -> None:
    """A box to choose a value for a field of the view, by their `names`; else as `bind`.

    `settings` are those of `st.selectbox`.
    """
    bound = bind(field, in_language(key), value, to_field)
    st.selectbox(label, list(names), format_func=names.__getitem__, **bound, **settings)


def in_language(key: str) -> str:
    """The key of a box in the session's language: a browser knows an option by its title."""
    return f"{key}_{language()}"
