"""Lesson: encoder and decoder, on a small translator that writes step by step."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.translator import translator_lesson

lesson_frame.begin("translator")
translator_lesson.show()
