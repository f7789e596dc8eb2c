"""The one-page handout: read back by another program, whatever it is given."""

import io
import json
from dataclasses import replace
from typing import Any

import pypdf
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from viz.errors import InputError, VizError
from viz.lessons import handout as module
from viz.lessons.handout import Handout, Picture, Words, make_handout, typst_files

A4 = (595.28, 841.89)  # points
BOTH = "The cat “sat” on the mat. 猫坐在垫子上，因为它累了。"
HOSTILE = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" \\ $a^2$ *b* _c_ `d` <e> @f [g] {h} // i \x00 \u202e \u200b',
    "שלום עולם، السلام عليكم",
    "\ud800 lone \U0001f600 \ue000",
    "W" * 3000,
    "a" + "\u0301" * 5000,
    "}" * 300 + "{0} {name} %s",
)


def svg(wide: float = 300, high: float = 200, around: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" '
        f'viewBox="0 0 {wide} {high}"><rect width="{wide}" height="{high}" fill="#31688e"/>{around}</svg>'
    ).encode()


def made(sentence: str = BOTH, pictures: int = 1) -> Handout:
    return Handout(
        title="Many heads",
        asks="What do heads look at?",
        sentence=sentence,
        model="all-MiniLM-L6-v2",
        pictures=tuple(Picture(f"Layer {n}", "Rows sum to 1.", svg(300 + 90 * n)) for n in range(pictures)),
        points=("Heads share d_model.",),
        questions=(("How many weights?", ("11", "121", "1,331")),),
    )


def full(text: str) -> Handout:
    """As many parts as a page takes, each of them `text`."""
    return Handout(
        text,
        text,
        text,
        text,
        (Picture(text, text, svg()),) * 4,
        (text,) * 6,
        ((text, (text,) * 6),) * 3,
    )


def page(data: bytes) -> pypdf.PageObject:
    """The only page there is, A4 and upright."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    (only,) = reader.pages
    assert [float(side) for side in only.mediabox] == pytest.approx([0, 0, *A4], abs=0.1)
    return only


def words_of(data: bytes) -> str:
    return " ".join(page(data).extract_text().replace("\u200b", "").split())


def letters_of(handout: Handout) -> float:
    """The size of the letters that Typst chose, in points."""
    query: Any = typst.query
    found = query(typst_files(handout), "<letter>", field="value", font_paths=module._fonts())
    return float(json.loads(found)[0])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("pictures", [1, 2, 3, 4])
def test_one_page_holds_all_that_is_said(pictures: int, language: str) -> None:
    handout = replace(made(pictures=pictures), language="zh" if language == "zh" else "en")
    read = words_of(make_handout(handout))
    for part in (
        BOTH,
        handout.title,
        handout.asks,
        handout.model,
        *handout.points,
        "How many weights?",
        "1,331",
    ):
        assert part in read
    for picture in handout.pictures:
        assert picture.title in read
    assert read.count("Rows sum to 1.") == pictures


def boxes(data: bytes, sizes: set[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of every rectangle of one of these sizes, as it lies on the page."""
    found: list[tuple[float, float, float, float]] = []

    def look(operator: bytes, operands: list[float], matrix: list[float], _text: object) -> None:
        if operator == b"l" and tuple(float(each) for each in operands) in sizes:
            across, _b, _c, down, left, top = matrix
            wide, high = (float(each) for each in operands)
            found.append((left, top + down * high, left + across * wide, top))

    page(data).extract_text(visitor_operand_before=look)
    return found


@pytest.mark.parametrize(
    "sizes",
    [
        [(500, 400)],
        [(200, 4000), (4000, 200)],
        [(600, 200), (601, 200), (602, 200)],
        [(500, 500), (501, 500), (502, 500), (503, 500)],
        [(90, 60)],
    ],
)
def test_pictures_keep_their_shape_lie_apart_and_inside_the_page(sizes: list[tuple[float, float]]) -> None:
    pictures = tuple(Picture("Title", "Caption", svg(*size)) for size in sizes)
    found = boxes(make_handout(replace(made(), pictures=pictures)), set(sizes))
    assert len(found) == len(sizes)
    for (wide, high), (left, bottom, right, top) in zip(sizes, found, strict=True):
        assert 40 < left < right < A4[0] - 40
        assert 120 < bottom < top < A4[1] - 100
        assert (right - left) / (top - bottom) == pytest.approx(wide / high, rel=0.01)
        assert right - left <= 1.26 * wide
    for at, (left, bottom, right, top) in enumerate(found):
        for other in found[at + 1 :]:
            assert right < other[0] or other[2] < left or top < other[1] or other[3] < bottom
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in found)
    if sizes[0][0] == 500:
        assert covered > 0.25 * A4[0] * A4[1]


@pytest.mark.parametrize(
    "text", HOSTILE, ids=["markup", "rtl", "no character", "long word", "marks", "braces"]
)
def test_hostile_text_is_shown_and_not_obeyed(text: str) -> None:
    read = words_of(make_handout(full(text)))
    assert "root:" not in read
    assert read


def test_markup_is_plain_text() -> None:
    read = words_of(make_handout(made(HOSTILE[0])))
    for part in (
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0"',
        "\\ $a^2$ *b* _c_ `d` <e> @f [g] {h} // i",
    ):
        assert part in read
    assert "⟨U+202E⟩" in read, "what turns the direction of writing is named, not done"


def test_what_is_invisible_is_named() -> None:
    read = words_of(make_handout(made("a\x00b\u202ec\u200bd\ud800e\nf")))
    assert "⟨U+202E⟩c⟨U+200B⟩d\ufffde f" in read
    assert "\x00" not in read


@pytest.mark.parametrize("text", ["句" * 10_000, "word " * 2_000, "Pneumono" * 1_250, "W" * 10_000])
def test_the_longest_texts_fit_and_stay_readable(text: str) -> None:
    handout = full(text)
    read = words_of(make_handout(handout))
    assert read.count("…") >= 30
    assert "of 10000 characters" in read
    assert letters_of(handout) >= 4


def test_a_sentence_that_is_cut_says_so_and_one_that_fits_does_not() -> None:
    assert "Cut here" not in words_of(make_handout(made("a" * 699)))
    read = words_of(make_handout(made("ab " * 400)))
    assert "Cut here: 700 of 1200 characters are shown." in read


def test_a_character_is_not_cut_in_two() -> None:
    """A letter with its mark stays one; what is behind the cut is gone."""
    written, shown, total = module._cut("e\u0301" * 10, 4)
    assert (written, shown, total) == ("e\u0301" * 4 + "…", 8, 20)
    assert module._cut("猫坐垫", 4)[0] == "猫坐…"


def test_the_same_handout_is_the_same_file() -> None:
    assert make_handout(made()) == make_handout(made())
    assert make_handout(made()) != make_handout(made("Another sentence."))


def alternatives(element: Any) -> list[str]:
    """What a screen reader says of the pictures: every `Alt` of the tree of structure."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    inner = element.get("/K", [])
    below = inner if isinstance(inner, list) else [inner]
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return own + [text for each in below for text in alternatives(each)]


def test_the_page_tells_its_title_and_language_and_what_the_pictures_show() -> None:
    reader = pypdf.PdfReader(io.BytesIO(make_handout(replace(made(), language="zh"))))
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Many heads"
    assert str(root["/Lang"]).startswith("zh")
    assert "Layer 0. Rows sum to 1." in alternatives(root["/StructTreeRoot"])


def test_chinese_has_glyphs() -> None:
    """Its characters are in an embedded font, not boxes: glyph 0 is what a font draws for what it lacks."""
    resources: Any = page(make_handout(made("猫坐在垫子上")))["/Resources"]
    fonts = resources["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert any("CJK" in name for name in names)


def test_words_are_translated() -> None:
    words = Words().translated(lambda word: {"Name": "姓名", "Questions": "问题"}.get(word, word))
    assert (words.name, words.questions, words.sentence) == ("姓名", "问题", "Our sentence")
    assert "姓名" in words_of(make_handout(replace(made(), words=words)))


@pytest.mark.parametrize(
    "change",
    [
        {"pictures": ()},
        {"pictures": (Picture("", "", svg()),) * 5},
        {"points": ("",) * 7},
        {"questions": (("", ()),) * 4},
        {"questions": (("", ("",) * 7),)},
    ],
)
def test_too_many_parts_are_refused(change: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(InputError, match="One page takes one to 4 pictures"):
        make_handout(replace(made(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "broken", [b"", b"<svg>", b'<svg width="0pt" height="3pt"/>', b"\x89PNG", b" " * 20_000_001]
)
def test_a_picture_of_no_size_is_refused(broken: bytes) -> None:
    with pytest.raises(InputError, match="an SVG with its width and height"):
        make_handout(replace(made(), pictures=(Picture("", "", broken),)))


def test_a_picture_that_is_no_svg_is_refused() -> None:
    with pytest.raises(VizError, match="could not be set"):
        make_handout(replace(made(), pictures=(Picture("", "", b'<svg width="3pt" height="3pt"><<<'),)))


def test_a_picture_reads_no_file() -> None:
    """An SVG that names a file draws nothing of it, or is refused; both leave the page without it."""
    inside = (
        '<image href="/etc/hostname" width="9" height="9"/><image href="data.json" width="9" height="9"/>'
    )
    try:
        read = words_of(make_handout(replace(made(), pictures=(Picture("", "", svg(around=inside)),))))
    except VizError as error:
        read = str(error)
    with open("/etc/hostname", encoding="utf-8") as file:
        assert file.read().strip() not in read


def test_drawings_of_matplotlib_are_taken() -> None:
    figure = Figure((4, 3))
    figure.add_subplot().imshow([[0, 1], [1, 0]])
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None})
    assert page(make_handout(replace(made(), pictures=(Picture("a", "b", written.getvalue()),)))).images


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400), st.integers(1, 4))
def test_any_text_gives_one_page(text: str, pictures: int) -> None:
    page(make_handout(replace(full(text), pictures=(Picture(text, text, svg()),) * pictures)))
