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


def asked_of(task: TaskId) -> str:
    """What the model has to do."""
    return {
        "reverse": tr("Write the digits backwards: at each place stands what stood at the opposite one."),
        "copy": tr("Write the same digits again."),
        "sort": tr("Write the same digits from the smallest to the largest."),
        "brackets": tr(
            "Say for each bracket at which place its partner stands, and “·” if it has none. Two brackets are "
            "partners if they are of one kind and all between them are complete pairs."
        ),
    }[task]


def expected_of(task: TaskId) -> str:
    """What is to be expected of the attention in the end, and why."""
    return {
        "reverse": tr(
            "**What to expect:** the first place needs what stands at the last one, the second what stands at the "
            "last but one. So a line forms from the top right to the bottom left: the anti-diagonal."
        ),
        "copy": tr(
            "**What to expect:** each place already has the digit it needs. It is passed on beside the attention, by "
            "the residual connection, so the maps may stay blurred although every answer is right."
        ),
        "sort": tr(
            "**What to expect:** no place knows in advance where its digit stands; it has to take all digits into "
            "account. The maps stay broad, and they are different for every sequence."
        ),
        "brackets": tr(
            "**What to expect:** a bracket finds its partner only by what stands between. Single heads come to look at "
            "the partner, others at the neighbours. More than one layer helps a lot."
        ),
    }[task]


def needed_of(task: TaskId) -> str:
    """What `wanted` keys are, as the end of a sentence: attention on …"""
    return {
        "reverse": tr("the opposite place"),
        "copy": tr("its own place"),
        "sort": tr("the places of the right digit"),
        "brackets": tr("the partner"),
    }[task]
