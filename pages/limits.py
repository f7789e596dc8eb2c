"""Lesson 7: position, masks, limits. How order is known, what is hidden, and what the length of a text costs."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.limits import limits_lesson
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed
from viz.ui.session import view
from viz.ui.shell import guard
from viz.ui.widgets import text_boxes

lesson_frame.begin("limits")
guard.link_notes()
if not view().present:
    text_boxes.texts()
result = analysed()
model = loaded_model(view().model) if result is not None else None
if result is not None and model is not None:
    limits_lesson.show(model, result)
