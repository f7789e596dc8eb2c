"""Colours: perceptually uniform palettes that colour-blind readers can use, and the light and dark themes."""

from dataclasses import dataclass

from viz.errors import InputError
from viz.messages import _

# Equal steps in weight look like equal steps in colour; all but the last two run from dark to light.
PALETTES = ("viridis", "cividis", "mako", "rocket", "mako_r", "rocket_r")
PALETTE = "viridis"
DIVERGING = "vlag"  # blue for less, red for more, near white for no difference


@dataclass(frozen=True)
class Theme:
    """What surrounds the colours of a figure. Colours are any that matplotlib reads ("#1a1a1a").

    `background` is None for a transparent one; `accent` marks what is chosen.
    """

    text: str
    background: str | None
    accent: str


LIGHT = Theme(text="#1c2430", background="#ffffff", accent="#d6336c")
DARK = Theme(text="#e8ebf0", background="#11151b", accent="#ff8fb1")


def check_palette(name: str) -> str:
    """`name`, where it is one of `PALETTES` or `DIVERGING`; raises `InputError` where it is not."""
    known = (*PALETTES, DIVERGING)
    if name not in known:
        raise InputError(
            _("There is no palette {palette}. Please choose one of: {palettes}."),
            palette=name,
            palettes=", ".join(known),
        )
    return name
