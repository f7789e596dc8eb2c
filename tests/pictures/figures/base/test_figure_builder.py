"""What every figure is built with: its theme, its language and its colours reach all that is added."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from tests.pictures.figures.samples import CHINESE
from viz.errors import InputError
from viz.pictures.figures import DARK, Style
from viz.pictures.figures.base.figure_builder import FigureBuilder
from viz.pictures.figures.base.figure_style import ColourScale


def started() -> tuple[FigureBuilder, Axes]:
    builder = FigureBuilder(4.0, 3.0, Style(DARK, CHINESE))
    return builder, builder.axes(1.0, 0.5, 2.0, 2.0)


def test_axes_lie_where_they_are_asked_for() -> None:
    builder, axes = started()
    box = axes.get_position()
    width, height = builder.figure.get_size_inches()
    assert np.allclose([box.x0 * width, (1 - box.y1) * height], [1.0, 0.5])
    assert np.allclose([box.width * width, box.height * height], [2.0, 2.0])


def test_all_texts_have_the_themes_colour_and_the_words_language() -> None:
    builder, axes = started()
    builder.title("$x$", 0.1, 0.1)
    builder.text(axes, 0, 0, "a\0b")
    builder.annotate(axes, "{c}", (0, 0))
    builder.name_axes(axes, "d", "e", loc="left")
    texts = [*builder.figure.texts, *axes.texts, axes.xaxis.label, axes.yaxis.label]
    assert [text.get_text() for text in texts] == ["$x$", "a⟨U+0000⟩b", "{c}", "d", "e"]
    assert {text.get_color() for text in texts} == {DARK.text}
    assert {text.get_language() for text in texts} == {CHINESE.language}
    assert not any(text.get_parse_math() for text in texts)


def test_only_the_sides_asked_for_are_outlined() -> None:
    builder, axes = started()
    builder.outline(axes, 0.4, sides=("left", "bottom"))
    assert {name for name, spine in axes.spines.items() if spine.get_visible()} == {"left", "bottom"}
    assert {spine.get_edgecolor() for spine in axes.spines.values()} == {to_rgba(DARK.text)}


def test_an_image_and_its_bar_have_one_scale() -> None:
    builder, axes = started()
    colours = ColourScale("cividis", -2.0, 5.0)
    image = builder.image(axes, np.zeros((2, 3), dtype=np.float32), colours)
    bar = builder.colour_bar(colours, 3.0, 0.5, 2.0)
    assert (image.get_cmap().name, *image.get_clim()) == ("cividis", -2.0, 5.0)
    assert bar.get_ylim() == (-2.0, 5.0)
    assert bar.get_ylabel() == CHINESE.weight


def test_an_unknown_palette_is_refused() -> None:
    with pytest.raises(InputError, match="no palette rainbow"):
        ColourScale("rainbow", 0.0, 1.0)
