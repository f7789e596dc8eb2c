"""What is set up in the lesson on encoder and decoder, and sentences to begin with."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from viz.lessons.translation import MOST_CHARACTERS

Map = Literal["cross", "decoder", "encoder"]

EXAMPLES = (
    "je ne vois pas le chat noir",
    "je suis étudiant",
    "le chat noir dort",
    "elle achète une belle voiture rouge",
    "je ne mange pas la pomme",
    "je le vois",
    "vous ne nous connaissez pas",
    "il chante souvent",
    "est-ce que tu aimes les chiens intelligents ?",
    "il y a un petit oiseau jaune sur la table",
    "j'ai faim",
)


@dataclass(frozen=True)
class Translating:
    """The lesson's state. `step` counts from 1; `head` from 1, 0 for the mean of all; `layer` from 1."""

    sentence: Annotated[str, Field(max_length=MOST_CHARACTERS)] = EXAMPLES[0]
    step: Annotated[int, Field(ge=1, le=99)] = 6
    head: Annotated[int, Field(ge=0, le=64)] = 0
    layer: Annotated[int, Field(ge=1, le=64)] = 1
    map: Map = "cross"
