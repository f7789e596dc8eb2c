"""Colours: perceptually uniform palettes that colour-blind readers can use, and the light and dark themes."""

from dataclasses import dataclass
from importlib import import_module

import matplotlib
import numpy as np
from matplotlib.colors import to_hex, to_rgb

from viz.errors import InputError
from viz.language import _

# Equal steps in weight look like equal steps in colour; all but the last two run from dark to light.
PALETTES = ("viridis", "cividis", "mako", "rocket", "mako_r", "rocket_r")
PALETTE = "viridis"
DIVERGING = ("vlag", "icefire")  # blue for less, red for more; no difference is near white, or near black


@dataclass(frozen=True)
class Theme:
    """What surrounds the colours of a figure. Colours are any that matplotlib reads ("#1a1a1a").

    `background` is None for a transparent one; `accent` marks what is chosen; `diverging` is the palette for
    differences, of which none at all looks like the background.
    """

    text: str
    background: str | None
    accent: str
    diverging: str = DIVERGING[0]


LIGHT = Theme(text="#1c2430", background="#ffffff", accent="#d6336c")
DARK = Theme(text="#e8ebf0", background="#11151b", accent="#ff8fb1", diverging=DIVERGING[1])


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
    """The colours of numbers from `vmin` to `vmax`; raises as `check_palette`."""

    palette: str
    vmin: float
    vmax: float

    def __post_init__(self) -> None:
        check_palette(self.palette)


def series_colours(dark: bool) -> tuple[str, str, str]:
    """Colours of up to three kinds of bars, points or lines, "#rrggbb"."""
    return ("#7fb2ff", "#ffb066", "#a4adb9") if dark else ("#31688e", "#c2561a", "#5c6570")


def layer_colours(layers: int, dark: bool) -> tuple[str, ...]:
    """A colour a layer, "#rrggbb", in the order of the palette, its end nearest to the background left out."""
    low, high = (0.25, 1.0) if dark else (0.0, 0.85)
    colours = matplotlib.colormaps[PALETTE](np.linspace(low, high, layers))
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
