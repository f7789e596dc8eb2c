"""Lesson: a tiny Transformer learns a toy task while one watches."""

from viz.ui import session
from viz.ui.lessons import lesson, training

session.require_app()
lesson.begin("training")
training.show()
