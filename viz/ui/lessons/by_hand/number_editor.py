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
from viz.ui.lessons.by_hand import example_state
from viz.ui.lessons.by_hand.example_state import EXAMPLES, Cell, change, current, example_names, wrong
from viz.ui.lessons.lesson_frame import bound, button
from viz.ui.lessons.lesson_prose import prose
from viz.ui.session import language, tr
from viz.ui.wording.plain_text import message_of, visible

_LONGEST_NUMBER = 24  # characters
_NAME, _CELL, _GAP = 96, 68, 8  # pixels


def numbers(setup: ByHand) -> None:
    """X with the names of its tokens, W_Q, W_K and W_V, and what undoes a change."""
    st.segmented_control(
        tr("Tokens"),
        list(EXAMPLES),
        format_func=lambda name: " / ".join(EXAMPLES[name]),
        **bound(
            "example",
            example_state.example_of(setup),
            lambda example: change(tokens=() if example == language() else EXAMPLES[example]),
        ),
    )
    with st.container(horizontal=True, gap="small"):
        with st.container(width=_NAME + 2 * _CELL + 2 * _GAP, gap="xsmall"):
            st.markdown("$X$ · " + tr("a row for each token"))
            for token, name in enumerate(names_of(setup, example_names())):
                _token_row(setup, token, name)
        for field, name in (("w_q", "Q"), ("w_k", "K"), ("w_v", "V")):
            with st.container(width=2 * _CELL + _GAP, gap="xsmall"):
                st.markdown(f"$W_{name}$")
                for row in range(2):
                    with st.container(horizontal=True, gap="xsmall"):
                        for column in range(2):
                            _cell(setup, (field, row, column))
    _say_wrong(setup)
    st.caption(prose("Numbers to type", least=-LIMIT, most=LIMIT, decimals=DECIMALS))
    _buttons(setup)


def _token_row(setup: ByHand, token: int, name: str) -> None:
    def rename(name: str) -> None:
        names = list(names_of(setup, example_names()))
        names[token] = visible(name.strip())[:LONGEST_NAME] or names[token]
        change(tokens=() if tuple(names) == example_names() else tuple(names))

    with st.container(horizontal=True, gap="xsmall"):
        st.text_input(
            tr("Name of token {number}", number=token + 1),
            max_chars=LONGEST_NAME,
            label_visibility="collapsed",
            width=_NAME,
            **bound("name", name, rename, token),
        )
        for column in range(2):
            _cell(setup, ("x", token, column))


def _cell(setup: ByHand, cell: Cell) -> None:
    """One number of a matrix. What is none stays as it was typed, and the number before it still counts."""
    field, row, column = cell

    def typed(**texts: str) -> None:
        text = texts[field].strip()
        wrong().pop(cell, None)
        if not text:
            return
        try:
            value = read_number(text)
        except InputError:
            wrong()[cell] = text
            return
        table = [list(numbers) for numbers in getattr(current(), field)]
        table[row][column] = value
        change(**{field: tuple((first, second) for first, second in table)})

    st.text_input(
        _where(cell),
        max_chars=_LONGEST_NUMBER,
        label_visibility="collapsed",
        width=_CELL,
        **bound(field, wrong().get(cell, _number(setup, cell)), typed, f"{row}_{column}"),
    )


def _say_wrong(setup: ByHand) -> None:
    """What is wrong with what was typed, and what counts in its place."""
    for cell, text in wrong().items():
        if cell[1] >= len(getattr(setup, cell[0])):
            continue
        try:
            read_number(text)
        except InputError as error:
            still = tr("Until then {number} counts.", number=_number(setup, cell))
            st.warning(f"{_where(cell)}: {message_of(error)} {still}", icon=":material/edit:")


def _where(cell: Cell) -> str:
    field, row, column = cell
    return tr("{matrix}, row {row}, column {column}", matrix=field.upper(), row=row + 1, column=column + 1)


def _number(setup: ByHand, cell: Cell) -> str:
    field, row, column = cell
    return f"{getattr(setup, field)[row][column]:g}"


def _buttons(setup: ByHand) -> None:
    count = len(setup.x)
    buttons: list[tuple[str, str, bool, Callable[[], None]]] = [
        (tr("Add a token"), "add", count < MOST, lambda: _set_tokens(with_token(setup))),
        (tr("Remove the last token"), "remove", count > FEWEST, lambda: _set_tokens(without_token(setup))),
        (tr("Undo"), "undo", example_state.can_undo(), example_state.undo),
        (tr("Back to the example"), "refresh", setup != ByHand(part=setup.part), example_state.reset),
    ]
    with st.container(horizontal=True):
        for label, icon, enabled, pressed in buttons:
            button(label, icon, pressed, disabled=not enabled)


def _set_tokens(other: ByHand) -> None:
    change(x=other.x, tokens=other.tokens)
