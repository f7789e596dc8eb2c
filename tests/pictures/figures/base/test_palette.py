"""Palettes and themes, by the measures of the Web Content Accessibility Guidelines."""

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from viz.errors import InputError
from viz.pictures.figures import DARK, DIVERGING, LIGHT, PALETTE, PALETTES, Theme
from viz.pictures.figures.base.figure_style import check_palette


def _luminance(colours: object) -> NDArray[np.float64]:
    """Relative luminance of sRGB colours [..., 3] (WCAG 2.2)."""
    values = np.asarray(colours, dtype=float)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((float(_luminance(to_rgb(colour))) for colour in (first, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", PALETTES)
def test_lightness_alone_tells_small_from_large(name: str) -> None:
    steps = np.diff(_luminance(matplotlib.colormaps[check_palette(name)](np.linspace(0, 1, 64))[:, :3]))
    assert (steps > 0).all() or (steps < 0).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_no_difference_looks_like_the_page(theme: Theme) -> None:
    light = _luminance(matplotlib.colormaps[check_palette(theme.diverging)](np.linspace(0, 1, 65))[:, :3])
    page = float(_luminance(to_rgb(theme.background or "")))
    away = np.abs(light - page)
    assert abs(int(away.argmin()) - 32) <= 2
    assert away[32] < 0.1
    assert abs(light[0] - light[-1]) < 0.1


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_themes_can_be_read(theme: Theme) -> None:
    assert theme.background is not None
    assert _contrast(theme.text, theme.background) >= 7
    assert _contrast(theme.accent, theme.background) >= 3


def test_palettes_are_checked() -> None:
    assert PALETTE in PALETTES
    assert [check_palette(name) for name in DIVERGING] == list(DIVERGING)
    with pytest.raises(InputError, match=r"no palette jet\. Please choose one of: viridis"):
        check_palette("jet")
