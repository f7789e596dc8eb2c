"""What the lesson on training says of its tasks: their names, what is asked, what to expect of the attention."""

from viz.lessons.training.toy_tasks import TaskId
from viz.ui.session import tr


def title_of(task: TaskId) -> str:
    """The name of a task."""
    return {
        "reverse": tr("Reverse"),
        "copy": tr("Copy"),
        "sort": tr("Sort"),
        "brackets": tr("Match brackets"),
    }[task]


def needed_of(task: TaskId) -> str:
    """What `wanted` keys are, as the end of a sentence: attention on …"""
    return {
        "reverse": tr("the opposite place"),
        "copy": tr("its own place"),
        "sort": tr("the places of the right digit"),
        "brackets": tr("the partner"),
    }[task]
