"""Step by step through a translation: what was said so far, and where the decoder looks to say the next word."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from viz.attention import Weights
from viz.lessons.translator.translation import Translating, Translation
from viz.pictures.export import csv_table
from viz.pictures.figures import DARK
from viz.pictures.figures.charts.bars import bars
from viz.ui.exhibits.exhibit import picture
from viz.ui.exhibits.layout import picture_and_numbers, two_pictures
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.translator.translation_maps import Shown, draw_crossing, fed_labels
from viz.ui.session import keep, language, tr
from viz.ui.wording.plain_text import code_span


def walk(now: Translating, found: Translation, at: int) -> None:
    """The buttons and the slider, and the words on either side of the step `at`, from 0."""
    count = len(found.steps)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _button(tr("Back"), ":material/arrow_back:", now, at, disabled=at == 0)
        _button(tr("Next word"), ":material/arrow_forward:", now, at + 2, disabled=at == count - 1, main=True)
        _button(tr("From the start"), ":material/first_page:", now, 1, disabled=at == 0)
        _button(tr("All words"), ":material/last_page:", now, count, disabled=at == count - 1)
    if count > 1:
        key = f"w_translator_step_{count}"  # a slider of another length is another slider
        st.slider(
            tr("Step"),
            1,
            count,
            key=keep(key, at + 1),
            on_change=lambda: lesson_frame.keep_own(replace(now, step=st.session_state[key])),
        )
    french = " ".join(map(code_span, found.source.token_strings))
    said = [step.word for step in found.steps]
    before = " ".join(map(code_span, (found.steps[0].fed, *said[:at])))
    st.markdown(" · ".join([tr("French"), french]))
    st.markdown(" · ".join([tr("English"), f"{before} **→ {code_span(said[at])}**"]))


def _button(
    label: str, icon: str, now: Translating, step: int, *, disabled: bool, main: bool = False
) -> None:
    st.button(
        label,
        key=f"w_translator_{icon.strip(':').rpartition('/')[2]}_{language()}",
        icon=icon,
        type="primary" if main else "secondary",
        disabled=disabled,
        on_click=lambda: lesson_frame.keep_own(replace(now, step=step)),
    )


def one_step(found: Translation, at: int, shown: Shown) -> None:
    """Where the decoder looks at the step `at`, from 0, and what it might say."""
    step, keys = found.steps[at], found.source.labels
    cross, own = shown.of(step.cross[-1]), shown.of(step.own[-1])
    st.header(tr("Step {step} of {count}", step=at + 1, count=len(found.steps)), anchor=False, divider="gray")
    st.markdown(
        tr(
            "Input: {fed}. The decoder attends most to {looked} ({share:.0%}) and outputs {word} "
            "(probability {sure:.1%}).",
            fed=code_span(step.fed),
            looked=code_span(keys[int(cross.argmax())]),
            share=float(cross.max()),
            word=code_span(step.word),
            sure=step.candidates[0].probability,
        )
    )
    left, right = picture_and_numbers()
    with left:
        picture(
            ("translator", found.source.text, shown.key, at),
            "translation",
            tr("Lines from each English word said so far to the French words looked at."),
            draw_crossing(found, at, shown),
        )
    with right:
        st.markdown("**" + tr("Most likely next words") + "**")
        st.dataframe(
            pd.DataFrame(
                {
                    tr("Word"): [each.word for each in step.candidates],
                    tr("Probability"): [each.probability for each in step.candidates],
                }
            ),
            hide_index=True,
            height="content",
            column_config={
                tr("Probability"): st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
            },
        )
        st.caption(
            tr(
                "The most likely word is said, and fed at the next step. {start} marks the start, {end} the end.",
                start=code_span("<s>"),
                end=code_span("</s>"),
            )
        )
    one, other = two_pictures()
    with one:
        _bars("cross", found, at, shown, cross, keys, tr("Looked at in French: cross-attention"))
    with other:
        _bars(
            "own",
            found,
            at,
            shown,
            own,
            fed_labels(found)[: at + 1],
            tr("Looked at in English: self-attention"),
        )


def _bars(
    part: str, found: Translation, at: int, shown: Shown, weights: Weights, names: Sequence[str], title: str
) -> None:
    values, columns = weights.tolist(), [tr("Word"), tr("Attention weight")]
    axis = " · ".join([columns[1], shown.name])
    picture(
        ("translator bars", part, found.source.text, shown.key, at),
        f"translation-step-{part}",
        tr("A bar for each word, as long as its attention weight."),
        lambda words, theme: bars(values, names, title, axis, words=words, theme=theme, dark=theme is DARK),
        table=lambda: csv_table(columns, zip(names, values, strict=True)),
    )
