"""Every colour that text is written in, against all that it is written on, by WCAG 2.2: 4.5 for text, 3 for marks."""

import re
from pathlib import Path

import pytest

from tests.test_config import SETTINGS, THEMES, backgrounds, contrast
from viz.pictures.figures import DARK, LIGHT, Theme
from viz.ui.components import component
from viz.ui.shell import style

TEXT, MARK = 4.5, 3.0
FIGURES = {"light": LIGHT, "dark": DARK}
UI = Path(component.__file__).parents[1]
# Streamlit's own orange, which a lesson's cells are shaded with; the settings leave it as it is.
ORANGE = {"light": "#e0682b", "dark": "#f2a56d"}


def mixed(colour: str, behind: str, share: float) -> str:
    """CSS's color-mix in sRGB: `share` of `colour`, the rest `behind`."""
    parts = [(int(colour[at : at + 2], 16), int(behind[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in parts)


def strongest(script: Path) -> float:
    """The largest share of a colour that a script shades with, as a part of 1."""
    (percent,) = re.findall(r"tint\(.*, (\d+)\)|\* (\d+)\)", script.read_text(encoding="utf-8"))
    return int("".join(percent)) / 100


@pytest.mark.parametrize("name", THEMES)
def test_figures_have_the_colours_of_the_app(name: str) -> None:
    theme, figure = SETTINGS["theme"][name], FIGURES[name]
    assert (figure.text, figure.background) == (theme["textColor"], theme["backgroundColor"])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_figures_write_is_legible(theme: Theme) -> None:
    assert theme.background is not None
    assert contrast(theme.text, theme.background) >= 7
    assert contrast(theme.accent, theme.background) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_lines_and_bars_can_be_seen(name: str) -> None:
    behind = FIGURES[name].background
    assert behind is not None
    colours = (*FIGURES[name].series, *FIGURES[name].signs)
    assert all(contrast(colour, behind) >= MARK for colour in colours)


@pytest.mark.parametrize("name", THEMES)
def test_a_text_is_legible_on_its_shades(name: str) -> None:
    theme = SETTINGS["theme"][name]
    shade = mixed(
        theme["primaryColor"], theme["backgroundColor"], strongest(UI / "components" / "marked_text.js")
    )
    assert contrast(theme["textColor"], shade) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_numbers_are_legible_on_the_shades_of_their_cells(name: str) -> None:
    theme = SETTINGS["theme"][name]
    share = strongest(UI / "lessons" / "by_hand" / "board.js")
    for colour in (theme["primaryColor"], ORANGE[name]):
        shade = mixed(colour, theme["secondaryBackgroundColor"], share)
        assert contrast(theme["textColor"], shade) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_captions_are_legible(name: str) -> None:
    (opacity,) = re.findall(r"opacity: ([0-9.]+);", style._STYLE)
    theme = SETTINGS["theme"][name]
    for behind in backgrounds(theme):
        assert contrast(mixed(theme["textColor"], behind, float(opacity)), behind) >= TEXT


@pytest.mark.parametrize("name", THEMES)
def test_what_is_written_on_the_primary_colour_is_legible(name: str) -> None:
    ((light, dark),) = re.findall(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", style._STYLE)
    assert contrast({"light": light, "dark": dark}[name], SETTINGS["theme"][name]["primaryColor"]) >= TEXT
