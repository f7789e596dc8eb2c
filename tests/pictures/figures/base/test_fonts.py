"""Faces and what they draw: every script, the right forms, and no harm where a font is missing."""

import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.font_manager import fontManager, get_font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from tests.pictures.figures.samples import LITERAL, WORDS
from viz.pictures.figures.base import fonts
from viz.pictures.figures.base.fonts import (
    _shown,
    drawable,
    faces,
    families,
    font,
    language_of,
    letter,
    printable,
    width,
)


def _clear_caches() -> None:
    fonts.drawable.cache_clear()
    fonts.families.cache_clear()
    fonts.width.cache_clear()
    _shown.cache_clear()


@pytest.fixture
def only_dejavu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    found = tuple(face for face in faces() if face.family == "Atlas DejaVu Sans")
    monkeypatch.setattr(fonts, "faces", lambda: found)
    _clear_caches()
    yield
    monkeypatch.undo()
    _clear_caches()


def test_every_face_of_the_requirements_is_there() -> None:
    assert len(faces()) == len(fonts._SOURCES) == 12


def test_every_font_carries_the_open_font_licence() -> None:
    for face in faces():
        if face.family == "Atlas DejaVu Sans":
            continue  # matplotlib's own, under the Bitstream Vera licence
        names = get_font(str(face.path)).get_sfnt().values()
        assert any(b"SIL Open Font License" in name.replace(b"\0", b"") for name in names), face.family


@pytest.mark.parametrize("script", WORDS)
def test_every_character_of_every_script_has_a_glyph(script: str) -> None:
    without = [character for character in WORDS[script] if not drawable(character)]
    assert without == []
    assert printable(WORDS[script]) == WORDS[script]


@pytest.mark.parametrize("script", WORDS)
def test_the_faces_chosen_for_a_text_have_all_its_glyphs(script: str) -> None:
    text = WORDS[script]
    chosen = set(families(text))
    drawn = set().union(*(face.characters for face in faces() if face.family in chosen))
    assert set(text) <= drawn
    # matplotlib finds a file for each name, and shapes the text without its warning of a missing glyph
    paths = fontManager._find_fonts_by_props(font(text, 10))
    assert len(paths) == len(chosen)
    get_font(paths).set_text(text, 0.0)


def test_a_text_gets_only_the_faces_it_needs() -> None:
    assert families("Atlas") == ("Atlas DejaVu Sans",)
    assert families("书") == ("Atlas Noto Sans CJK",)
    assert families("ที่₂") == ("Atlas Noto Sans Thai", "Atlas DejaVu Sans")
    assert families("") == ("Atlas DejaVu Sans",)


@pytest.mark.parametrize(
    ("labels", "language"),
    [
        (["她", "把", "书", "还给", "图书馆"], "zh-Hans"),
        (["她", "把", "書", "還給", "圖書館"], "zh-Hant"),
        (["彼女", "は", "図書館"], "ja"),
        (["책", "을"], "ko"),
        (["中"], "zh-Hans"),  # the same in both
        (["the", "cat"], "en"),
        ([], "en"),
    ],
)
def test_language_is_guessed_by_script(labels: list[str], language: str) -> None:
    assert language_of(labels) == language


def test_language_of_no_han_is_the_one_given() -> None:
    assert language_of(["cat"], otherwise="zh-Hans") == "zh-Hans"


@pytest.mark.parametrize("character", "直骨")
def test_chinese_and_japanese_forms_of_a_character_differ(character: str) -> None:
    def outline(language: str) -> bytes:
        points, _codes = text_to_path.get_text_path(font(character, 10), character, language=language)
        return np.asarray(points).tobytes()

    assert outline("zh-Hans") != outline("ja")
    assert outline("zh-Hans") == outline("zh")  # the tag that the app's own links use


def test_arabic_letters_join_and_run_from_right_to_left() -> None:
    joined, apart = "بب", "ب"
    assert width(joined) < 2 * width(apart)
    sizes = [width(part) for part in ("لا", "ل", "ا")]
    assert sizes[0] < sizes[1] + sizes[2]  # the ligature
    first, last = (text_to_path.get_text_path(font(text, 10), text)[0] for text in ("اب", "با"))
    # alef is tall: at the right where it comes first, at the left where it comes last
    for points, right in ((first, True), (last, False)):
        points = np.asarray(points)
        tallest = points[points[:, 1].argmax(), 0]
        assert (tallest > np.median(points[:, 0])) == right


def test_devanagari_conjuncts_and_thai_marks_are_shaped() -> None:
    assert width("क्ष") < width("क") + width("ष")  # one conjunct, not two letters and a virama
    assert width("ที่") == pytest.approx(width("ท"), abs=0.02)  # vowel and tone stand above


def test_letter_keeps_dollars_and_backslashes() -> None:
    for text in LITERAL:
        artist = Text(0, 0, text)
        letter(artist, 10, "#000000", "en")
        assert not artist.get_parse_math()
        assert artist.get_text() == text


def test_a_missing_package_is_logged_and_done_without(caplog: pytest.LogCaptureFixture) -> None:
    source = fonts._Source("Nowhere", "no_such_package", "fonts/none.ttf")
    with caplog.at_level(logging.WARNING, logger="viz.pictures.figures.base.fonts"):
        assert fonts._register(source) is None
    assert "install no-such-package again" in caplog.text


def test_a_damaged_font_is_logged_and_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "damaged_font").mkdir()
    (tmp_path / "damaged_font" / "__init__.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    (tmp_path / "damaged_font" / "font.ttf").write_bytes(b"no font at all")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    with caplog.at_level(logging.WARNING, logger="viz.pictures.figures.base.fonts"):
        assert fonts._register(fonts._Source("Damaged", "damaged_font", "font.ttf")) is None
    assert "cannot be read" in caplog.text
    assert "damaged_font" not in sys.modules


@pytest.mark.usefixtures("only_dejavu")
def test_without_the_fonts_characters_become_code_points() -> None:
    assert printable("a直") == "a⟨U+76F4⟩"
    assert families("直") == ("Atlas DejaVu Sans",)


def test_font_packages_are_not_imported_and_settings_stay() -> None:
    before = dict(matplotlib.rcParams)
    fonts._load.cache_clear()
    known = list(fontManager.ttflist)
    try:
        assert len(faces()) == 12
    finally:
        fontManager.ttflist[:] = known
    assert dict(matplotlib.rcParams) == before
    assert not {source.package for source in fonts._SOURCES if source.package != "matplotlib"} & set(
        sys.modules
    )
