"""The French sentence of the lesson: an example or one's own; and the words that the translator knows."""

from dataclasses import replace

import streamlit as st

from viz.lessons.translator.lexicon import words_by_kind
from viz.lessons.translator.translation import EXAMPLES, MOST_CHARACTERS, Translating
from viz.ui.lessons import lesson_frame
from viz.ui.session import keep, language, tr


def sentence(now: Translating) -> None:
    """The boxes; what is typed stays, whatever comes of it."""
    example, typed = f"w_translator_example_{language()}", "w_translator_sentence"
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        st.selectbox(
            tr("Example"),
            EXAMPLES,
            index=None,
            key=keep(example, now.sentence if now.sentence in EXAMPLES else None),
            on_change=lambda: _take(now, st.session_state[example]),
            placeholder=tr("Your own sentence. Choose an example to begin with one."),
        )
    with right:
        st.text_input(
            tr("French sentence"),
            key=keep(typed, now.sentence),
            max_chars=MOST_CHARACTERS,
            on_change=lambda: _take(now, st.session_state[typed]),
            placeholder=tr("Type a French sentence, then press Enter."),
        )


def _take(now: Translating, text: str | None) -> None:
    lesson_frame.keep_own(replace(now, sentence=text or "", step=1))


def words_known() -> None:
    """All words that it was taught, by their kinds."""
    titles = {
        "nouns": tr("Nouns"),
        "adjectives": tr("Adjectives"),
        "verbs": tr("Verbs"),
        "others": tr("Other words"),
    }
    with st.expander(tr("The words it knows"), icon=":material/dictionary:"):
        for kind, words in words_by_kind().items():
            st.markdown(f"**{titles[kind]}** ({len(words)}): {' · '.join(words)}")
        st.caption(
            tr(
                "An apostrophe ends a word: l'homme is two words for it. Commas and full stops are left out. A "
                "sentence built unlike those it was taught may come out wrong."
            )
        )
