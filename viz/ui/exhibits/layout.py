"""Room beside a picture; theme; sizes."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.ui.session import need_session, view

_PICTURE, _NUMBERS, _HALF = 680, 460, 570  # pixels

_PRESENTED = 1.5  # how much larger all is for the back row


def dark() -> bool:
    """Whether the session's theme is the dark one."""
    need_session("theme")
    return bool(st.context.theme.type == "dark")


def scaled(pixels: int) -> int:
    """`pixels` on a usual screen, more of them where the view is presented."""
    return round(pixels * _PRESENTED) if view().present else pixels


def picture_and_numbers() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for a picture and, beside it or where the page is narrow below it, for its numbers."""
    row = st.container(horizontal=True, gap="medium")
    return row.container(width=scaled(_PICTURE)), row.container(width=scaled(_NUMBERS))


def two_pictures() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for two pictures, beside each other or where the page is narrow one below the other."""
    row = st.container(horizontal=True, gap="medium")
    return row.container(width=scaled(_HALF)), row.container(width=scaled(_HALF))
