import markdown_it
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps import in_english
from viz.errors import InputError
from viz.ui.wording.plain_text import code_span, message_of, uncoded

HOSTILE = [
    "`",
    "``a```b",
    "<script>alert(1)</script>",
    "$x$ :red[x] :smile: **b** [a](http://b)",
    "a\nb",
    "\x00\u202e",
]


def _codes(markdown: str) -> list[str]:
    """What a CommonMark reader takes for code, and nothing else may be left but words."""
    inline = [
        token
        for block in markdown_it.MarkdownIt("commonmark").parse(markdown)
        for token in block.children or []
    ]
    assert {token.type for token in inline} <= {"text", "code_inline"}
    return [token.content for token in inline if token.type == "code_inline"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_one_piece_of_code(value: str) -> None:
    assert len(_codes(f"Got {code_span(value)} here.")) == 1


@given(st.text(min_size=1, max_size=50))
def test_any_value_is_one_piece_of_code(value: str) -> None:
    codes = _codes(f"Got {code_span(value)} here.")
    assert len(codes) == 1
    plain = value.replace("\n", " ")
    if plain.isprintable() and plain.strip() == plain and "  " not in plain:
        assert codes[0].strip() == plain


@pytest.mark.parametrize("value", ["cat", "猫", "a`b", "`", "``a```b", "**b**", "a  b"])
def test_where_there_is_no_markdown_a_value_stands_without_its_fence(value: str) -> None:
    assert uncoded(f"Of {code_span(value)} and {code_span('it')}: `x` $y$.") == f"Of {value} and it: `x` $y$."


def test_an_error_shows_its_values_as_code() -> None:
    error = InputError("Got {value}.", value="**bold**")
    assert in_english(lambda: message_of(error)) == "Got ` **bold** `."
