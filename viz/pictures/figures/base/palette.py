"""Colours: perceptually uniform palettes that colour-blind readers can use, and scales of them."""

import math
from dataclasses import dataclass
from importlib import import_module

import matplotlib
import numpy as np
from matplotlib.colors import to_hex, to_rgb

from viz.errors import InputError, MetricError
from viz.language import _
from viz.pictures.figures.base.figure_style import DARK, LIGHT, Theme

# Equal steps in weight look like equal steps in colour; all but the last two run from dark to light.
PALETTES = ("viridis", "cividis", "mako", "rocket", "mako_r", "rocket_r")
PALETTE = "viridis"
DIVERGING = (LIGHT.diverging, DARK.diverging)  # blue for less, red for more


def check_palette(name: str) -> str:
    """`name`, one of `PALETTES` or of `DIVERGING`, now known to matplotlib; raises `InputError` for any other."""
    known = (*PALETTES, *DIVERGING)
    if name not in known:
        raise InputError(
            _("There is no palette {palette}. Please choose one of: {palettes}."),
            palette=name,
            palettes=", ".join(known),
        )
    if name not in matplotlib.colormaps:
        # It adds its palettes to matplotlib's. Only here, as with it come pandas and SciPy: a process that draws ready
        # figures, which bring their colours, can do without.
        import_module("seaborn")
    return name


@dataclass(frozen=True)
class ColourScale:
    """The colours of numbers from `vmin` to `vmax`.

    Raises as `check_palette`, and `MetricError` unless both ends are finite and in order.
    """

    palette: str
    vmin: float = 0.0
    vmax: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.vmin) and math.isfinite(self.vmax) and self.vmin < self.vmax):
            raise MetricError(
                _("A colour scale from {vmin} to {vmax} was asked for. Please give a lower end first."),
                vmin=self.vmin,
                vmax=self.vmax,
            )
        check_palette(self.palette)


def layer_colours(layers: int, theme: Theme) -> tuple[str, ...]:
    """A colour a layer, "#rrggbb", in the order of the palette, its end nearest to the background left out."""
    colours = matplotlib.colormaps[PALETTE](np.linspace(*theme.layers, layers))
    return tuple(to_hex(colour) for colour in colours)


_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722  # of luminance, ITU-R BT.709


def readable_on(colour: str | None, theme: Theme) -> str:
    """Black or white, whichever can be read on this colour; the text of the theme where there is none."""
    if colour is None:
        return theme.text
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in to_rgb(colour)
    )
    # Where both would have the same contrast (WCAG 2.1): (L + 0.05)² = 1.05 × 0.05.
    return "#000000" if _RED * red + _GREEN * green + _BLUE * blue > 0.179 else "#ffffff"
