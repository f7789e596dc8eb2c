"""A lesson's handout: its pictures of the class's own sentence and its questions on one page, as a download."""

from dataclasses import dataclass, replace

import streamlit as st

from viz.lessons.handout import Handout, Picture, Words, make_handout
from viz.lessons.lesson_list import Lesson
from viz.pictures.export import file_name, write_paths
from viz.pictures.figures import Draw, FigureText, Style
from viz.ui.session import language, tag, tr, view
from viz.view.state import card_of


@dataclass(frozen=True)
class Panel:
    """A picture of the handout: what is to be seen in it, translated, and what draws it for print.

    `draw` runs on a thread of its own and asks nothing of the session. A `title` is for a drawing that carries none.
    """

    says: str
    draw: Draw
    title: str = ""


def download(
    lesson: Lesson,
    panels: tuple[Panel, ...],
    questions: tuple[tuple[str, tuple[str, ...]], ...],
    points: tuple[str, ...],
    sentence: str,
    model: str | None = None,
) -> None:
    """The button that makes the handout of `panels`, `points` to remember and `questions`, on a click.

    `model` is the title of the model it is about, the view's where it is None.
    """
    style = Style(words=FigureText().translated(tag(), tr))
    card = card_of(view().model)
    handout = Handout(
        title=tr(lesson.title),
        asks=tr(lesson.asks),
        sentence=sentence,
        model=model if model is not None else card.title if card is not None else view().model,
        pictures=(),
        points=points,
        questions=questions,
        words=Words().translated(tr),
        language=language(),
    )

    def pdf() -> bytes:
        pictures = [Picture(panel.title, panel.says, write_paths(panel.draw(style))) for panel in panels]
        return make_handout(replace(handout, pictures=tuple(pictures)))

    st.download_button(
        tr("Handout for the class (PDF)"),
        pdf,
        file_name=file_name(f"lesson-{lesson.number}", ending="pdf"),
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key=f"w_handout_{lesson.slug}_{language()}",
        help=tr("One page: the pictures of your own sentence, and the questions without their answers."),
    )
