"""One text's heat map for head after head: what all heads have in common is drawn once.

Labels and colour bar take most of a heat map's time, and are the same for every head; a sheet keeps their pixels and
draws no more than the cells and the title. Every pixel is as in `heatmap`.
"""

import io
import threading
import zlib
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from viz.figures.canvas import LOSSLESS
from viz.figures.labels import printable

if TYPE_CHECKING:
    from viz.attention import Weights

_LIGHT_FIGURE = 400_000  # bytes, about, of what is kept beside the pixels


class Sheet:
    """A heat map without its cells and its title, to be drawn with those of any head. Safe on several threads."""

    def __init__(self, figure: Figure, dpi: float) -> None:
        """Take the figure that `heatmap` drew of one head; it is used up. `dpi` is pixels to the inch."""
        self._lock = threading.Lock()
        self._mesh = next(each for each in figure.axes[0].collections if isinstance(each, QuadMesh))
        self._title = figure.texts[0]
        figure.set_dpi(dpi)
        self._mesh.set_visible(False)
        self._title.set_visible(False)
        across, down = (int(each) for each in figure.bbox.size)  # as matplotlib cuts it
        self._dpi, self._size = dpi, (across, down)
        renderer = _renderer(self._size, dpi)
        figure.draw(renderer)
        self._pixels = zlib.compress(_pixels_of(renderer).tobytes(), 1)
        self._mesh.set_visible(True)
        self._title.set_visible(True)
        # Every text holds on to what it was last drawn on. Those not needed go, the others are given something small.
        figure.axes[1].remove()
        figure.axes[0].xaxis.reset_ticks()
        figure.axes[0].yaxis.reset_ticks()
        figure.axes[0].set(xticks=[], yticks=[])
        figure.draw(_renderer((1, 1), dpi))

    @property
    def nbytes(self) -> int:
        """About how much memory it takes, in bytes."""
        return len(self._pixels) + _LIGHT_FIGURE

    def webp(self, weights: "Weights", title: str) -> bytes:
        """The picture of one head's weights, [query, key], under its title, as `to_webp` gives it."""
        renderer = _renderer(self._size, self._dpi)
        pixels = _pixels_of(renderer)
        pixels.reshape(-1)[:] = np.frombuffer(zlib.decompress(self._pixels), np.uint8)
        with self._lock:
            self._mesh.set_array(weights)
            self._mesh.draw(renderer)
        written_above = copy(self._title)  # for it holds on to what it is drawn on
        written_above.set_text(printable(title))
        written_above.draw(renderer)
        written = io.BytesIO()
        picture = Image.frombuffer("RGBA", self._size, pixels.tobytes(), "raw", "RGBA", 0, 1)
        picture.save(written, format="WEBP", **LOSSLESS)
        return written.getvalue()


def _renderer(size: tuple[int, int], dpi: float) -> RendererAgg:
    return RendererAgg(*size, dpi)  # type: ignore[no-untyped-call]  # matplotlib has no types for it


def _pixels_of(renderer: RendererAgg) -> NDArray[np.uint8]:
    """The pixels themselves, [down, across, rgba]: what is written there is drawn."""
    return np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
