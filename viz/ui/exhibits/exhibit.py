"""Afigure on a page."""

from collections.abc import Callable, Hashable

from matplotlib.figure import Figure

from viz.attention import AttentionResult
from viz.pictures.figures import DARK, LIGHT, FigureText, Theme
from viz.ui.exhibits import result_downloads
from viz.ui.exhibits.bitmaps.page_bitmaps import shown, webp_of
from viz.ui.exhibits.downloads import save_menu
from viz.ui.exhibits.layout import dark
from viz.ui.session import tag, tr, view


def picture(
    key: Hashable,
    name: str,
    says: str,
    draw: Callable[[FigureText, Theme], Figure],
    width: int | None = None,
    result: AttentionResult | None = None,
    caption: str = "",
    table: Callable[[], bytes] | None = None,
    saved: bool = True,
    quick: Callable[[FigureText, Theme], bytes] | None = None,
) -> None:
    """Show what `draw` draws, not larger than meant. `key` holds all that it depends on but the words and the theme.

    `name` is the file's, without its ending; `says` tells a screen reader what is seen; `width` is in pixels, the
    column's where it is None. A picture of one `result` can be downloaded with all that belongs to it, another one as
    it is, with its `caption` and the CSV that `table` makes. The download is hidden where the view is presented, and
    where the picture is not to be `saved`, as it changes by itself. `quick` gives what is shown, as WebP, where that
    can be had in less time than by drawing the whole figure.
    """
    theme = DARK if dark() else LIGHT
    words = FigureText().translated(tag(), tr)
    shown(
        (key, name, theme, words),
        says,
        width,
        lambda: quick(words, theme) if quick else webp_of(draw(words, theme)),
    )
    if view().present or not saved:
        return
    if result is not None:
        result_downloads.download(result, view(), name, draw)
        return
    save_menu(name, draw, words, caption, table)
