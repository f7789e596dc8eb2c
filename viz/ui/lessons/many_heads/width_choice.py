"""The split of d_model numbers into heads: two numbers to choose, and the strip that is cut by them."""

from dataclasses import replace
from functools import partial

import streamlit as st
from matplotlib.figure import Figure

from viz.errors import InputError
from viz.lessons.many_heads.width_split import LARGEST_WIDTH, MOST_HEADS, Own, nearest_heads, split
from viz.models import LoadedModel
from viz.models.families.parameters import width
from viz.pictures.figures import DARK, FigureText, Theme
from viz.pictures.figures.diagrams.split_strip import SplitText, split_strip
from viz.ui.exhibits.exhibit import picture
from viz.ui.lessons.lesson_frame import Panel, keep_own, own
from viz.ui.session import keep, language, tr, view
from viz.ui.wording.plain_text import show_error

_PUBLISHED = {
    "Transformer": (512, 8),
    "BERT-base": (768, 12),
    "BERT-large": (1024, 16),
    "GPT-3": (12_288, 96),
}
_NAMED = 12  # heads that are called "Head 1"; of more only their number


def show(now: Own, model: LoadedModel | None) -> None:
    """Both numbers, the picture, and what it says; where they do not go together, why, and what would."""
    if not view().present:
        _choose(now, model)
    try:
        found = split(now.width, now.heads)
    except InputError as error:
        show_error(error)
        with st.container(horizontal=True):
            for heads in nearest_heads(now.width, now.heads):
                st.button(
                    tr("Take {heads}: d_k = {dim}", heads=heads, dim=now.width // heads),
                    key=f"w_many_take_{heads}_{language()}",
                    on_click=_change,
                    kwargs={"heads": heads},
                )
        if now.heads <= now.width:
            _picture(now)
        return
    _picture(now)
    st.markdown(
        tr(
            "d_k = d_model / h = {width} / {heads} = **{dim}**. Scores are divided by √{dim} = {root:.2f}. Every head "
            "reads all {width} numbers of a token, and writes {dim}; side by side they are {width} again.",
            width=f"{now.width:,}",
            heads=now.heads,
            dim=found.dim,
            root=found.dim**0.5,
        )
    )


def panel(now: Own) -> Panel:
    """The picture for the handout; `now` is one that can be split."""
    return Panel(
        "",
        partial(_draw, now, _says(now)),
        tr(
            "{width} numbers for each token, shared by {heads} heads: d_k = {dim}.",
            width=f"{now.width:,}",
            heads=now.heads,
            dim=now.width // now.heads,
        ),
    )


def _choose(now: Own, model: LoadedModel | None) -> None:
    sizes = dict(_PUBLISHED)
    if model is not None:
        sizes[model.card.title] = (width(model), model.card.heads)
    here = next((name for name, size in sizes.items() if size == (now.width, now.heads)), None)
    key = f"w_many_sizes_{language()}"
    st.pills(
        tr("Use the sizes of"),
        list(sizes),
        format_func=lambda name: (
            f"{name}: {sizes[name][0]:,} = {sizes[name][1]} × {sizes[name][0] // sizes[name][1]}"
        ),
        key=keep(key, here),
        on_change=lambda: _take(sizes.get(st.session_state[key])),
    )
    with st.container(horizontal=True):
        for name, label, most, step in (
            ("width", "d_model", LARGEST_WIDTH, 64),
            ("heads", tr("h (heads)"), MOST_HEADS, 1),
        ):
            st.number_input(
                label,
                min_value=1,
                max_value=most,
                step=step,
                key=keep(f"w_many_{name}", getattr(now, name)),
                on_change=_take_number,
                args=(name,),
                help=tr("From 1 to {count}.", count=f"{most:,}"),
                width=180,
            )


def _take(size: tuple[int, int] | None) -> None:
    if size is not None:
        _change(width=size[0], heads=size[1])


def _take_number(name: str) -> None:
    _change(**{name: st.session_state[f"w_many_{name}"]})


def _change(**changes: int) -> None:
    keep_own(replace(own(Own), **changes))


def _picture(now: Own) -> None:
    says = _says(now)
    picture(
        ("many_heads", "split", now.width, now.heads),
        f"split-{now.width}-{now.heads}",
        f"{says.title}. {says.note}",
        partial(_draw, now, says),
        caption=says.title,
    )


def _draw(now: Own, says: SplitText, words: FigureText, theme: Theme) -> Figure:
    return split_strip(now.width, now.heads, says, words=words, theme=theme, dark=theme is DARK)


def _says(now: Own) -> SplitText:
    dim, left = divmod(now.width, now.heads)
    sizes = {"width": f"{now.width:,}", "heads": now.heads, "dim": dim, "left": left}
    numbers = range(now.heads)
    matrix = f"{now.width:,} × {now.width:,}"
    return SplitText(
        tr("d_model = {width} = {heads} × {dim}", **sizes)
        if not left
        else tr("d_model = {width} = {heads} × {dim} + {left}", **sizes),
        tr("{width} numbers stand for each token", **sizes),
        tuple(tr("Head {head}", head=at + 1) if now.heads <= _NAMED else str(at + 1) for at in numbers),
        tuple(f"{at * dim + 1}–{(at + 1) * dim}" for at in numbers),
        (f"W_Q  {matrix}", "W_K", "W_V", "W_O"),
        tr("Each head owns {dim} columns of W_Q, W_K and W_V, and {dim} rows of W_O.", **sizes)
        if not left
        else tr("What is hatched is left over: {left} of {width} numbers would belong to no head.", **sizes),
    )
