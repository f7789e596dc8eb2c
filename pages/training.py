"""Lesson: a tiny Transformer learns a toy task while one watches."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.training import training_lesson

lesson_frame.begin("training")
training_lesson.show()
