"""What Streamlit draws too faint or too wide to read: mended for every page, in both themes.

Streamlit fades captions to 60%, writes white on the primary colour whatever that is, and lets a formula or a table be
a little wider than a phone. The contrasts are those of the Web Content Accessibility Guidelines 2.2, level AA.
"""

from functools import cache

import matplotlib
import numpy as np
import streamlit as st
from PIL import Image

_STYLE = """<style>
.stApp [data-testid="stCaptionContainer"] { opacity: 0.8; }
.stApp [data-testid="stCaptionContainer"] code { color: inherit; }
.stApp button[kind^="primary"]:not(:disabled), .stApp [data-testid="stMultiSelect"] [data-tag] {
  color: light-dark(#ffffff, #11151b); }
.stApp input:placeholder-shown { text-overflow: ellipsis; }
.stApp .katex-display { padding-inline: 0.2em; }
@media (max-width: 480px) {
  .stApp [data-testid="stMarkdownContainer"] :is(th, td) { padding: 0.25rem; }
}
</style>"""


def style() -> None:
    """Send the style; to be called once a run, before anything is drawn."""
    st.html(_STYLE)


_TOKENS, _SCALE = 8, 8


@cache
def icon() -> Image.Image:
    """An image of a small heat map."""
    weights = np.full((_TOKENS, _TOKENS), 0.05)
    weights[np.arange(1, _TOKENS), np.arange(_TOKENS - 1)] = 0.95
    weights[:, 0] += 0.35
    weights[np.arange(_TOKENS), np.arange(_TOKENS)] += 0.2
    colours = matplotlib.colormaps["viridis"](weights.clip(0, 1), bytes=True)[..., :3]
    return Image.fromarray(np.kron(colours, np.ones((_SCALE, _SCALE, 1), dtype=np.uint8)))
