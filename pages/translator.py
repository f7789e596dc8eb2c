"""Lesson: encoder and decoder, on a small translator that writes step by step."""

from viz.ui import state
from viz.ui.lessons import lesson, translator

state.require_app()
lesson.begin("translator")
translator.show()
