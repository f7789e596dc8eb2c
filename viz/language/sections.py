"""The long prose of the lessons: `prose/<language>/<lesson>.md`, sections of Markdown with named slots.

A section goes from its heading, `## distance`, to the next one. A paragraph and a point of a list are a line each.
`{n}` and `{share:.1%}` are slots, which a page fills as `str.format` does; a brace that is none is written twice. An
HTML comment is a note for whoever translates.
"""

import re
import string
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from viz.language import Language
from viz.language.catalogues import FOLDERS

PROSE = Path(__file__).parent / "prose"

_NOTE = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_POINT = re.compile(r"(?:-|\d+\.) +")


class WrongSlots(UserWarning):
    """A page has no value for a slot of a section, or one that the section has no place for."""


@dataclass(frozen=True)
class Section:
    """A part of a lesson's prose, as it is written: `text` has its slots still."""

    name: str
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Its paragraphs and points, in order."""
        return tuple(line for line in self.text.splitlines() if line.strip())

    @property
    def slots(self) -> tuple[str, ...]:
        """Its slots with their formats, in order: `n`, `share:.1%`."""
        fields = [field for field in string.Formatter().parse(self.text) if field[1] is not None]
        return tuple(f"{name}:{form}" if form else str(name) for _before, name, form, _conversion in fields)

    def filled(self, values: Mapping[str, object]) -> str:
        """The whole section as Markdown, its slots filled."""
        return self._fill(self.text, values)

    def points(self, values: Mapping[str, object]) -> list[str]:
        """The points of its list, without their marks, the slots filled."""
        return [
            self._fill(_POINT.sub("", line, count=1), values) for line in self.lines if _POINT.match(line)
        ]

    def paragraphs(self, values: Mapping[str, object]) -> list[str]:
        """What is no point of its list, the slots filled."""
        return [self._fill(line, values) for line in self.lines if not _POINT.match(line)]

    def _fill(self, text: str, values: Mapping[str, object]) -> str:
        """`text` with its slots filled; as it is written where that fails, since a page has to go on."""
        wanted = {slot.partition(":")[0] for slot in self.slots}
        if wanted != set(values):
            self._warn(f"its slots are {sorted(wanted)}, the values given {sorted(values)}")
        try:
            return text.format_map(values)
        except (KeyError, ValueError, TypeError) as error:
            self._warn(f"a value does not fit: {error}")
            return text

    def _warn(self, reason: str) -> None:
        warnings.warn(f"The section “{self.name}”: {reason}.", WrongSlots, stacklevel=4)


def read_sections(markdown: str) -> dict[str, Section]:
    """The sections of a file by their names, in order; what stands before the first heading is none."""
    parts = _HEADING.split(_NOTE.sub("", markdown))
    names, texts = parts[1::2], parts[2::2]
    return {name: Section(name, text.strip()) for name, text in zip(names, texts, strict=True)}


@cache
def prose_of(lesson: str, language: Language) -> dict[str, Section]:
    """The sections of a lesson by their names."""
    path = PROSE / FOLDERS[language] / f"{lesson}.md"
    return read_sections(path.read_text(encoding="utf-8"))
