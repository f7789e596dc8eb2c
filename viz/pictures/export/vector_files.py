"""Figures as SVG and PDF with their fonts inside, text as text: it looks the same everywhere and can be searched."""

import base64
import io
from collections.abc import Iterable
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.figure import Figure
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


_pdf: Any = backend_pdf

_mixed: Any = MixedModeRenderer

_CFF = b"OTTO"  # how a font with PostScript outlines begins

_PRECISION = 0.5  # units of a thousandth of a letter


class _File(_pdf.PdfFile):
    """matplotlib declares every font it embeds as TrueType, those with PostScript outlines too; here they become so."""

    def outputStream(self, ref: Any, data: bytes, *, extra: dict[str, Any] | None = None) -> None:  # noqa: N802
        if data.startswith(_CFF):
            data = true_type(data)
            extra = {**(extra or {}), "Length1": len(data)}
        super().outputStream(ref, data, extra=extra)


def write_pdf(figure: Figure, target: io.BytesIO, scale: float, dpi: float, about: dict[str, Any]) -> None:
    """What matplotlib's own `print_pdf` does, on a page that is `scale` times as large; `dpi` is that of the cells.

    The renderer is the only place where a page can be scaled as a whole.
    """
    width, height = figure.get_size_inches()
    figure.set_dpi(72)  # a point is 1/72 inch
    file = _File(target, metadata=about)
    try:
        file.newPage(width * scale, height * scale)
        file.output(scale, 0, 0, scale, 0, 0, _pdf.Op.concat_matrix)
        inner = _pdf.RendererPdf(file, dpi, height, width)
        renderer = _mixed(figure, width, height, dpi, inner)
        figure.draw(renderer)
        renderer.finalize()
        file.finalize()
    finally:
        file.close()


def true_type(data: bytes) -> bytes:
    """A font with PostScript outlines as one with TrueType outlines: the same glyphs in the same order."""
    with TTFont(io.BytesIO(data), recalcTimestamp=False) as font:
        outlines = font.getGlyphSet()
        glyphs = {}
        for name in font.getGlyphOrder():
            pen: Any = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(pen, _PRECISION, reverse_direction=True))
            glyphs[name] = pen.glyph()
        for table in ("CFF ", "VORG"):
            if table in font:
                del font[table]
        font["maxp"].tableVersion = 0x00010000
        built: Any = FontBuilder(font=font)
        built.isTTF = True
        font.sfntVersion = "\x00\x01\x00\x00"
        built.setupGlyf(glyphs)
        built.setupMaxp()
        built.setupPost(keepGlyphNames=False)
        buffer = io.BytesIO()
        font.save(buffer)
    return buffer.getvalue()
