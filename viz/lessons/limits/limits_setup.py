"""What is set up in the lesson on positions, masks and limits; its numbers are in the modules beside this one."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as checked

FEWEST_POSITIONS, MOST_POSITIONS = 16, 512
MOST_PADDING, MOST_WINDOW, MOST_GLOBAL, MOST_RANDOM = 12, 32, 4, 4


@checked(frozen=True)
class Limits:
    """Positions drawn, padding tokens put behind the text, and the pattern of sparse attention."""

    positions: Annotated[int, Field(ge=FEWEST_POSITIONS, le=MOST_POSITIONS)] = 64
    padding: Annotated[int, Field(ge=1, le=MOST_PADDING)] = 3
    window: Annotated[int, Field(ge=0, le=MOST_WINDOW)] = 2
    everywhere: Annotated[int, Field(ge=0, le=MOST_GLOBAL)] = 1
    random: Annotated[int, Field(ge=0, le=MOST_RANDOM)] = 0
