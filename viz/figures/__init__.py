"""Matplotlib and seaborn figures: weights in, `matplotlib.figure.Figure` out; no pyplot anywhere."""

from viz.figures.canvas import to_png, to_webp
from viz.figures.fonts import language_of
from viz.figures.grid import layer_grid
from viz.figures.heatmap import heatmap
from viz.figures.labels import printable, short
from viz.figures.overview import overview
from viz.figures.palette import DARK, DIVERGING, LIGHT, PALETTE, PALETTES, Theme
from viz.figures.words import ENGLISH, FigureText

__all__ = [
    "DARK",
    "DIVERGING",
    "ENGLISH",
    "LIGHT",
    "PALETTE",
    "PALETTES",
    "FigureText",
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
