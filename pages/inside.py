"""Lesson: the same steps inside a real model, on the class's own sentence."""

from viz.ui import session
from viz.ui.lessons import inside, lesson

session.require_app()
lesson.begin("inside")
inside.show()
