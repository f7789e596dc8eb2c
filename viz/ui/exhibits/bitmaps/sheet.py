"""One text's heat map for head after head: what all heads have in common is drawn once.

Labels and colour bar take most of a heat map's time, and are the same for every head; a sheet keeps their pixels and
draws no more than the cells and the title. Every pixel is as in `heatmap`.
"""

import io
import threading
from collections.abc import Callable, Hashable
from copy import copy
from typing import TYPE_CHECKING

from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from PIL import Image

from viz.pictures.figures.base.figure_builder import LOSSLESS
from viz.pictures.figures.base.fonts import printable
from viz.ui.exhibits.bitmaps.pixels import Pixels, canvas, canvas_of, pixels_of
from viz.ui.progress.shared_results import shared

if TYPE_CHECKING:
    from viz.attention import Weights

_LIGHT_FIGURE = 210_000  # bytes, about, of what is kept beside the pixels


class Sheet:
    """A heat map without its cells and its title, to be drawn with those of any head. Safe on several threads."""

    def __init__(
        self, figure: Figure, dpi: float, draw: Callable[[Figure, float], Pixels] = pixels_of
    ) -> None:
        """Take the figure that `heatmap` drew of one head; it is used up. `dpi` is pixels to the inch.

        `draw` gives its pixels, as `pixels_of` does.
        """
        self._lock = threading.Lock()
        self._dpi = dpi
        cells, bar = figure.axes
        self._mesh = next(each for each in cells.collections if isinstance(each, QuadMesh))
        self._title = figure.texts[0]
        self._mesh.set_visible(False)
        self._title.set_visible(False)
        self._pixels = draw(figure, dpi)
        self._mesh.set_visible(True)
        self._title.set_visible(True)
        # Every text holds on to what it was last drawn on. Those not needed go, the others are given something small.
        figure.set_dpi(dpi)
        bar.remove()
        for each in list(cells.texts):
            each.remove()
        figure.draw(canvas((1, 1), dpi))

    @property
    def nbytes(self) -> int:
        """About how much memory it takes, in bytes."""
        return len(self._pixels.packed) + _LIGHT_FIGURE

    def webp(self, weights: "Weights", title: str) -> bytes:
        """The picture of one head's weights, [query, key], under its title, as `to_webp` gives it."""
        renderer = canvas(self._pixels.size, self._dpi)
        self._pixels.draw_onto(renderer)
        with self._lock:
            self._mesh.set_array(weights)
            self._mesh.draw(renderer)
        written_above = copy(self._title)  # for it holds on to what it is drawn on
        written_above.set_text(printable(title))
        written_above.draw(renderer)
        written = io.BytesIO()
        pixels = canvas_of(renderer).tobytes()
        picture = Image.frombuffer("RGBA", self._pixels.size, pixels, "raw", "RGBA", 0, 1)
        picture.save(written, format="WEBP", **LOSSLESS)
        return written.getvalue()


def shared_sheet(key: Hashable, make: Callable[[], Sheet]) -> Sheet:
    """What the heat maps of one text's heads have in common, drawn once for all sessions."""
    return shared().get(("sheet", key), make, lambda sheet: sheet.nbytes)
