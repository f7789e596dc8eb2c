"""What Streamlit draws too faint or too wide to read: mended for every page, in both themes.

Streamlit fades captions to 60%, writes white on the primary colour whatever that is, and lets a formula or a table be
a little wider than a phone. The contrasts are those of the Web Content Accessibility Guidelines 2.2, level AA.
"""

import streamlit as st

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
