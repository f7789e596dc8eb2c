"""Lesson: a tiny Transformer learns a toy task while one watches."""

from viz.ui import session
from viz.ui.lessons import lesson_frame
from viz.ui.lessons.training import training_lesson

session.require_app()
lesson_frame.begin("training")
training_lesson.show()
