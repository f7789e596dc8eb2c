"""The settings in .streamlit/config.toml: known to Streamlit, safe, and legible in both themes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

SETTINGS: dict[str, Any] = tomllib.loads(
    (Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
THEMES = ["light", "dark"]


def names(settings: dict[str, Any], prefix: str = "") -> list[str]:
    """The dotted names of all settings."""
    found = []
    for name, value in settings.items():
        dotted = f"{prefix}{name}"
        found += names(value, f"{dotted}.") if isinstance(value, dict) else [dotted]
    return found


def test_streamlit_knows_every_setting() -> None:
    assert [name for name in names(SETTINGS) if name not in config._config_options_template] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableStaticServing", False),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
    ],
)
def test_the_app_is_safe_as_it_is_delivered(name: str, expected: object) -> None:
    section, key = name.split(".")
    assert SETTINGS[section][key] == expected


def test_the_files_of_pages_are_not_listed_before_the_app_has_said_what_its_pages_are() -> None:
    assert SETTINGS["client"]["showSidebarNavigation"] is False


def test_the_app_asks_no_other_host_for_fonts() -> None:
    fonts = [SETTINGS["theme"]["font"], SETTINGS["theme"]["codeFont"]]
    assert all(":" not in font for font in fonts)
    assert "fontFaces" not in SETTINGS["theme"]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def backgrounds(theme: dict[str, Any]) -> list[str]:
    keys = ("backgroundColor", "secondaryBackgroundColor")
    return [place[key] for place in (theme, theme["sidebar"]) for key in keys]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("part", "least"), [("textColor", 7), ("linkColor", 4.5), ("primaryColor", 4.5)])
def test_words_are_legible(name: str, part: str, least: float) -> None:
    theme = SETTINGS["theme"][name]
    assert all(contrast(theme[part], behind) >= least for behind in backgrounds(theme))


@pytest.mark.parametrize("name", THEMES)
def test_the_edges_of_widgets_can_be_seen(name: str) -> None:
    theme = SETTINGS["theme"][name]
    assert all(contrast(theme["borderColor"], behind) >= 3 for behind in backgrounds(theme))
