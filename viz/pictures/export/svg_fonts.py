"""The fonts of an SVG, in the SVG: only the characters it has, so that it looks the same everywhere.

Text stays text, to be searched, edited and read aloud.
"""

import base64
import io
from collections.abc import Iterable

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib.text import Text

from viz.pictures.figures.base.fonts import Face, faces, families


def font_style(texts: Iterable[Text]) -> str:
    """CSS that brings every face that `texts` are drawn in, cut down to their characters."""
    by_family = {face.family: face for face in faces()}
    needed: dict[str, set[str]] = {}
    for text in texts:
        for family in families(text.get_text()):
            needed.setdefault(family, set()).update(set(text.get_text()) & by_family[family].characters)
    return "".join(_rule(by_family[family], characters) for family, characters in sorted(needed.items()))


def _rule(face: Face, characters: set[str]) -> str:
    data = base64.b64encode(_subset(face, characters)).decode("ascii")
    return f"@font-face{{font-family:'{face.family}';src:url(data:font/woff;base64,{data}) format('woff');}}"


def _subset(face: Face, characters: set[str]) -> bytes:
    options = Options(notdef_outline=True, name_IDs=["*"], layout_features=["*"])
    options.drop_tables += ["FFTM"]  # a time stamp of FontForge
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    buffer = io.BytesIO()
    with TTFont(face.path, lazy=True, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(buffer)
    return buffer.getvalue()
