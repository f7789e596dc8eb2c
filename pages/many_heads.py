"""Lesson: many heads, what they cost, what each looks at, and how many are needed."""

from viz.ui import session
from viz.ui.lessons import lesson, many_heads

session.require_app()
lesson.begin("many_heads")
many_heads.show()
