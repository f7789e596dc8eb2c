"""Colours as colour-blind readers see them: simulated, and still told apart.

Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
TVCG 15(6): matrices for linear RGB at severity 1. Lightness is CIE L*, distance the Euclidean one
in CIE L*a*b* (CIE76) with the white point D65, of which about 2.3 can just be noticed.
"""

import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from viz.pictures.figures import DIVERGING, PALETTES
from viz.pictures.figures.base.figure_style import check_palette
from viz.pictures.figures.heat_maps.category_grid import COLOURS

Colours = NDArray[np.float64]

SIGHT: dict[str, Colours] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [
        [0.4123908, 0.3575843, 0.1804808],
        [0.2126390, 0.7151687, 0.0721923],
        [0.0193308, 0.1191948, 0.9505322],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
NOTICED = 2.3
STEPS = 16  # as many as one can hope to read off a scale

SCRIPT = (
    Path(__file__).resolve().parents[3]
    / "viz"
    / "pictures"
    / "explorer"
    / "frontend"
    / "views"
    / "colours.js"
)


def seen(colours: Colours, sight: str) -> Colours:
    """CIE L*a*b* [colour, 3] of sRGB colours [colour, 3] from 0 to 1, as someone with that sight sees them."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    ratio = np.clip(linear @ SIGHT[sight].T, 0, 1) @ TO_XYZ.T / WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def steps_of(name: str) -> Colours:
    """`STEPS` colours of a palette of matplotlib's, or of one of the explorer's two ramps."""
    if name in ("light", "dark"):
        (written,) = re.findall(rf"^  {name}: \[(.+)\],$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
        stops = np.array([to_rgb(stop) for stop in re.findall(r"#[0-9a-f]{6}", written)])
        at = np.linspace(0, len(stops) - 1, STEPS)
        return np.stack([np.interp(at, np.arange(len(stops)), channel) for channel in stops.T], axis=1)
    return np.asarray(
        matplotlib.colormaps[check_palette(name) if name in PALETTES else name](np.linspace(0, 1, STEPS))[
            :, :3
        ]
    )


def distances(lab: Colours) -> Colours:
    """The distance of each colour from the next."""
    return np.asarray(np.linalg.norm(np.diff(lab, axis=0), axis=1))


def test_the_simulation_is_of_what_it_says() -> None:
    white, grey, red, green, blue = np.array(
        [[1, 1, 1], [0.5, 0.5, 0.5], [1, 0, 0], [0, 0.52, 0], [0, 0, 1.0]]
    )
    for sight in SIGHT:
        assert seen(white[None], sight)[0] == pytest.approx([100, 0, 0], abs=0.2)
        assert seen(grey[None], sight)[0] == pytest.approx([53.39, 0, 0], abs=0.2)
    assert seen(red[None], "normal")[0] == pytest.approx([53.24, 80.09, 67.20], abs=0.1)

    def apart(sight: str, one: Colours, other: Colours) -> float:
        return float(distances(seen(np.stack([one, other]), sight))[0])

    # Red and green come together for those who lack one of their two cones; blue stays apart from both.
    assert apart("deuteranopia", red, green) < apart("normal", red, green) / 3
    assert apart("deuteranopia", blue, green) > apart("normal", blue, green) / 2
    # jet is the palette that none of this holds for.
    lightness = np.diff(seen(steps_of("jet"), "deuteranopia")[:, 0])
    assert (lightness > 0).any()
    assert (lightness < 0).any()


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", [*PALETTES, "light", "dark"])
def test_a_ramp_runs_one_way_in_lightness_for_everyone(name: str, sight: str) -> None:
    lab = seen(steps_of(name), sight)
    lightness = np.diff(lab[:, 0])
    assert (lightness > 0).all() or (lightness < 0).all()
    assert distances(lab).min() > NOTICED


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", DIVERGING)
def test_less_and_more_are_told_apart_by_everyone(name: str, sight: str) -> None:
    colours = np.asarray(matplotlib.colormaps[check_palette(name)](np.linspace(0, 1, 2 * STEPS + 1))[:, :3])
    lab = seen(colours, sight)
    lightness = np.diff(lab[:, 0])
    if name == "icefire":  # dark where the other is light
        lightness = -lightness
    # The middle is off by less than a step of these.
    assert (lightness[: STEPS - 1] > 0).all()
    assert (lightness[STEPS + 1 :] < 0).all()
    assert distances(lab[::2]).min() > NOTICED
    # As far below the middle as the other is above: lightness is nearly the same, and only the hue tells.
    below, above = lab[: STEPS // 2], lab[::-1][: STEPS // 2]
    assert np.linalg.norm(below - above, axis=1).min() > 4 * NOTICED


@pytest.mark.parametrize("sight", SIGHT)
def test_categories_are_told_apart_by_everyone(sight: str) -> None:
    lab = seen(np.array([to_rgb(colour) for colour in COLOURS]), sight)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)[np.triu_indices(len(lab), 1)]
    assert apart.min() > 2 * NOTICED
