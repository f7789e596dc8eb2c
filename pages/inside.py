"""Lesson: the same steps inside a real model, on the class's own sentence."""

from viz.ui import state
from viz.ui.lessons import inside, lesson

state.require_app()
lesson.begin("inside")
inside.show()
