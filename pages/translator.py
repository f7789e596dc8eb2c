"""Lesson: encoder and decoder, on a small translator that writes step by step."""

from viz.ui import session
from viz.ui.lessons import lesson, translator

session.require_app()
lesson.begin("translator")
translator.show()
