"""Lesson 7: position, masks, limits. How order is known, what is hidden, and what the length of a text costs."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.limits import limits_lesson
from viz.ui.shell import guard

lesson_frame.begin("limits")
if (asked := guard.model_and_result()) is not None:
    limits_lesson.show(*asked)
