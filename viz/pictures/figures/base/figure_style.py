"""How a figure looks and what it says: its theme and its words.

Figures know no language and no session: they are given their words, already translated.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

import matplotlib
import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from viz.errors import InputError, MetricError
from viz.language import _, translated_words

if TYPE_CHECKING:
    from viz.attention import Quantity


@dataclass(frozen=True)
class Theme:
    """The colours of a figure. They are any that matplotlib reads ("#1a1a1a").

    `background` is None for a transparent one; `accent` marks what is chosen. In `palette` a weight of 0 looks like the
    background, and so does no difference at all in `diverging`. `series` are for kinds of bars, points or lines,
    `signs` for what is below 0 and above it. Layers have the part `layers` of the palette viridis, 0 to 1.
    """

    text: str
    background: str | None
    accent: str
    palette: str = "mako_r"
    diverging: str = "vlag"
    series: tuple[str, str, str] = ("#31688e", "#c2561a", "#5c6570")
    signs: tuple[str, str] = ("#2563eb", "#c2561a")  # told apart by all
    layers: tuple[float, float] = (0.0, 0.85)


LIGHT = Theme(text="#1c2430", background="#ffffff", accent="#d6336c")
DARK = Theme(
    text="#e8ebf0",
    background="#11151b",
    accent="#ff8fb1",
    palette="mako",
    diverging="icefire",
    series=("#7fb2ff", "#ffb066", "#a4adb9"),
    signs=("#7fb2ff", "#ffb066"),
    layers=(0.25, 1.0),
)


@dataclass(frozen=True)
class FigureText:
    """The words of a figure, in English unless others are given.

    `language` is their language (BCP 47: "zh-Hans"). Words in braces are filled in: {layer} and {head} count
    from 1, {axis} is the axis's own title, {step} how many tokens there are to one label.
    """

    language: str = "en"
    head_title: str = _("Layer {layer} · Head {head}")
    layer_title: str = _("Layer {layer}, every head")
    overview_title: str = _("Every head of every layer")
    layer: str = _("Layer {layer}")
    head: str = _("Head {head}")
    heads: str = _("Head")
    query: str = _("Query (the token that looks)")
    key: str = _("Key (the token looked at)")
    weight: str = _("Attention weight")
    norm: str = _("Attention × value norm, to the largest of this text")
    share: str = _("Share of attention × value norm")
    thinned: str = _("{axis} · one label in {step}")

    def translated(self, language: str, translate: Callable[[str], str]) -> "FigureText":
        """These words in `language`, each looked up by `translate`."""
        return translated_words(self, translate, language=language)

    def for_quantity(self, quantity: "Quantity") -> "FigureText":
        """These words, with `weight` naming the numbers of a map of this quantity."""
        return self if quantity == "attention" else replace(self, weight=getattr(self, quantity))


ENGLISH = FigureText()


@dataclass(frozen=True)
class Style:
    """How a figure is drawn: in which theme, with which words."""

    theme: Theme = LIGHT
    words: FigureText = ENGLISH

    def for_quantity(self, quantity: "Quantity") -> "Style":
        """This style, with the words for the numbers of a map of this quantity."""
        return replace(self, words=self.words.for_quantity(quantity))


PLAIN = Style()

Draw = Callable[[Style], Figure]


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
