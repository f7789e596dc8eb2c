"""Lesson: encoder and decoder, on a small translator that writes step by step."""

from viz.ui import session
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.translator import translator_lesson

session.require_app()
lesson_frame.begin("translator")
translator_lesson.show()
