"""The lessons in order: what each is about, and how many questions it asks."""

from dataclasses import dataclass

from viz.language import _

QUESTIONS = 3  # a lesson


@dataclass(frozen=True)
class Lesson:
    """One page of the path. `title` and `asks` are to be translated; `minutes` is about how long a class needs."""

    number: int
    slug: str
    title: str
    asks: str
    minutes: int

    def questions(self) -> range:
        """The numbers of its questions, over all lessons from 1."""
        return range((self.number - 1) * QUESTIONS + 1, self.number * QUESTIONS + 1)


LESSONS = (
    Lesson(
        1,
        "why",
        _("Why attention?"),
        _("How did language models get from reading word by word to looking at all words at once?"),
        15,
    ),
    Lesson(
        2,
        "by_hand",
        _("Self-attention by hand"),
        _("How is a weight computed? Four words, two numbers each, and every step written out."),
        20,
    ),
    Lesson(
        3,
        "inside",
        _("The same, inside the model"),
        _("Does a real model do just that? Its own queries, keys and values, for your own sentence."),
        15,
    ),
    Lesson(
        4,
        "many_heads",
        _("Many heads"),
        _("Why are there several heads in a layer, and what does each of them look at?"),
        15,
    ),
    Lesson(
        5,
        "translator",
        _("Encoder and decoder"),
        _("Where does a translator look while it writes? French to English, word by word."),
        15,
    ),
    Lesson(
        6,
        "training",
        _("Watch it learn"),
        _("Where do the weights come from? Train a tiny Transformer, and see its attention form."),
        15,
    ),
    Lesson(
        7,
        "limits",
        _("Position, masks, limits"),
        _("How does a model know the order of words, what may it not look at, and how long may a text be?"),
        20,
    ),
)
ALL_QUESTIONS = len(LESSONS) * QUESTIONS


def lesson_of(slug: str) -> Lesson:
    """The lesson of a page; KeyError where there is none."""
    return {lesson.slug: lesson for lesson in LESSONS}[slug]


def done(lesson: Lesson, answered: tuple[int, ...]) -> bool:
    """Whether all questions of a lesson were answered right."""
    return set(lesson.questions()) <= set(answered)
