"""What to expect of an example or a minimal pair: what its head does with it, said beside the picture.

The numbers are those of the model that it belongs to, so nothing is said under another one.
"""

import streamlit as st

from viz.inputs.examples import Example, MinimalPair, example, minimal_pair, pair_of
from viz.ui.session import tr
from viz.view.state import ViewState, example_of


def of_example(state: ViewState) -> None:
    """Say it of the example whose text the view shows, if it is one."""
    name = example_of(state)
    _say(example(name) if name else None, state)


def of_pair(state: ViewState) -> None:
    """Say it of the minimal pair whose texts the view shows, if it is one."""
    name = pair_of(state.text, state.other)
    _say(minimal_pair(name) if name else None, state)


def _say(chosen: Example | MinimalPair | None, state: ViewState) -> None:
    if chosen is not None and chosen.expect and chosen.model == state.model and not state.present:
        st.caption(tr("**What to expect.** {expectation}", expectation=expectation(chosen)))


def expectation(chosen: Example | MinimalPair) -> str:
    """The sentence in the session's language, with its layer and head as a person counts them."""
    return tr(chosen.expect, layer=chosen.layer + 1, head=chosen.head + 1)
