"""A picture on a page, sent within the page's own messages.

Streamlit keeps pictures as files that a browser asks for, and drops each in the run that replaces it: whoever clicks
quickly has the browser ask for some that are gone. So a picture is sent as data, as WebP: without loss, and about a
third of a PNG's bytes.
"""

import io
from base64 import b64encode

import streamlit as st
from PIL import Image

from viz.pictures.figures.base.figure_builder import LOSSLESS


def compressed(png: bytes) -> bytes:
    """The picture of a PNG as WebP, every pixel as it was."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.save(written, format="WEBP", **LOSSLESS)
    return written.getvalue()


def pixels_wide(webp: bytes) -> int:
    """How many pixels wide a picture is."""
    with Image.open(io.BytesIO(webp)) as picture:
        return int(picture.width)


def show(webp: bytes, says: str, width: int) -> None:
    """Show a WebP `width` pixels of the page wide, not wider than its place; `says` is for screen readers."""
    st.image(f"data:image/webp;base64,{b64encode(webp).decode('ascii')}", alt=says, width=width)
