"""Lesson 1: why attention. Path lengths, the two stacks, what parameters are for, and how models grew."""

from viz.ui.lessons import lesson_frame
from viz.ui.lessons.why import why_lesson
from viz.ui.progress.model_loading import loaded_model
from viz.ui.progress.result import analysed
from viz.ui.session import view
from viz.ui.shell import guard
from viz.ui.widgets import text_boxes

lesson_frame.begin("why")
guard.link_notes()
if not view().present:
    text_boxes.texts()
result = analysed()
model = loaded_model(view().model) if result is not None else None
if result is not None and model is not None:
    why_lesson.show(model, result)
