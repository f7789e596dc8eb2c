"""Exhibits: a picture, its words, the numbers it shows and its downloads, declared once.

    exhibit = heat_map(key, name, values, rows, columns, text, alt=..., caption=...)
    with exhibit.with_numbers():
        numbers({tr("Token"): labels, tr("Share"): shares}, {tr("Share"): "percent"})

Words are arguments, looked up by the page that declares the exhibit; nothing that draws asks a session.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from viz.attention import AttentionResult
from viz.attention.checks import Array
from viz.pictures.figures import DARK, LIGHT, Draw, FigureText, Style
from viz.pictures.figures.base.figure_style import ColourScale
from viz.pictures.figures.heat_maps.matrix import MatrixText, difference_map, matrix
from viz.ui.exhibits.bitmaps.page_bitmaps import shown, webp_of
from viz.ui.exhibits.downloads import matrix_csv, save_menu
from viz.ui.exhibits.layout import dark, picture_and_numbers, two_pictures
from viz.ui.session import tag, tr, view


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A picture with what belongs to it. `key` is all that it depends on but the words and the theme.

    `name` is the file's, without its ending; `alt` tells a screen reader what is seen; `caption` stands below the
    downloaded picture; `table` makes the CSV of the numbers shown, and runs on another thread as `draw` does. A
    picture of one `result` is downloaded with all that belongs to it. `quick` gives what is shown, as WebP, where
    that takes less time than to draw the whole figure.
    """

    key: Hashable
    name: str
    alt: str
    draw: Draw
    table: Callable[[], bytes] | None = None
    caption: str = ""
    result: AttentionResult | None = None
    quick: Callable[[Style], bytes] | None = None

    def show(self, width: int | None = None, saved: bool = True) -> None:
        """Show the picture, at most `width` pixels wide: as wide as its column where that is None.

        Its download stands below it, but not where the view is presented or where the picture is not to be `saved`,
        as it changes by itself.
        """
        style = Style(DARK if dark() else LIGHT, figure_words())
        draw, quick = self.draw, self.quick
        shown(
            (self.key, self.name, style),
            self.alt,
            width,
            lambda: quick(style) if quick else webp_of(draw(style)),
        )
        if not view().present and saved:
            save_menu(self.name, draw, Style(words=style.words), self.caption, self.table, self.result)

    @contextmanager
    def with_numbers(self, width: int | None = None) -> Iterator[None]:
        """Show the picture; what is written inside stands beside it, or below where the page is narrow."""
        left, right = picture_and_numbers()
        with left:
            self.show(width)
        with right:
            yield


def heat_map(
    key: Hashable,
    name: str,
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    text: MatrixText,
    *,
    alt: str,
    caption: str = "",
    highest: float = 1.0,
    limit: float | None = None,
    table: Callable[[], bytes] | None = None,
) -> Exhibit:
    """`values`, [row, column], as a heat map from 0 to `highest`, or of differences from `-limit` to `limit`.

    Its CSV has the same values, unless `table` makes another.
    """

    def draw(style: Style) -> Figure:
        if limit is not None:
            return difference_map(values, rows, columns, text, style, limit=limit)
        scale = ColourScale(style.theme.palette, 0.0, highest)
        return matrix(values, rows, columns, text, style, scale=scale)

    table = table or matrix_csv(values, rows, columns, text.title)
    return Exhibit((key, text, highest, limit), name, alt, draw, table, caption)


def head_map(
    key: Hashable,
    name: str,
    values: Array,
    title: str,
    *,
    caption: str,
    highest: float | None = None,
    disabled: Iterable[tuple[int, int]] = (),
) -> Exhibit:
    """A number of every head, [layer, head], from 0 to `highest`, else to the largest; `disabled` heads are hatched."""
    visible = np.array(values)
    for layer, head in disabled:
        visible[layer, head] = np.nan
    layers, heads = numbered(values.shape[0]), numbered(values.shape[1])
    return heat_map(
        key,
        name,
        visible,
        layers,
        heads,
        MatrixText(title, tr("Layer"), tr("Head"), ""),
        alt=tr("A row for each layer, a column for each head: {title}.", title=title),
        caption=caption,
        highest=highest or float(np.nanmax(values)) or 1.0,
        table=matrix_csv(values, layers, heads, title),
    )


def numbered(count: int) -> list[str]:
    """The names of so many layers or heads: "1", "2", and so on."""
    return [str(number) for number in range(1, count + 1)]


def figure_words() -> FigureText:
    """The words of figures, in the session's language."""
    return FigureText().translated(tag(), tr)


def show_pair(left: Exhibit, right: Exhibit) -> None:
    """Show two pictures beside each other, or where the page is narrow one below the other."""
    for place, exhibit in zip(two_pictures(), (left, right), strict=True):
        with place:
            exhibit.show()
