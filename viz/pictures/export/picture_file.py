"""A figure for paper: PNG, SVG or PDF, as wide as a column or a page, with a caption that says what it shows.

In SVG and PDF text stays text, with its fonts inside.
"""

import io
import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib
import regex
from matplotlib.figure import Figure
from matplotlib.text import Text

from viz.errors import InputError
from viz.language import _
from viz.pictures.export.vector_files import font_style, write_pdf
from viz.pictures.figures import PLAIN, Style
from viz.pictures.figures.base.figure_builder import FigureBuilder, inches, text_length

Format = Literal["png", "svg", "pdf"]
Width = Literal["column", "page", "drawn"]

WIDTHS: dict[Width, float | None] = {"column": 3.35, "page": 6.9, "drawn": None}
"""Inches: a column and a page of a two-column paper (ACL, IEEE), or as wide as it was drawn."""

_CAPTION = 7.0  # points, on paper
_EDGE = 0.08  # inches
_LINE = 1.3
_MOST_PIXELS = 40_000_000
_NAME = "Attention Atlas"
_SETTINGS = {"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "attention-atlas"}
_WRITING = threading.Lock()


def write_picture(
    figure: Figure,
    form: Format,
    *,
    width: Width = "drawn",
    dpi: int = 300,
    caption: str = "",
    style: Style = PLAIN,
) -> bytes:
    """The figure as a file, scaled to `width` as a whole; `dpi` are dots per inch on paper, for cells in PDF too.

    The caption is written below, in letters of 7 points whatever the scale. The figure is used up by this: its
    size changes. The same figure gives the same bytes. Raises `InputError` where a PNG would be too large.
    """
    inches_wide = WIDTHS[width]
    scale = inches_wide / float(figure.get_figwidth()) if inches_wide else 1.0
    if caption:
        _add_caption(figure, caption, _CAPTION / scale, style)
    _check_pixels(figure, form, dpi * scale, dpi)
    buffer = io.BytesIO()
    with _settings():
        if form == "png":
            about = {"Title": caption, "Software": _NAME}
            figure.savefig(
                buffer, format="png", dpi=dpi * scale, metadata=about, pil_kwargs={"dpi": (dpi, dpi)}
            )
        elif form == "pdf":
            about_pdf = {"Title": caption, "Creator": _NAME, "CreationDate": None}
            write_pdf(figure, buffer, scale, dpi * scale, about_pdf)
        else:
            about_svg = {"Title": caption, "Creator": _NAME, "Date": None}
            figure.savefig(buffer, format="svg", dpi=max(dpi * scale, 72), metadata=about_svg)
    data = buffer.getvalue()
    return _finish_svg(figure, data, scale) if form == "svg" else data


def write_paths(figure: Figure, dpi: int = 200) -> bytes:
    """The figure as an SVG whose letters are paths, for a page that is set elsewhere: it needs no fonts there.

    `dpi` are dots per inch for what is no line or letter. The same figure gives the same bytes.
    """
    buffer = io.BytesIO()
    with _settings({"svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", dpi=dpi, metadata={"Creator": _NAME, "Date": None})
    return buffer.getvalue()


def _texts(figure: Figure) -> list[Text]:
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [text for text in texts if text.get_visible() and text.get_text()]


def _check_pixels(figure: Figure, form: Format, dpi: float, asked: int) -> None:
    across, down = figure.get_size_inches()
    pixels = across * down * dpi**2
    if form == "png" and pixels > _MOST_PIXELS:
        raise InputError(
            _(
                "A picture of {found} million pixels was asked for ({dpi} dots per inch); at most {most} million are "
                "made. Please choose fewer dots per inch, a smaller width, or PDF."
            ),
            found=math.ceil(pixels / 1e6),
            dpi=asked,
            most=_MOST_PIXELS // 10**6,
        )


@contextmanager
def _settings(changes: Mapping[str, Any] | None = None) -> Iterator[None]:
    """matplotlib reads these from settings that all threads share: one file is written at a time."""
    settings: Any = matplotlib.rcParams
    with _WRITING:
        before = {name: settings[name] for name in _SETTINGS}
        settings.update({**_SETTINGS, **(changes or {})})
        try:
            yield
        finally:
            settings.update(before)


def _add_caption(figure: Figure, caption: str, size: float, style: Style) -> None:
    """Make room below the figure and write the caption there, in lines that fit."""
    across, down = (float(side) for side in figure.get_size_inches())
    lines = _wrapped(caption, across - 2 * _EDGE, size)
    height = inches(_LINE * size)
    total = down + height * len(lines) + _EDGE
    share = down / total
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, 1 - (1 - box.y0) * share, box.width, box.height * share))
    for text in figure.texts:
        text.set_y(1 - (1 - text.get_position()[1]) * share)
    figure.set_size_inches(across, total)
    builder = FigureBuilder(across, total, style, figure)
    for index, line in enumerate(lines):
        builder.write(line, _EDGE, down + index * height, size=size)


def _wrapped(text: str, room: float, size: float) -> list[str]:
    lines = [""]
    for piece in regex.findall(r"\s+|\S{1,20}", text):
        if lines[-1] and text_length(lines[-1] + piece.rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def _finish_svg(figure: Figure, data: bytes, scale: float) -> bytes:
    """Scale the drawing by its root's size, and put its fonts in."""
    svg = data.decode("utf-8")
    root = regex.search(r"<svg\b[^>]*>", svg)
    assert root is not None
    scaled = regex.sub(
        r'\b(width|height)="([0-9.]+)pt"',
        lambda match: f'{match[1]}="{float(match[2]) * scale:.3f}pt"',
        root[0],
    )
    style = f"<style>{font_style(_texts(figure))}</style>"
    finished: str = svg[: root.start()] + scaled + style + svg[root.end() :]
    return finished.encode("utf-8")
