"""What a figure looks like, as bare pixels: packed small, to be kept and drawn upon."""

import zlib
from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

_SIZE = 4


@dataclass(frozen=True)
class Pixels:
    """RGBA pixels, `across` x `down` of them; `packed` holds them with their size, compressed."""

    packed: bytes

    @property
    def size(self) -> tuple[int, int]:
        """How many across and down."""
        return (
            int.from_bytes(self.packed[:_SIZE], "little"),
            int.from_bytes(self.packed[_SIZE : 2 * _SIZE], "little"),
        )

    def draw_onto(self, renderer: RendererAgg) -> None:
        """Put all of them onto a canvas of the same size."""
        raw = zlib.decompress(memoryview(self.packed)[2 * _SIZE :])
        canvas_of(renderer).reshape(-1)[:] = np.frombuffer(raw, np.uint8)


def pixels_of(figure: Figure, dpi: float) -> Pixels:
    """What a figure looks like at `dpi` pixels to the inch. It stays at that resolution."""
    figure.set_dpi(dpi)
    across, down = (int(each) for each in figure.bbox.size)  # as matplotlib cuts it
    renderer = canvas((across, down), dpi)
    figure.draw(renderer)
    size = b"".join(each.to_bytes(_SIZE, "little") for each in (across, down))
    return Pixels(size + zlib.compress(canvas_of(renderer).tobytes(), 1))


def canvas(size: tuple[int, int], dpi: float) -> RendererAgg:
    """An empty canvas, `size` pixels across and down, to be drawn on at `dpi` pixels to the inch."""
    return RendererAgg(*size, dpi)  # type: ignore[no-untyped-call]  # matplotlib has no types for it


def canvas_of(renderer: RendererAgg) -> NDArray[np.uint8]:
    """The pixels of a canvas, [row, column, RGBA]: those that are drawn on, no copy."""
    return np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
