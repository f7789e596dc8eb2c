"""A lesson's handout: its pictures of the class's own sentence and its questions on one page, as a download."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from matplotlib.figure import Figure

from viz.lessons.handout import Handout, Picture, Words, make_handout
from viz.lessons.lesson_list import Lesson
from viz.pictures.export import file_name, write_paths
from viz.pictures.figures import LIGHT, FigureText, Theme
from viz.ui.session import language, tag, tr, view
from viz.view.state import card_of


@dataclass(frozen=True)
class Panel:
    """A picture of the handout, and what is to be seen in it, translated. `draw` makes it for print.

    It is called on a thread of its own and asks nothing of the session. Where the drawing carries a title, `title` is
    left empty.
    """

    title: str
    draw: Callable[[FigureText, Theme], Figure]
    says: str


def download(
    lesson: Lesson,
    panels: tuple[Panel, ...],
    asked: tuple[tuple[str, tuple[str, ...]], ...],
    points: tuple[str, ...],
    sentence: str,
    model: str | None = None,
) -> None:
    """The button that makes the handout of `panels`, `points` to remember and the questions `asked`, on a click.

    `model` is the title of the model it is about, the view's where it is None.
    """
    words = FigureText().translated(tag(), tr)
    now = view()
    card = card_of(now.model)
    title, asks, own = tr(lesson.title), tr(lesson.asks), language()
    fixed = Words().translated(tr)
    named = model if model is not None else card.title if card is not None else now.model

    def made() -> bytes:
        pictures = tuple(
            Picture(panel.title, panel.says, write_paths(panel.draw(words, LIGHT))) for panel in panels
        )
        return make_handout(
            Handout(
                title=title,
                asks=asks,
                sentence=sentence,
                model=named,
                pictures=pictures,
                points=points,
                questions=asked,
                words=fixed,
                language=own,
            )
        )

    st.download_button(
        tr("Handout for the class (PDF)"),
        made,
        file_name=file_name(f"lesson-{lesson.number}", ending="pdf"),
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key=f"w_handout_{lesson.slug}_{language()}",
        help=tr("One page: the pictures of your own sentence, and the questions without their answers."),
    )
