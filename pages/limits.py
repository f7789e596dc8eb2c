"""Lesson 7: position, masks, limits. How order is known, what is hidden, and what the length of a text costs."""

from viz.ui import controls, session
from viz.ui.lessons import lesson, limits
from viz.ui.progress.model_loading import ready
from viz.ui.progress.result import analysed
from viz.ui.session import view

session.require_app()
lesson.begin("limits")
controls.link_notes()
if not view().present:
    controls.texts()
result = analysed()
model = ready(view().model) if result is not None else None
if result is not None and model is not None:
    limits.show(model, result)
