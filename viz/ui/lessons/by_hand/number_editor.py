"""The numbers of the example, to be changed: the tokens and X, the three matrices."""

from collections.abc import Callable

import streamlit as st

from viz.errors import InputError
from viz.lessons.by_hand.small_example import (
    DECIMALS,
    FEWEST,
    LIMIT,
    LONGEST_NAME,
    MOST,
    ByHand,
    names_of,
    read_number,
    with_token,
    without_token,
)
from viz.ui.lessons.by_hand.example_state import (
    EXAMPLES,
    Cell,
    can_undo,
    change,
    current,
    example_names,
    example_of,
    reset,
    undo,
    wrong,
)
from viz.ui.session import keep, language, tr
from viz.ui.wording.plain_text import message_of, visible

_LONGEST_NUMBER = 24  # characters
_NAME, _CELL, _GAP = 96, 68, 8  # pixels


def numbers(now: ByHand) -> None:
    """X with the names of its tokens, W_Q, W_K and W_V, and what undoes a change."""
    st.segmented_control(
        tr("Tokens"),
        list(EXAMPLES),
        format_func=lambda name: " / ".join(EXAMPLES[name]),
        key=keep("w_hand_example", example_of(now)),
        on_change=_take_example,
    )
    with st.container(horizontal=True, gap="small"):
        with st.container(width=_NAME + 2 * _CELL + 2 * _GAP, gap="xsmall"):
            st.markdown("$X$ · " + tr("a row for each token"))
            for at, name in enumerate(names_of(now, example_names())):
                _token_row(now, at, name)
        for field, name in (("w_q", "Q"), ("w_k", "K"), ("w_v", "V")):
            with st.container(width=2 * _CELL + _GAP, gap="xsmall"):
                st.markdown(f"$W_{name}$")
                for row in range(2):
                    with st.container(horizontal=True, gap="xsmall"):
                        for column in range(2):
                            _cell(now, (field, row, column))
    _say_wrong(now)
    st.caption(
        tr(
            "Numbers from {least:g} to {most:g}, with up to {decimals} decimals.",
            least=-LIMIT,
            most=LIMIT,
            decimals=DECIMALS,
        )
    )
    _buttons(now)


def _token_row(now: ByHand, at: int, name: str) -> None:
    key = f"w_hand_name_{at}"

    def renamed() -> None:
        names = list(names_of(now, example_names()))
        names[at] = visible(st.session_state[key].strip())[:LONGEST_NAME] or names[at]
        change(tokens=() if tuple(names) == example_names() else tuple(names))

    with st.container(horizontal=True, gap="xsmall"):
        st.text_input(
            tr("Name of token {number}", number=at + 1),
            key=keep(key, name),
            max_chars=LONGEST_NAME,
            on_change=renamed,
            label_visibility="collapsed",
            width=_NAME,
        )
        for column in range(2):
            _cell(now, ("x", at, column))


def _cell(now: ByHand, at: Cell) -> None:
    """One number of a matrix. What is none stays as it was typed, and the number before it still counts."""
    key = "w_hand_" + "_".join(map(str, at))

    def typed() -> None:
        said = st.session_state[key].strip()
        wrong().pop(at, None)
        if not said:
            return
        try:
            value = read_number(said)
        except InputError:
            wrong()[at] = said
            return
        field, row, column = at
        table = [list(each) for each in getattr(current(), field)]
        table[row][column] = value
        change(**{field: tuple((first, second) for first, second in table)})

    st.text_input(
        _where(at),
        key=keep(key, wrong().get(at, _number(now, at))),
        max_chars=_LONGEST_NUMBER,
        on_change=typed,
        label_visibility="collapsed",
        width=_CELL,
    )


def _say_wrong(now: ByHand) -> None:
    """What is wrong with what was typed, and what counts in its place."""
    for at, said in wrong().items():
        if at[1] >= len(getattr(now, at[0])):
            continue
        try:
            read_number(said)
        except InputError as error:
            still = tr("Until then {number} counts.", number=_number(now, at))
            st.warning(f"{_where(at)}: {message_of(error)} {still}", icon=":material/edit:")


def _where(at: Cell) -> str:
    field, row, column = at
    name = {"x": "X", "w_q": "W_Q", "w_k": "W_K", "w_v": "W_V"}[field]
    return tr("{matrix}, row {row}, column {column}", matrix=name, row=row + 1, column=column + 1)


def _number(now: ByHand, at: Cell) -> str:
    field, row, column = at
    return f"{getattr(now, field)[row][column]:g}"


def _buttons(now: ByHand) -> None:
    buttons: list[tuple[str, str, bool, Callable[[], None]]] = [
        (tr("Add a token"), "add", len(now.x) < MOST, lambda: _become(with_token(now))),
        (tr("Remove the last token"), "remove", len(now.x) > FEWEST, lambda: _become(without_token(now))),
        (tr("Undo"), "undo", can_undo(), undo),
        (tr("Back to the example"), "refresh", now != ByHand(part=now.part), reset),
    ]
    with st.container(horizontal=True):
        for label, icon, enabled, pressed in buttons:
            st.button(
                label, icon=f":material/{icon}:", disabled=not enabled, on_click=pressed, key=f"w_hand_{icon}"
            )


def _take_example() -> None:
    chosen = st.session_state["w_hand_example"]
    if chosen is not None:
        change(tokens=() if chosen == language() else EXAMPLES[chosen])


def _become(wanted: ByHand) -> None:
    change(x=wanted.x, tokens=wanted.tokens)
