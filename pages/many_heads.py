"""Lesson: many heads, what they cost, what each looks at, and how many are needed."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.many_heads import many_heads_lesson

lesson_frame.begin("many_heads")
many_heads_lesson.show()
