"""Lesson: a tiny Transformer learns a toy task while one watches."""

from viz.ui import state
from viz.ui.lessons import lesson, training

state.require_app()
lesson.begin("training")
training.show()
