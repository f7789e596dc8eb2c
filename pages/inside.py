"""Lesson: the same steps inside a real model, on the class's own sentence."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.inside import inside_lesson

lesson_frame.begin("inside")
inside_lesson.show()
