"""The French sentence of the lesson: an example or one's own; and the words that the translator knows."""

import streamlit as st

from viz.lessons.translator.lexicon import words_by_kind
from viz.lessons.translator.translation import EXAMPLES, MOST_CHARACTERS, Translating
from viz.ui.lessons.lesson_frame import bound, change_settings
from viz.ui.lessons.lesson_prose import prose
from viz.ui.session import language, tr


def sentence(setup: Translating) -> None:
    """The boxes; what is typed stays, whatever comes of it."""
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        st.selectbox(
            tr("Example"),
            EXAMPLES,
            index=None,
            placeholder=tr("Your own sentence. Choose an example to begin with one."),
            **bound(
                "example",
                setup.sentence if setup.sentence in EXAMPLES else None,
                lambda example: change_settings(sentence=example, step=1),
                language(),
                empty="",
            ),
        )
    with right:
        st.text_input(
            tr("French sentence"),
            max_chars=MOST_CHARACTERS,
            placeholder=tr("Type a French sentence, then press Enter."),
            **bound("sentence", setup.sentence, lambda sentence: change_settings(sentence=sentence, step=1)),
        )


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
        st.caption(prose("The words it knows"))
