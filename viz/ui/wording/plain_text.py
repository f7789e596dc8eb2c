"""What a person or a file gave, shown as the plain characters it is, where Streamlit reads Markdown."""

import re

import streamlit as st

from viz.errors import VizError
from viz.inputs.text import readable
from viz.ui.session import tr

_CODE = re.compile(r"(?<!`)(`+) (.*?) \1(?!`)")


def visible(text: str) -> str:
    """Line breaks and spaces as they are; what else is invisible as its code point."""
    return "".join(c if c in "\n\t ▁" else readable(c) for c in text)


def code_span(value: str) -> str:
    """`value` as Markdown code, which nothing inside can end or turn into anything.

    The fence is one backtick longer than any run of them inside (CommonMark 6.1).
    """
    value = "".join(readable(character) if character != "▁" else "▁" for character in value)
    longest = run = 0
    for character in value:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    return f"{fence} {value} {fence}" if value else ""


def uncoded(markdown: str) -> str:
    """A sentence with values as `code_span` writes them, as it reads where there is no Markdown: without the fences."""
    return _CODE.sub(r"\2", markdown)


def message_of(error: VizError) -> str:
    """The error in the session's language, as Markdown in which its values are plain."""
    return error.render(tr, code_span)


def show_error(error: VizError) -> None:
    """The error in a box: what was received, what was expected, what to do."""
    st.error(message_of(error), icon=":material/error:")
