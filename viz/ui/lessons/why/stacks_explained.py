"""The two stacks of the Transformer: each part explained, and where well-known models stand in them."""

import pandas as pd
import streamlit as st

from viz.lessons.why.path_lengths import Marked, Why
from viz.lessons.why.transformer_parts import BY_NAME, KNOWN, PARTS, KnownModel, PartName, parts_of
from viz.models import LoadedModel
from viz.models.families.parameters import Group, total
from viz.ui.exhibits.layout import scaled
from viz.ui.lessons.lesson_frame import bound, change_settings
from viz.ui.lessons.lesson_prose import points, say
from viz.ui.lessons.why.stacks_diagram import stacks
from viz.ui.session import language, tr, view
from viz.ui.wording.plain_text import code_span

_DIAGRAM, _EXPLAINED = 400, 300  # pixels


def show(model: LoadedModel, groups: tuple[Group, ...], setup: Why) -> None:
    """The choice of a model, the diagram with its parts marked, the part that was clicked, and a table of models."""
    say("Two stacks")
    if not view().present:
        _choose(model, setup.marked)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=scaled(_DIAGRAM)):
            stacks(
                setup.part, _marked(setup.marked, groups), "w_stacks", lambda part: change_settings(part=part)
            )
        with st.container(width=scaled(_EXPLAINED)):
            _explain(setup.part, model, groups)
            known = next((model for model in KNOWN if model.id == setup.marked), None)
            if known is not None:
                _about(known)
            elif setup.marked == "loaded":
                st.caption(tr("Highlighted in the diagram: the parts in which this model keeps parameters."))
    with st.expander(
        tr("Where well-known models stand, and what each is used for"), expanded=setup.marked == "all"
    ):
        _table()


def _choose(model: LoadedModel, marked: Marked) -> None:
    names: dict[Marked, str] = {"all": tr("The whole Transformer"), "loaded": model.card.title}
    names |= {known.id: known.title for known in KNOWN}
    st.pills(
        tr("Show the parts of"),
        list(names),
        format_func=names.__getitem__,
        **bound("marked", marked, suffix=language(), empty="all"),
    )


def _marked(choice: Marked, groups: tuple[Group, ...]) -> tuple[PartName, ...]:
    if choice == "loaded":
        return parts_of(groups)
    return next((known.parts for known in KNOWN if known.id == choice), tuple(part.name for part in PARTS))


def _explain(name: PartName, model: LoadedModel, groups: tuple[Group, ...]) -> None:
    part = BY_NAME[name]
    count, whole = part.count(groups), total(groups)
    st.markdown(f"### {tr(part.title)}")
    say(f"Part: {name.removesuffix('_in').removesuffix('_out')}")
    st.latex(part.formula)
    title = code_span(model.card.title)
    if count:
        say("Parameters of a part", model=title, count=count, share=count / whole, whole=whole)
    else:
        st.markdown(tr("{model} keeps **no** parameters in this part.", model=title))


def _about(known: KnownModel) -> None:
    st.markdown(f"### {known.title} · {tr(known.kind)}")
    titles = (tr("Input"), tr("Training objective"), tr("Used for"), tr("Source"))
    facts = (*points(f"Model: {known.id}"), known.source)
    st.markdown("\n".join(f"- **{title}**: {fact}" for title, fact in zip(titles, facts, strict=True)))


def _table() -> None:
    st.table(
        pd.DataFrame(
            {
                tr("Architecture"): [tr(known.kind) for known in KNOWN],
                tr("Used for"): [points(f"Model: {known.id}")[-1] for known in KNOWN],
                tr("Source"): [known.source for known in KNOWN],
            },
            index=[known.title for known in KNOWN],
        )
    )
