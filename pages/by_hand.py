"""Lesson: self-attention by hand, on four tokens with two numbers each."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.by_hand import by_hand_lesson

lesson_frame.begin("by_hand")
by_hand_lesson.show()
