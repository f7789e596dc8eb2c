"""A lesson on one A4 page, as PDF: the class's sentence, the lesson's pictures, its questions.

Typeset by Typst from `handout.typ`. Everything that a person or a model gave goes there as data, in a JSON file that
exists in memory only; Typst sees an empty folder, no fonts but the app's, and asks no network.
"""

import json
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import regex
import typst

from viz.errors import InputError, VizError
from viz.inputs.text import clean, visible
from viz.language import _, translated_words
from viz.pictures.figures.base.fonts import faces

_typst: Any = typst  # it is typed as taking a path; files in memory are documented, too
_TEMPLATE = Path(__file__).with_name("handout.typ")
_MOST = {"pictures": 4, "points": 6, "questions": 3, "options": 6}
# How long each may be, in columns: a Chinese character takes two, most others one.
_TITLE, _SENTENCE, _ASKS, _CAPTION, _POINT, _QUESTION, _OPTION = 90, 700, 300, 220, 240, 260, 140
_MOST_SVG = 20_000_000  # bytes
_CLUSTER = 8  # code points: letters with more marks than that would climb over the lines above
_LONG_WORD = regex.compile(r"[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{21,}")
_PIECE = 10
_MAY_BREAK = "\u200b"
_ROOT = regex.compile(rb"<svg\b[^>]*>")
_SIDE = regex.compile(rb'\b(width|height)="([0-9.]{1,12})(?:pt|px)?"')


@dataclass(frozen=True)
class Picture:
    """One picture: its title and caption, already translated, and an SVG whose letters are paths."""

    title: str
    caption: str
    svg: bytes = field(repr=False)


@dataclass(frozen=True)
class Words:
    """The fixed words of a handout, in English; `translated` gives them in another language."""

    name: str = _("Name")
    sentence: str = _("Our sentence")
    model: str = _("Model")
    points: str = _("What to remember")
    questions: str = _("Questions")
    made_with: str = _("Made with Attention Atlas. Its numbers are computed, not drawn by hand.")
    cut: str = _("Cut here: {shown} of {total} characters are shown.")

    def translated(self, translate: Callable[[str], str]) -> "Words":
        """The same words, each through `translate`."""
        return translated_words(self, translate)


@dataclass(frozen=True)
class Handout:
    """What stands on the page. Only `words` are the app's own; all else may hold any characters.

    `questions` are pairs of what is asked and the answers to choose from; the right ones are not on the page.
    """

    title: str
    asks: str
    sentence: str
    model: str
    pictures: tuple[Picture, ...]
    points: tuple[str, ...] = ()
    questions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: Words = Words()
    language: Literal["en", "zh"] = "en"


def make_handout(handout: Handout) -> bytes:
    """The page as PDF, one page of A4 whatever it is given; the same handout gives the same bytes.

    What is too long is cut and ends in "…"; where it is the sentence, the page says so. Letters shrink before
    pictures do. Raises `InputError` where it has no picture or too many parts, or a picture is no SVG of a known
    size, `VizError` where the page cannot be set.
    """
    files = typst_files(handout)
    with tempfile.TemporaryDirectory(prefix="atlas-handout-") as empty:
        try:
            pdf: bytes = _typst.compile(
                files,
                root=empty,
                package_path=empty,
                package_cache_path=empty,
                font_paths=_fonts(),
                format="pdf",
                timestamp=0,
            )
        except typst.TypstError as exc:
            raise VizError(
                _("The handout could not be set ({why}). Please try another sentence, or save the pictures."),
                why=exc.message,
            ) from exc
    return pdf


def typst_files(handout: Handout) -> dict[str, bytes]:
    """What Typst reads, by name: the fixed template, the words as JSON, the pictures. Raises as `make_handout`."""
    _check(handout)
    data = {**_texts(handout), "fonts": _font_names()}
    pictures = []
    files = {"main.typ": _TEMPLATE.read_bytes()}
    for place, picture in enumerate(handout.pictures):
        name = f"picture-{place}.svg"
        files[name] = picture.svg
        wide, high = _size(picture.svg)
        title, caption = _fit(picture.title, _TITLE), _fit(picture.caption, _CAPTION)
        alt = f"{title}. {caption}"
        pictures.append(
            {"title": title, "caption": caption, "alt": alt, "file": name, "wide": wide, "high": high}
        )
    files["data.json"] = json.dumps({**data, "pictures": pictures}).encode("ascii")
    return files


def _texts(handout: Handout) -> dict[str, Any]:
    sentence, shown, total = _cut(handout.sentence, _SENTENCE)
    words = handout.words
    return {
        "title": _fit(handout.title, _TITLE),
        "asks": _fit(handout.asks, _ASKS),
        "sentence": sentence,
        "cut": words.cut.format(shown=shown, total=total) if shown < total else "",
        "model": _fit(handout.model, _TITLE),
        "points": [_fit(point, _POINT) for point in handout.points],
        "questions": [
            {"asks": _fit(asks, _QUESTION), "options": [_fit(option, _OPTION) for option in options]}
            for asks, options in handout.questions
        ],
        "words": {name: getattr(words, name) for name in words.__dataclass_fields__},
        "language": handout.language,
        "region": "CN" if handout.language == "zh" else "GB",
    }


def _check(handout: Handout) -> None:
    numbers = {
        "pictures": len(handout.pictures),
        "points": len(handout.points),
        "questions": len(handout.questions),
        "options": max((len(options) for _asks, options in handout.questions), default=0),
    }
    if not numbers["pictures"] or any(number > _MOST[part] for part, number in numbers.items()):
        raise InputError(
            _(
                "A handout of {pictures} pictures, {points} points and {questions} questions with up to {options} "
                "answers was asked for. One page takes one to {most} pictures, {most_points} points and "
                "{most_questions} questions with {most_options} answers."
            ),
            **numbers,
            most=_MOST["pictures"],
            most_points=_MOST["points"],
            most_questions=_MOST["questions"],
            most_options=_MOST["options"],
        )


def _size(svg: bytes) -> tuple[float, float]:
    """Width and height of an SVG, in points, as its root gives them."""
    root = _ROOT.search(svg) if len(svg) <= _MOST_SVG else None
    sides = {name: float(value) for name, value in _SIDE.findall(root[0])} if root else {}
    wide, high = sides.get(b"width", 0.0), sides.get(b"height", 0.0)
    if not (0 < wide < 1e5 and 0 < high < 1e5):
        raise InputError(
            _(
                "A picture of {size} bytes was given for the handout; an SVG with its width and height, of at most "
                "{most} bytes, was expected. Please choose a shorter sentence."
            ),
            size=len(svg),
            most=_MOST_SVG,
        )
    return wide, high


def _fit(text: str, columns: int) -> str:
    return _cut(text, columns)[0]


def _cut(text: str, columns: int) -> tuple[str, int, int]:
    """`text` as it can be set, of at most so many columns, and how many characters of how many that shows."""
    kept: list[str] = []
    shown = used = 0
    for cluster in regex.finditer(r"\X", text):
        part = " " if cluster[0].isspace() else visible(clean(cluster[0][:_CLUSTER]))
        needed = sum(_columns(character) for character in part)
        if used + needed > columns:
            kept.append("…")
            break
        used += needed
        shown += len(cluster[0])
        kept.append(part)
    written = _LONG_WORD.sub(lambda word: _MAY_BREAK.join(_pieces(word[0])), "".join(kept))
    return " ".join(written.split()), shown, len(text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(word: str) -> Iterable[str]:
    clusters = regex.findall(r"\X", word)
    return ("".join(clusters[start : start + _PIECE]) for start in range(0, len(clusters), _PIECE))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The folders of the app's own faces, and nothing of the machine's."""
    folders = sorted({str(face.path.parent) for face in faces()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=1)
def _font_names() -> tuple[str, ...]:
    """The app's faces by Typst's names, in the order in which a character is looked for.

    The Chinese face comes first: its Latin letters go with its characters, as DejaVu's do not.
    """
    paths = {face.path for face in faces()}
    names = {font.family for font in _fonts().fonts() if font.path and Path(font.path) in paths}
    return tuple(sorted(names, key=lambda name: ("CJK" not in name, "DejaVu" not in name, name)))
