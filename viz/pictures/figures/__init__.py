"""Matplotlib and seaborn figures: weights in, `matplotlib.figure.Figure` out; no pyplot anywhere."""

from viz.pictures.figures.base.figure_builder import to_png, to_webp
from viz.pictures.figures.base.figure_style import (
    DARK,
    DIVERGING,
    ENGLISH,
    LIGHT,
    PALETTE,
    PALETTES,
    PLAIN,
    Draw,
    FigureText,
    Style,
    Theme,
)
from viz.pictures.figures.base.fonts import language_of, printable, short
from viz.pictures.figures.heat_maps.head_grids import layer_grid, overview
from viz.pictures.figures.heat_maps.heatmap import heatmap

__all__ = [
    "DARK",
    "DIVERGING",
    "ENGLISH",
    "LIGHT",
    "PALETTE",
    "PALETTES",
    "PLAIN",
    "Draw",
    "FigureText",
    "Style",
    "Theme",
    "heatmap",
    "language_of",
    "layer_grid",
    "overview",
    "printable",
    "short",
    "to_png",
    "to_webp",
]
