"""The split of d_model numbers into heads: two numbers to choose, and the strip that is cut by them."""

import streamlit as st

from viz.errors import InputError
from viz.lessons.many_heads.width_split import LARGEST_WIDTH, MOST_HEADS, ManyHeads, nearest_heads, split
from viz.models import LoadedModel
from viz.models.families.parameters import width
from viz.pictures.figures.diagrams.split_strip import SplitText, split_strip
from viz.ui.exhibits.exhibit import Exhibit
from viz.ui.lessons.lesson_frame import Panel, bound, change_settings
from viz.ui.lessons.lesson_prose import say
from viz.ui.session import language, tr, view
from viz.ui.wording.plain_text import show_error

_PUBLISHED = {
    "Transformer": (512, 8),
    "BERT-base": (768, 12),
    "BERT-large": (1024, 16),
    "GPT-3": (12_288, 96),
}
_NAMED = 12  # heads that are called "Head 1"; of more only their number


def show(setup: ManyHeads, model: LoadedModel | None) -> None:
    """Both numbers, the picture, and what it says; where they do not go together, why, and what would."""
    if not view().present:
        _choose(setup, model)
    try:
        dim = split(setup.width, setup.heads)
    except InputError as error:
        show_error(error)
        with st.container(horizontal=True):
            for heads in nearest_heads(setup.width, setup.heads):
                label = tr("Take {heads}: d_k = {dim}", heads=heads, dim=setup.width // heads)
                st.button(
                    label, key=f"w_many_heads_take_{heads}", on_click=change_settings, kwargs={"heads": heads}
                )
        if setup.heads <= setup.width:
            _exhibit(setup).show()
        return
    _exhibit(setup).show()
    say("The split", width=setup.width, heads=setup.heads, dim=dim, root=dim**0.5)


def panel(setup: ManyHeads) -> Panel:
    """The picture for the handout; `setup` is one that can be split."""
    shared = tr(
        "{width} numbers for each token, shared by {heads} heads: d_k = {dim}.",
        width=f"{setup.width:,}",
        heads=setup.heads,
        dim=setup.width // setup.heads,
    )
    return Panel(shared, _exhibit(setup).draw)


def _choose(setup: ManyHeads, model: LoadedModel | None) -> None:
    sizes = dict(_PUBLISHED)
    if model is not None:
        sizes[model.card.title] = (width(model), model.card.heads)
    chosen = next((name for name, size in sizes.items() if size == (setup.width, setup.heads)), None)
    st.pills(
        tr("Use the sizes of"),
        list(sizes),
        format_func=lambda name: (
            f"{name}: {sizes[name][0]:,} = {sizes[name][1]} × {sizes[name][0] // sizes[name][1]}"
        ),
        **bound("sizes", chosen, lambda **name: _take(sizes[name["sizes"]]), language()),
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
                help=tr("From 1 to {count}.", count=f"{most:,}"),
                width=180,
                **bound(name, getattr(setup, name)),
            )


def _take(size: tuple[int, int]) -> None:
    change_settings(width=size[0], heads=size[1])


def _exhibit(setup: ManyHeads) -> Exhibit:
    says, size = _says(setup), (setup.width, setup.heads)
    return Exhibit(
        size,
        f"split-{setup.width}-{setup.heads}",
        f"{says.title}. {says.note}",
        lambda style: split_strip(*size, says, style),
        caption=says.title,
    )


def _says(setup: ManyHeads) -> SplitText:
    dim, left = divmod(setup.width, setup.heads)
    sizes = {"width": f"{setup.width:,}", "heads": setup.heads, "dim": dim, "left": left}
    numbers = range(setup.heads)
    matrix = f"{setup.width:,} × {setup.width:,}"
    return SplitText(
        tr("d_model = {width} = {heads} × {dim}", **sizes)
        if not left
        else tr("d_model = {width} = {heads} × {dim} + {left}", **sizes),
        tr("{width} numbers stand for each token", **sizes),
        tuple(
            tr("Head {head}", head=head + 1) if setup.heads <= _NAMED else str(head + 1) for head in numbers
        ),
        tuple(f"{head * dim + 1}–{(head + 1) * dim}" for head in numbers),
        (f"W_Q  {matrix}", "W_K", "W_V", "W_O"),
        tr("Each head owns {dim} columns of W_Q, W_K and W_V, and {dim} rows of W_O.", **sizes)
        if not left
        else tr("What is hatched is left over: {left} of {width} numbers would belong to no head.", **sizes),
    )
