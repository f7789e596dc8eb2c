"""Step by step through a translation: what was said so far, and where the decoder looks to say the next word."""

from collections.abc import Hashable, Sequence
from functools import partial

import streamlit as st

from viz.attention import Weights
from viz.lessons.translator.translation import Translation
from viz.pictures.figures.charts.bars import bars
from viz.ui.exhibits.downloads import columns_csv
from viz.ui.exhibits.exhibit import Exhibit, show_pair
from viz.ui.exhibits.tables import numbers
from viz.ui.lessons.lesson_frame import bound, button, change_settings
from viz.ui.lessons.lesson_prose import prose, say
from viz.ui.lessons.translator.translation_maps import Shown, draw_crossing, fed_labels
from viz.ui.session import tr
from viz.ui.wording.plain_text import code_span


def walk(translation: Translation, place: int) -> None:
    """The buttons and the slider, and the words on either side of the step `place`, from 0."""
    count = len(translation.steps)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        first, last = place == 0, place == count - 1
        for label, icon, step, disabled in (
            (tr("Back"), "arrow_back", place, first),
            (tr("Next word"), "arrow_forward", place + 2, last),
            (tr("From the start"), "first_page", 1, first),
            (tr("All words"), "last_page", count, last),
        ):
            kind = "primary" if icon == "arrow_forward" else "secondary"
            button(label, icon, partial(change_settings, step=step), disabled=disabled, type=kind)
    if count > 1:
        st.slider(tr("Step"), 1, count, **bound("step", place + 1, suffix=count))
    french = " ".join(map(code_span, translation.source.token_strings))
    words = [step.word for step in translation.steps]
    before = " ".join(map(code_span, (translation.steps[0].fed, *words[:place])))
    st.markdown(" · ".join([tr("French"), french]))
    st.markdown(" · ".join([tr("English"), f"{before} **→ {code_span(words[place])}**"]))


def one_step(translation: Translation, place: int, shown: Shown) -> None:
    """Where the decoder looks at the step `place`, from 0, and what it might say."""
    step, keys = translation.steps[place], translation.source.labels
    cross, self_weights = (shown.of(weights[-1])[place] for weights in (translation.cross, translation.own))
    st.header(
        tr("Step {step} of {count}", step=place + 1, count=len(translation.steps)),
        anchor=False,
        divider="gray",
    )
    say(
        "A step",
        fed=code_span(step.fed),
        looked=code_span(keys[int(cross.argmax())]),
        share=float(cross.max()),
        word=code_span(step.word),
        sure=step.candidates[0].probability,
    )
    exhibit = Exhibit(
        (translation.source.text, shown.head, place),
        "translation",
        tr("Lines from each English word said so far to the French words looked at."),
        draw_crossing(translation, place, shown),
    )
    with exhibit.with_numbers():
        st.markdown("**" + tr("Most likely next words") + "**")
        candidates = {
            tr("Word"): [candidate.word for candidate in step.candidates],
            tr("Probability"): [candidate.probability for candidate in step.candidates],
        }
        progress = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
        numbers(candidates, {tr("Probability"): progress}, "content")
        st.caption(prose("The most likely word", start=code_span("<s>"), end=code_span("</s>")))
    english = fed_labels(translation)[: place + 1]
    about, axis = (
        (translation.source.text, shown.head, place),
        " · ".join([tr("Attention weight"), shown.name]),
    )
    show_pair(
        _bars("cross", about, cross, keys, tr("Looked at in French: cross-attention"), axis),
        _bars(
            "own", about, self_weights[: place + 1], english, tr("Looked at in English: self-attention"), axis
        ),
    )


def _bars(
    part: str, about: Hashable, weights: Weights, names: Sequence[str], title: str, axis: str
) -> Exhibit:
    values = weights.tolist()
    return Exhibit(
        about,
        f"translation-step-{part}",
        tr("A bar for each word, as long as its attention weight."),
        lambda style: bars(values, names, title, axis, style),
        columns_csv({tr("Word"): names, tr("Attention weight"): values}),
    )
