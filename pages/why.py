"""Lesson 1: why attention. Path lengths, the two stacks, what parameters are for, and how models grew."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.why import why_lesson
from viz.ui.shell import guard

lesson_frame.begin("why")
if (asked := guard.model_and_result()) is not None:
    why_lesson.show(*asked)
