"""Files that leave the app, opened again by other programs; and files that come in, none of which is trusted."""

import contextlib
import csv
import io
import json
import pickle
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image
from pypdf import PdfReader

from tests.pictures.figures.samples import CHINESE, WORDS, attention_map, words
from viz.attention import AttentionMap, AttentionResult, Quantity, attend
from viz.errors import InputError, MetricError, TextTooLong, VizError
from viz.models import LoadedModel
from viz.pictures.export import (
    Provenance,
    Width,
    csv_table,
    file_name,
    fitting_layers,
    head_csv,
    provenance_of,
    read_bundle,
    read_npz,
    write_bundle,
    write_npz,
    write_paths,
    write_picture,
)
from viz.pictures.export.archive import write_zip
from viz.pictures.export.picture_file import Format
from viz.pictures.figures import Style, heatmap, layer_grid

INCHES: dict[Width, float] = {"column": 3.35, "page": 6.9}
CAPTION = "all-MiniLM-L6-v2 · Layer 2 · Head 3 · “The cat sat.”"
SVG = "{http://www.w3.org/2000/svg}"
MIXED = ["图书馆", "cat", "</text><script>", "$x^2$", "]]>&amp;", "الكتاب"]


def drawn() -> Figure:
    return heatmap(attention_map(MIXED), 1, 2)


def pdf_of(data: bytes) -> tuple[Any, str]:
    """The only page, and its text with no blanks between letters."""
    (page,) = PdfReader(io.BytesIO(data)).pages
    return page, "".join(page.extract_text().split())


def fonts_of(page: Any) -> list[Any]:
    found = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    return [
        font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font for font in found
    ]


# Pictures.


@pytest.mark.parametrize("width", ["column", "page"])
@pytest.mark.parametrize("dpi", [150, 600])
def test_a_png_has_the_width_and_the_resolution_asked_for(width: Width, dpi: int) -> None:
    image: Any = Image.open(io.BytesIO(write_picture(drawn(), "png", width=width, dpi=dpi, caption=CAPTION)))
    assert image.width == pytest.approx(INCHES[width] * dpi, abs=1)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
    assert image.text["Title"] == CAPTION


@pytest.mark.parametrize("width", ["column", "page"])
def test_a_pdf_has_its_width_its_text_and_its_fonts(width: Width) -> None:
    page, text = pdf_of(write_picture(drawn(), "pdf", width=width, caption=CAPTION))
    assert float(page.mediabox.width) == pytest.approx(72 * INCHES[width], abs=0.1)
    for written in ("图书馆", "cat", "</text><script>", "$x^2$", "Layer2·Head3"):
        assert written in text
    assert "".join(CAPTION.split()) in text
    fonts = fonts_of(page)
    assert len(fonts) >= 2
    for font in fonts:
        assert font["/Subtype"] == "/CIDFontType2"
        program = font["/FontDescriptor"]["/FontFile2"].get_object().get_data()
        with TTFont(io.BytesIO(program)) as embedded:
            assert "glyf" in embedded, "said to be TrueType, so it has to be"
            assert "CFF " not in embedded


def test_chinese_glyphs_keep_their_shape_as_true_type() -> None:
    """Their font has PostScript outlines; in the PDF each still covers what it covered, to a unit."""
    from fontTools.pens.boundsPen import BoundsPen

    from viz.pictures.figures.base.fonts import faces

    page, _text = pdf_of(write_picture(drawn(), "pdf"))
    font = next(each for each in fonts_of(page) if "CJK" in each["/BaseFont"])
    data = font["/FontDescriptor"]["/FontFile2"].get_object().get_data()
    original = next(face.path for face in faces() if "CJK" in face.family)

    def boxes(source: Any) -> set[tuple[int, ...]]:
        with TTFont(source) as opened:
            outlines = opened.getGlyphSet()
            wanted = opened.getGlyphOrder()
            if source is original:
                wanted = [opened.getBestCmap()[ord(character)] for character in "图书馆"]
            found = set()
            for name in wanted:
                pen = BoundsPen(outlines)
                outlines[name].draw(pen)
                found.add(tuple(round(edge) for edge in pen.bounds or ()))
        return found

    embedded = boxes(io.BytesIO(data))
    for box in boxes(original):
        assert any(len(each) == 4 and np.abs(np.subtract(each, box)).max() <= 1 for each in embedded)


@pytest.mark.parametrize("width", ["column", "page"])
def test_an_svg_has_its_width_its_text_and_its_fonts(width: Width) -> None:
    root = ElementTree.fromstring(write_picture(drawn(), "svg", width=width, caption=CAPTION))  # noqa: S314 - our own
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(72 * INCHES[width], abs=0.1)
    across, down = (float(side) for side in root.attrib["viewBox"].split()[2:])
    shown = float(root.attrib["height"].removesuffix("pt")) / float(root.attrib["width"].removesuffix("pt"))
    assert shown == pytest.approx(down / across, abs=1e-4)
    texts = {"".join(element.itertext()).strip() for element in root.iter(f"{SVG}text")}
    assert {"图书馆", "cat", "الكتاب", "$x^2$", "]]>&amp;", "Layer 2 · Head 3"} <= texts
    assert any("</text><script>" in text for text in texts)
    assert not list(root.iter(f"{SVG}script"))
    style = "".join(element.text or "" for element in root.iter(f"{SVG}style"))
    families = {part.split("'")[0] for part in style.split("font-family:'")[1:]}
    assert {"Atlas DejaVu Sans", "Atlas Noto Sans CJK", "Atlas Noto Sans Arabic"} <= families
    assert "url(http" not in style


def test_the_caption_fits_even_when_it_is_long() -> None:
    long = "Layer 1 · Head 1 · " + "a rather long caption " * 12
    figure = drawn()
    before = figure.get_size_inches().copy()
    boxes = [axes.get_window_extent().height / figure.dpi for axes in figure.axes]
    _page, text = pdf_of(write_picture(figure, "pdf", width="column", caption=long))
    assert "".join(long.split()) in text
    assert figure.get_figheight() > before[1]
    assert [axes.get_window_extent().height / figure.dpi for axes in figure.axes] == pytest.approx(boxes)
    renderer: Any = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for written in figure.texts:
        assert written.get_window_extent(renderer).x1 <= figure.bbox.width * 1.01
        assert written.get_window_extent(renderer).y0 >= 0


@pytest.mark.slow
@pytest.mark.parametrize("script", ["Simplified Chinese", "Arabic", "Hindi", "Thai"])
def test_scripts_are_text_in_both_formats(script: str) -> None:
    found = attention_map([WORDS[script][:12], "x"])
    svg = write_picture(
        heatmap(found, 0, 0, Style(words=CHINESE)), "svg", caption="第 1 层", style=Style(words=CHINESE)
    )
    assert WORDS[script][:12] in svg.decode()
    page, text = pdf_of(
        write_picture(heatmap(found, 0, 0, Style(words=CHINESE)), "pdf", caption="第 1 层 · 第 1 头")
    )
    assert "第1层·第1头" in text
    assert len(fonts_of(page)) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_file(form: Any) -> None:
    made = [write_picture(drawn(), form, width="page", caption=CAPTION) for _ in range(2)]
    assert made[0] == made[1]


def test_a_whole_layer_can_be_exported() -> None:
    page, text = pdf_of(write_picture(layer_grid(attention_map(words(6), heads=12), 0), "pdf", width="page"))
    assert "Layer1,everyhead" in text
    assert float(page.mediabox.width) == pytest.approx(72 * 6.9, abs=0.1)


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(InputError, match="million pixels"):
        write_picture(drawn(), "png", width="page", dpi=5000)


@pytest.mark.slow
def test_threads_get_what_they_asked_for_and_leave_no_setting_behind() -> None:
    settings: Any = matplotlib.rcParams
    names = ("pdf.fonttype", "svg.fonttype", "svg.hashsalt")
    before = [settings[name] for name in names]
    forms: tuple[Format, ...] = ("svg", "pdf", "png")
    expected = {form: write_picture(drawn(), form) for form in forms}
    made: dict[int, tuple[Format, bytes]] = {}

    def make(number: int, form: Any) -> None:
        made[number] = (form, write_picture(drawn(), form))

    threads = [threading.Thread(target=make, args=(at, form)) for at, form in enumerate([*expected] * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert all(data == expected[form] for form, data in made.values())
    assert [settings[name] for name in names] == before


# Numbers.


def test_letters_as_paths_need_no_font_and_the_file_is_well_formed() -> None:
    written = write_paths(drawn())
    root = ElementTree.fromstring(written)  # noqa: S314 - written by this app
    assert root.findall(f".//{SVG}text") == []
    assert len(root.findall(f".//{SVG}path")) > 10
    assert written == write_paths(drawn())
    assert b"font-family" not in written
    assert matplotlib.rcParams["svg.fonttype"] == matplotlib.rcParamsDefault["svg.fonttype"]


def test_a_csv_reads_back_as_the_weights() -> None:
    found = attention_map(["the₂", "猫", "a,b", 'say "no"', "two\nlines"])
    data = head_csv(found, 1, 2)
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header[1:] == found.keys.labels
    assert [row[0] for row in rows] == found.queries.labels
    read = np.array([row[1:] for row in rows], dtype=np.float32)
    np.testing.assert_array_equal(read, found.weights[1, 2])


@pytest.mark.parametrize(("quantity", "corner"), [("attention", ""), ("norm", " (attention x value norm)")])
def test_a_csv_says_of_what_its_numbers_are(quantity: Quantity, corner: str) -> None:
    found = replace(attention_map(words(3)), quantity=quantity)
    header = head_csv(found, 0, 0).decode("utf-8-sig").splitlines()[0]
    assert header.split(",")[0] == "query \\ key" + corner


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "  ="])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    data = csv_table([text], [[text, -0.5, 3]])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["'" + text], ["'" + text, "-0.5", "3"]]


def test_a_csv_of_a_head_that_is_not_there_is_refused() -> None:
    with pytest.raises(MetricError, match="Head 4"):
        head_csv(attention_map(words(3)), 0, 3)


def test_an_npz_reads_back_as_the_weights_without_pickle(minilm: LoadedModel) -> None:
    result = attend(minilm, "The cat sat.", "It slept.")
    data = write_npz(result.encoder, result.card.id, result.revision)
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["weights"], result.encoder.weights)
        assert file["weights"].dtype == np.float32
        assert file["query_tokens"].tolist() == file["key_tokens"].tolist() == result.encoder.queries.tokens
        assert file["query_ids"].tolist() == result.encoder.queries.ids
        assert (str(file["model"]), str(file["revision"])) == (result.card.id, result.revision)
        assert str(file["kind"]) == "encoder"
        assert file["layers"].tolist() == [0, 1, 2, 3, 4, 5]
    stored = read_npz(data)
    np.testing.assert_array_equal(stored.weights, result.encoder.weights)
    assert not stored.weights.flags.writeable
    assert list(stored.query_tokens) == result.encoder.queries.tokens
    assert data == write_npz(result.encoder, result.card.id, result.revision)


def test_an_npz_of_lengths_says_so_and_one_of_weights_is_as_it_always_was() -> None:
    found = attention_map(words(4))
    weights, norms = (write_npz(each, "m", "r") for each in (found, replace(found, quantity="norm")))
    with zipfile.ZipFile(io.BytesIO(weights)) as archive:
        assert "quantity.npy" not in archive.namelist()
    assert (read_npz(weights).quantity, read_npz(norms).quantity) == ("attention", "norm")
    with np.load(io.BytesIO(norms), allow_pickle=False) as file:
        assert str(file["quantity"]) == "norm"


def test_above_the_budget_only_the_layer_on_screen_is_kept() -> None:
    found = attention_map(words(4), ["x", "y"], layers=5)
    assert fitting_layers(found, 3) == (0, 1, 2, 3, 4)
    assert fitting_layers(found, 3, budget=found.weights.nbytes - 1) == (3,)
    stored = read_npz(write_npz(found, "m", "r", (3,)))
    np.testing.assert_array_equal(stored.weights, found.weights[3:4])
    assert (stored.layers, stored.kind, stored.key_tokens) == ((3,), "cross", ("x", "y"))


@given(st.lists(st.text(), max_size=4))
def test_a_file_name_is_safe_whatever_is_in_it(parts: list[str]) -> None:
    name = file_name(*parts, ending="csv")
    assert name.endswith(".csv")
    assert 5 <= len(name) <= 124
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>| \0\n')
    assert not name.startswith((".", "-"))
    assert ".." not in name


def test_a_file_name_says_what_is_inside() -> None:
    assert file_name("org/model", "layer 3", "head5", ending="pdf") == "org-model-layer-3-head5.pdf"


# The bundle.


@pytest.fixture(scope="module")
def result(minilm: LoadedModel) -> AttentionResult:
    return attend(minilm, "The cat sat — 猫。", "It slept.")


@pytest.fixture(scope="module")
def made(result: AttentionResult) -> bytes:
    weights = write_npz(result.encoder, result.card.id, result.revision)
    return write_bundle(
        provenance_of(result, {"layer": "3"}, "Other."), {"attention.npz": weights, "a.csv": b"1"}
    )


def test_a_bundle_comes_back_as_it_was(result: AttentionResult, made: bytes) -> None:
    read = read_bundle(made)
    assert read.provenance.text == "The cat sat — 猫。"
    assert (read.provenance.pair, read.provenance.other) == ("It slept.", "Other.")
    assert (read.provenance.model, read.provenance.revision) == (result.card.id, result.revision)
    assert dict(read.provenance.settings) == {"layer": "3"}
    assert read.provenance.versions["numpy"] == np.__version__
    assert {"python", "torch", "transformers"} <= set(read.provenance.versions)
    assert read.weights is not None
    np.testing.assert_array_equal(read.weights.weights, result.encoder.weights)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["provenance.json", "attention.npz", "a.csv"]


@given(
    st.text(max_size=300),
    st.none() | st.text(min_size=1, max_size=100),
    st.dictionaries(st.text(), st.text(), max_size=5),
)
def test_any_text_goes_through_a_bundle(text: str, pair: str | None, settings: dict[str, str]) -> None:
    read = read_bundle(write_bundle(Provenance("m", "r", text, pair, settings=settings), {})).provenance
    assert (read.text, read.pair, dict(read.settings)) == (text, pair, settings)


def about(**changes: Any) -> bytes:
    """A provenance.json that is right but for the changes."""
    right = {
        "format": "attention-atlas-bundle",
        "version": 1,
        "model": "m",
        "revision": "r",
        "text": "t",
        "pair": None,
        "settings": {},
        "versions": {},
    }
    return json.dumps({**right, **changes}).encode()


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return written.getvalue()


def npy(array: Any, allow_pickle: bool = False) -> bytes:
    written = io.BytesIO()
    np.save(written, array, allow_pickle=allow_pickle)
    return written.getvalue()


def header(shape: str, descr: str = "'<f4'") -> bytes:
    """An .npy that claims this shape and holds nothing."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def npz_with(**changes: bytes | None) -> bytes:
    """An NPZ of this app with some arrays exchanged, or left out (None)."""
    with zipfile.ZipFile(io.BytesIO(write_npz(attention_map(words(3)), "m", "r"))) as archive:
        files: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    files |= {f"{name}.npy": data for name, data in changes.items()}
    return write_zip({name: data for name, data in files.items() if data is not None})


class Evil:
    """Runs on unpickling."""

    ran = False

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (setattr, (Evil, "ran", True))


def encrypted() -> bytes:
    data = bytearray(zipped(("provenance.json", about()), method=zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def lying() -> bytes:
    """Says that a file has ten bytes; it unpacks to ten million."""
    data = bytearray(zipped(("provenance.json", b" " * 10**7)))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


RIGHT = ("provenance.json", about())
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "no ZIP"),
    "no zip": (lambda: b"PK\x03\x04 nonsense", "no ZIP"),
    "cut off": (lambda: zipped(RIGHT)[:-30], "no ZIP"),
    "no provenance": (lambda: zipped(("a.csv", b"")), "no provenance.json"),
    "bomb": (lambda: zipped(("provenance.json", b" " * 50_000_000)), "too large"),
    "lying bomb": (lying, "damaged"),
    "encrypted": (encrypted, "damaged"),
    "strange compression": (lambda: zipped(RIGHT, ("x", b"1"), method=zipfile.ZIP_LZMA), ""),
    "path up": (lambda: zipped(RIGHT, ("../../etc/passwd", b"x")), "path"),
    "absolute path": (lambda: zipped(RIGHT, ("/etc/passwd", b"x")), "path"),
    "windows path": (lambda: zipped(RIGHT, ("C:\\evil", b"x")), "path"),
    "hidden file": (lambda: zipped(RIGHT, (".bashrc", b"x")), "path"),
    "many files": (lambda: zipped(RIGHT, *((f"f{at}", b"") for at in range(40))), "too many files"),
    "very many files": (lambda: zipped(*((f"f{at}", b"") for at in range(3000))), "too many files"),
    "no json": (lambda: zipped(("provenance.json", b"{")), "no JSON"),
    "not utf-8": (lambda: zipped(("provenance.json", b"\xff\xfe{}")), "no JSON"),
    "deep json": (lambda: zipped(("provenance.json", b"[" * 200_000)), "no JSON"),
    "huge number": (lambda: zipped(("provenance.json", b'{"version": ' + b"9" * 9_000 + b"}")), "no JSON"),
    "a list": (lambda: zipped(("provenance.json", b"[1]")), "not one of this app"),
    "another format": (lambda: zipped(("provenance.json", about(format="x"))), "not one of this app"),
    "another version": (lambda: zipped(("provenance.json", about(version=2))), "another version"),
    "model is a number": (lambda: zipped(("provenance.json", about(model=3))), "another type"),
    "model is long": (lambda: zipped(("provenance.json", about(model="m" * 201))), "length"),
    "text is a list": (lambda: zipped(("provenance.json", about(text=["t"]))), "another type"),
    "pair is a number": (lambda: zipped(("provenance.json", about(pair=0))), "another type"),
    "settings is a list": (lambda: zipped(("provenance.json", about(settings=[]))), "another type"),
    "a setting is a dict": (lambda: zipped(("provenance.json", about(settings={"a": {}}))), "another type"),
    "many settings": (
        lambda: zipped(("provenance.json", about(settings={str(at): "" for at in range(65)}))),
        "another type",
    ),
}


@pytest.mark.parametrize("name", [name for name in BAD if name != "strange compression"])
def test_a_bad_bundle_is_refused_with_its_reason(name: str) -> None:
    make, reason = BAD[name]
    with pytest.raises(InputError) as refusal:
        read_bundle(make())
    assert reason in str(refusal.value)


def test_a_compression_that_this_app_does_not_use_is_read_or_refused() -> None:
    """Python knows it, so it does no harm; what matters is that nothing else is raised."""
    with contextlib.suppress(InputError):
        assert read_bundle(BAD["strange compression"][0]()).provenance.model == "m"


def test_a_file_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(RIGHT, RIGHT)
    with pytest.raises(InputError, match="twice"):
        read_bundle(data)


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(TextTooLong):
        read_bundle(zipped(("provenance.json", about(text="x" * 100_001))))


def test_a_file_over_the_limit_is_not_opened() -> None:
    with pytest.raises(InputError, match="21 MB; bundles of up to 20 MB"):
        read_bundle(b"\0" * (20 * 2**20 + 1))


def test_what_is_not_needed_is_not_unpacked() -> None:
    assert read_bundle(zipped(RIGHT, ("big.png", b"\0" * 60_000_000))).provenance.model == "m"


NAMES = (
    "weights",
    "layers",
    "query_tokens",
    "key_tokens",
    "query_ids",
    "key_ids",
    "kind",
    "model",
    "revision",
)
BAD_ARRAYS: dict[str, tuple[Callable[[], bytes], str]] = {
    "missing": (lambda: npz_with(weights=None), "missing"),
    "no array": (lambda: npz_with(weights=b"hello"), "is none"),
    "bad header": (lambda: npz_with(weights=header("(1,", "'<f4'")), "is none"),
    "code in the header": (lambda: npz_with(weights=header("(__import__('os'),)")), "is none"),
    "huge": (lambda: npz_with(weights=header("(1000000, 1000000, 1000000, 1000000)")), "another size"),
    "negative": (lambda: npz_with(weights=header("(-1, 1, 1, 1)")), "is none"),
    "overflowing": (lambda: npz_with(weights=header("(4294967296, 4294967296, 2, 1)")), "another size"),
    "empty items": (lambda: npz_with(query_tokens=header("(10000000000,)", "'<U0'")), "another size"),
    "another type": (lambda: npz_with(weights=npy(np.ones((2, 3, 3, 3)))), "another type"),
    "another shape": (lambda: npz_with(weights=npy(np.ones((3, 3), np.float32))), "another type"),
    "tokens that do not fit": (lambda: npz_with(key_tokens=npy(np.array(["a"]))), "do not fit"),
    "not a number": (lambda: npz_with(weights=npy(np.full((2, 3, 3, 3), np.nan, np.float32))), "no numbers"),
    "no characters": (
        lambda: npz_with(model=header("()", "'<U1'") + b"\xff\xff\xff\xff"),
        "another type",
    ),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_a_bad_array_is_refused_with_its_reason(name: str) -> None:
    make, reason = BAD_ARRAYS[name]
    data = make()
    for read in (read_npz, lambda npz: read_bundle(zipped(RIGHT, ("attention.npz", npz)))):
        with pytest.raises(InputError) as refusal:
            read(data)
        assert reason in str(refusal.value)


@pytest.mark.parametrize("name", NAMES)
def test_pickled_objects_are_refused_by_name_and_never_run(name: str) -> None:
    evil = npy(np.array([Evil()], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="pickled objects"):
        read_npz(npz_with(**{name: evil}))
    with pytest.raises(InputError):
        read_npz(npz_with(**{name: pickle.dumps(Evil())}))
    assert not Evil.ran


@given(st.data())
def test_a_damaged_bundle_is_refused_or_read_and_nothing_else_happens(data: st.DataObject) -> None:
    whole = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(VizError):
        assert len(read_bundle(bytes(whole)).provenance.text) <= 100_000


def small() -> bytes:
    found: AttentionMap = attention_map(words(2), layers=1, heads=1)
    return write_bundle(Provenance("m", "r", "text"), {"attention.npz": write_npz(found, "m", "r")})


SMALL = small()
