"""Encoder and decoder: a small translator writes English word by word, and shows where it looks."""

from viz.errors import InputError
from viz.lessons.translator.translation import Translating, Translation, translate, translator
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.lesson_prose import points, say
from viz.ui.lessons.translator.sentence_choice import sentence, words_known
from viz.ui.lessons.translator.translation_maps import (
    Shown,
    draw_crossing,
    draw_map,
    head_choice,
    maps,
    said_labels,
)
from viz.ui.lessons.translator.translation_steps import one_step, walk
from viz.ui.lessons.translator.translator_questions import ask, how_it_works, tries
from viz.ui.progress.shared_results import shared
from viz.ui.session import tr, view
from viz.ui.shell.guard import guarded
from viz.ui.wording.plain_text import show_error


def show() -> None:
    """The whole lesson below its title."""
    setup = lesson_frame.settings(Translating)
    say("Beginning")
    if not view().present:
        sentence(setup)
        words_known()
    with guarded():
        translation = _translated(setup.sentence)
        if translation is None:
            tries()
            lesson_frame.end()
            return
        place = min(setup.step, len(translation.steps)) - 1
        walk(translation, place)
        shown = head_choice(setup, translation)
        one_step(translation, place, shown)
        maps(setup, translation, shown)
        if not view().present:
            how_it_works()
        tries()
        ask(translation)
        _end(translation, shown)


def _translated(text: str) -> Translation | None:
    """The translation, made once for all sessions; None where an error is shown in its place."""
    try:
        return shared().get(("translation", text), lambda: translate(translator(), text))
    except InputError as error:
        show_error(error)
    return None


def _end(translation: Translation, shown: Shown) -> None:
    last, french = len(translation.steps) - 1, translation.source.labels
    title = " · ".join([tr("English looks at French"), shown.name])
    lesson_frame.end(
        lesson_frame.Panel(
            tr("Where the lines cross, English has the words in another order than French."),
            draw_crossing(translation, last, shown, marked=False),
        ),
        lesson_frame.Panel(
            tr("A row for each English word said, a column for each French word looked at."),
            draw_map(shown.of(translation.cross[-1]), said_labels(translation), french, title),
        ),
        notes=points("To remember"),
        sentence=f"{translation.source.text} → {translation.english}",
        model=tr("The small French to English translator of this app"),
    )
