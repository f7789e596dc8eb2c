"""The printable pictures on a page: made once for all sessions, in the session's language and theme."""

from collections.abc import Callable

from matplotlib.figure import Figure

from viz.attention import AttentionResult
from viz.pictures.figures import FigureText, Theme, heatmap, layer_grid, overview
from viz.ui.exhibits.bitmaps import page_bitmaps
from viz.ui.exhibits.bitmaps.drawers import drawers
from viz.ui.exhibits.bitmaps.sheet import Sheet, shared_sheet
from viz.ui.exhibits.exhibit import Exhibit, palette_of
from viz.ui.progress.shared_results import key_of
from viz.ui.session import tr
from viz.view.state import ViewState


def head_picture(result: AttentionResult, now: ViewState) -> None:
    """The heat map of the chosen head, with its download."""
    title = tr("Layer {layer} · Head {head}", layer=now.layer + 1, head=now.head + 1)
    alt = (
        tr("Heat map of {title}: rows are queries, columns are keys, colour is the weight.", title=title)
        if result.maps[0].quantity == "attention"
        else tr("Heat map of {title}: rows are queries, columns are keys, colour is the length.", title=title)
    )
    found = result.shown(now.switches.kind)

    def draw(words: FigureText, theme: Theme) -> Figure:
        return heatmap(found, now.layer, now.head, words=words, theme=theme, palette=palette_of(theme))

    def quick(words: FigureText, theme: Theme) -> bytes:
        # Of cross-attention a picture may be so narrow that a longer title widens it.
        digits = (len(str(now.layer + 1)), len(str(now.head + 1))) if found.kind == "cross" else ()
        sheet = shared_sheet((key_of(result, now), digits, words, theme), lambda: _sheet(draw(words, theme)))
        written = words.for_quantity(found.quantity).head_title.format(layer=now.layer + 1, head=now.head + 1)
        return sheet.webp(found.weights[now.layer, now.head], written)

    _picture(result, now, "head", alt, draw, quick)


def _sheet(figure: Figure) -> Sheet:
    return Sheet(figure, page_bitmaps.dpi_of(figure), drawers().pixels)


def layer_picture(result: AttentionResult, now: ViewState) -> None:
    """All heads of the chosen layer on one scale, with the download."""
    _picture(
        result,
        now,
        "layer",
        tr("Heat maps of all heads of layer {layer}, on one scale.", layer=now.layer + 1),
        lambda words, theme: layer_grid(
            result.shown(now.switches.kind),
            now.layer,
            words=words,
            theme=theme,
            palette=palette_of(theme),
            chosen=now.head,
        ),
    )


def model_picture(result: AttentionResult, now: ViewState) -> None:
    """Every head of every layer in one picture, with the download."""
    _picture(
        result,
        now,
        "all-heads",
        tr("Heat maps of every head of every layer, on one scale."),
        lambda words, theme: overview(
            result.shown(now.switches.kind), words=words, theme=theme, palette=palette_of(theme)
        ),
    )


def _picture(
    result: AttentionResult,
    now: ViewState,
    name: str,
    alt: str,
    draw: Callable[[FigureText, Theme], Figure],
    quick: Callable[[FigureText, Theme], bytes] | None = None,
) -> None:
    key = (*key_of(result, now), now.layer, now.head)
    Exhibit(key, name, alt, draw, result=result, quick=quick).show()
