"""Fonts for every script the app meets, all under the SIL Open Font License, and what they have glyphs for.

Each face is known to matplotlib under a name of this app's own, so that a machine's installed fonts change
nothing. A text gets only the faces it needs: opening a large font costs time in every thread.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib
import regex
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

log = logging.getLogger(__name__)

_GOOGLE = "fonts/ofl/{name}/{file}[wdth,wght].ttf"


@dataclass(frozen=True)
class _Source:
    """Where a face's file lies in an installed package, and the script it is the first choice for."""

    name: str
    package: str
    file: str
    script: str = ""


def _google(package: str, script: str) -> _Source:
    folder, file = f"notosans{script.lower()}", f"NotoSans{script}"
    return _Source(f"Noto Sans {script}", package, _GOOGLE.format(name=folder, file=file), script)


_SOURCES = (
    _google("justmytype_intl_rtl", "Arabic"),
    _google("justmytype_intl_south_asia", "Devanagari"),
    _google("justmytype_intl_south_asia", "Bengali"),
    _google("justmytype_intl_south_asia", "Tamil"),
    _google("justmytype_intl_south_asia", "Telugu"),
    _google("justmytype_intl_sea", "Thai"),
    _google("justmytype_intl_sea", "Lao"),
    _google("justmytype_intl_sea", "Khmer"),
    _google("justmytype_intl_sea", "Myanmar"),
    _Source("DejaVu Sans", "matplotlib", "fonts/ttf/DejaVuSans.ttf"),
    _Source("Noto Sans CJK", "notojp_matplotlib", "fonts/NotoSansCJKjp-Regular.otf"),
    # Last, because matplotlib draws this variable font at its thinnest; DejaVu has the letters and vowels.
    _Source(
        "Noto Sans Hebrew", "justmytype_intl_rtl", "fonts/ofl/notosanshebrew/NotoSansHebrew[wdth,wght].ttf"
    ),
)
_OWN = "Atlas"
_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]")
_HANGUL = regex.compile(r"\p{Script=Hangul}")
_HAN = regex.compile(r"\p{Script=Han}")


@dataclass(frozen=True)
class Face:
    """A font that is there: its family name for matplotlib, its file, and the characters it draws."""

    family: str
    path: Path
    script: str
    characters: frozenset[str]


_LOADING = threading.Lock()


def faces() -> tuple[Face, ...]:
    """The faces that are installed, in order of preference; a missing one is logged once."""
    with _LOADING:
        return _load()


@lru_cache(maxsize=1)
def _load() -> tuple[Face, ...]:
    return tuple(face for source in _SOURCES if (face := _register(source)) is not None)


def _register(source: _Source) -> Face | None:
    path = _locate(source)
    if path is None or not path.is_file():
        log.warning("Font %s not found: install %s again.", source.name, source.package.replace("_", "-"))
        return None
    try:
        characters = frozenset(map(chr, FT2Font(str(path)).get_charmap()))
    except (OSError, RuntimeError, ValueError) as exc:
        log.warning("Font %s cannot be read (%s): install %s again.", source.name, exc, source.package)
        return None
    family = f"{_OWN} {source.name}"
    fontManager.ttflist.append(FontEntry(fname=str(path), name=family, weight=400, size="scalable"))
    return Face(family, path, source.script, characters)


def _locate(source: _Source) -> Path | None:
    """The file's path. The package is not imported: doing so would change matplotlib's settings."""
    if source.package == "matplotlib":
        return Path(matplotlib.get_data_path()) / source.file
    try:
        spec = find_spec(source.package)
    except (ImportError, ValueError):
        return None
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) / source.file if folders else None


@lru_cache(maxsize=65536)
def drawable(character: str) -> bool:
    """Whether some installed face has a glyph for this character."""
    return any(character in face.characters for face in faces())


@lru_cache(maxsize=8192)
def families(text: str) -> tuple[str, ...]:
    """The families that together draw `text`: those of its scripts first, then DejaVu, then what is missing.

    `families("Atlas") == ("Atlas DejaVu Sans",)`
    """
    missing = frozenset(text)
    used = []
    for face in sorted(faces(), key=lambda face: _rank(face, text)):
        if missing & face.characters:
            used.append(face.family)
            missing -= face.characters
    return tuple(used) or (f"{_OWN} DejaVu Sans",)


def _rank(face: Face, text: str) -> int:
    """0 for a face of one of the text's scripts, 1 for one of no script, 2 for the faces of other scripts."""
    if not face.script:
        return 1
    return 0 if regex.search(rf"\p{{Script={face.script}}}", text) else 2


def font(text: str, size: float) -> FontProperties:
    """The font in which `text` is drawn without a box, `size` in points. Others have it too: do not change it."""
    return _font(families(text), size)


@lru_cache(maxsize=1024)
def _font(names: tuple[str, ...], size: float) -> FontProperties:
    return FontProperties(family=list(names), size=size)


def letter(artist: Text, size: float, color: str, language: str) -> None:
    """Set the face, size, colour and language of one text; what is in it stays as it is, `$` and `\\` too.

    The language (BCP 47) chooses between the Chinese, Japanese and Korean forms of one character.
    """
    artist.set_fontproperties(font(artist.get_text(), size))
    artist.set_color(color)
    artist.set_language(language)
    artist.set_parse_math(False)


@lru_cache(maxsize=8192)
def width(text: str) -> float:
    """How wide `text` is, in ems (multiples of its font size)."""
    return float(text_to_path.get_text_width_height_descent(text, font(text, 1.0), ismath=False)[0])


def language_of(labels: Iterable[str], otherwise: str = "en") -> str:
    """The language by whose habits the Chinese characters in `labels` are drawn (BCP 47), a guess by script.

    Kana mean Japanese, hangul Korean; Chinese counts as Traditional where more characters are outside
    GB 2312 than outside Big5, the two character sets of old. `language_of(["骨", "の"]) == "ja"`
    """
    text = "".join(labels)
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = _HAN.findall(text)
    if not han:
        return otherwise
    outside = {
        codec: sum(not _encodes(character, codec) for character in han) for codec in ("gb2312", "big5")
    }
    return "zh-Hant" if outside["gb2312"] > outside["big5"] else "zh-Hans"


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


_LONGEST = 24

_ELLIPSIS = "…"

# Controls, formats, surrogates, private and unassigned ones, joiners, all blanks but the space.
_HIDDEN = regex.compile(r"[\p{C}\p{Default_Ignorable_Code_Point}[\p{Z}--[\ ]]]", regex.VERSION1)

_WIDE = regex.compile(r"[\p{East_Asian_Width=Wide}\p{East_Asian_Width=Fullwidth}]")

_MARKS_FIRST = regex.compile(r"^\p{M}+")


def printable(text: str) -> str:
    """`text` with each character that is invisible, or has no glyph in any face, written as its code point.

    `printable("a\\x00") == "a⟨U+0000⟩"`. A lone surrogate too: the result is always valid Unicode.
    """
    return "".join(_shown(character) for character in text)


def short(text: str, longest: int = _LONGEST) -> str:
    """`printable(text)` with its middle left out where it takes more than `longest` columns.

    A Chinese character takes two columns, any other one. The end stays because it tells repeated tokens
    apart: `short("internationalization₁₂", 13) == "internat…on₁₂"`. Blanks alone become `␣`.
    """
    if text and not text.strip(" "):
        text = text.replace(" ", "␣")
    if len(text) <= longest:
        whole = printable(text)
        if _columns(whole) <= longest:
            return whole
    room = longest - _columns(_ELLIPSIS)
    end = "".join(reversed(_fitting(reversed(text[-longest:]), room // 3)))
    start = "".join(_fitting(text[:longest], room - _columns(end)))
    return f"{start}{_ELLIPSIS}{_MARKS_FIRST.sub('', end)}"


@lru_cache(maxsize=8192)
def _shown(character: str) -> str:
    if _HIDDEN.match(character) or not drawable(character):
        return f"⟨U+{ord(character):04X}⟩"
    return character


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _fitting(characters: Iterable[str], room: int) -> list[str]:
    """The first of `characters`, printable, that fit into `room` columns together."""
    taken = []
    for character in characters:
        piece = _shown(character)
        room -= _columns(piece)
        if room < 0:
            break
        taken.append(piece)
    return taken
