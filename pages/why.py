"""Lesson 1: why attention. Path lengths, the two stacks, what parameters are for, and how models grew."""

from viz.ui import controls, session
from viz.ui.lessons import lesson, why
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import analysed
from viz.ui.session import view

session.require_app()
lesson.begin("why")
controls.link_notes()
if not view().present:
    controls.texts()
result = analysed()
model = ready(view().model) if result is not None else None
if result is not None and model is not None:
    why.show(model, result)
