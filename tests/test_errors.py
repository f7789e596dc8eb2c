import pytest

from viz.errors import InputError, ModelFileError, TextTooLong, VizError


def test_message_fills_its_places() -> None:
    error = InputError("Layer {layer} was asked for; there are {layers}.", layer=99, layers=6)
    assert str(error) == "Layer 99 was asked for; there are 6."


def test_values_are_never_read_as_templates() -> None:
    assert str(VizError("Got {value}.", value="{0.__class__} {value}")) == "Got {0.__class__} {value}."


def test_long_values_are_cut() -> None:
    assert len(str(VizError("{value}", value="x" * 10_000))) == 120


def test_all_entries_of_a_list_are_shown_each_cut_for_itself() -> None:
    error = VizError("Choose one of: {known}.", known=(*("model" * 10 for _ in range(9)), "x" * 10_000))
    assert str(error).count("model" * 10) == 9
    assert len(str(error)) < 9 * 52 + 140
    assert error.render(show="<{}>".format).count("<") == 10


def test_render_translates_the_template_and_shows_the_values() -> None:
    error = VizError("Got {text} and {count:,}.", text="a*b", count=1000)
    assert (
        error.render(lambda _: "收到 {text}，{count:,}。", lambda value: f"<{value}>")
        == "收到 <a*b>，1,000。"
    )


def test_an_error_inside_an_error_is_rendered_too() -> None:
    inner = ModelFileError("No {file}.", file="a.bin")
    outer = VizError("Failed: {reason}", reason=inner)
    assert outer.render(show=str.upper) == "Failed: No A.BIN."


@pytest.mark.parametrize("kind", [InputError, TextTooLong, ModelFileError])
def test_one_family(kind: type[VizError]) -> None:
    assert issubclass(kind, VizError)
