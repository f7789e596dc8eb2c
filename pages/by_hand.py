"""Lesson: self-attention by hand, on four tokens with two numbers each."""

from viz.ui import session
from viz.ui.lessons import by_hand, lesson

session.require_app()
lesson.begin("by_hand")
by_hand.show()
