"""The prose of the lessons: whole in each language, and just what the pages ask for."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.language import LANGUAGES, Language
from viz.language.catalogues import FOLDERS
from viz.language.sections import PROSE, Section, prose_of, read_sections
from viz.lessons.lesson_list import LESSONS
from viz.lessons.training.toy_tasks import TASKS
from viz.lessons.translator.translation import Map
from viz.lessons.why.transformer_parts import KNOWN, PARTS
from viz.metrics.role_labels import RoleName
from viz.models.families.family import PositionKind
from viz.models.families.scores import Extra
from viz.ui.wording.plain_text import code_span

PAGES = Path(__file__).parents[2] / "viz" / "ui" / "lessons"
ASKS = ("say", "prose", "points", "section", "question")  # functions whose first argument is a section's name
SLUGS = [lesson.slug for lesson in LESSONS]
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("lesson", SLUGS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_what_english_says(lesson: str, language: Language) -> None:
    assert lacks(prose_of(lesson, "en"), prose_of(lesson, language)) == []


@pytest.mark.parametrize("lesson", SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_section_stands_once_with_a_line_a_paragraph(lesson: str, language: Language) -> None:
    markdown = (PROSE / FOLDERS[language] / f"{lesson}.md").read_text(encoding="utf-8")
    assert faults(markdown) == []


@pytest.mark.parametrize("lesson", SLUGS)
def test_pages_ask_for_the_sections_there_are(lesson: str) -> None:
    code = [path.read_text("utf-8") for path in PAGES.glob(f"{lesson}/**/*.py")]
    assert unmatched([request for text in code for request in requests(text)], prose_of(lesson, "en")) == []


@pytest.mark.parametrize(
    ("lesson", "prefix", "names"),
    [
        ("why", "Part", {part.name.removesuffix("_in").removesuffix("_out") for part in PARTS}),
        ("why", "Model", [model.id for model in KNOWN]),
        ("inside", "Beyond", get_args(Extra)),
        ("many_heads", "Role", [name for part in get_args(RoleName) for name in get_args(part) or [part]]),
        ("translator", "Map", get_args(Map)),
        ("training", "Task", TASKS),
        ("training", "Expected", TASKS),
        ("limits", "Positions", get_args(PositionKind)),
    ],
)
def test_what_a_page_may_choose_has_its_section(lesson: str, prefix: str, names: list[str]) -> None:
    sections = {name for name in prose_of(lesson, "en") if name.startswith(f"{prefix}: ")}
    assert sections == {f"{prefix}: {name}" for name in names}


def test_there_is_no_prose_of_anything_else() -> None:
    assert {path.relative_to(PROSE).as_posix() for path in PROSE.rglob("*.*")} == {
        f"{folder}/{lesson}.md" for folder in FOLDERS.values() for lesson in SLUGS
    }


def lacks(english: dict[str, Section], other: dict[str, Section]) -> list[str]:
    """How the sections of another language differ from the English ones, a sentence each."""
    if list(english) != list(other):
        apart = [name for name in (*english, *other) if name not in english or name not in other]
        return [f"the sections differ: {apart or 'their order'}"]
    wrong = []
    for name, section in english.items():
        if sorted(section.slots) != sorted(other[name].slots):
            wrong.append(f"{name}: the slots are {other[name].slots}, in English {section.slots}")
        if [shape(line) for line in section.lines] != [shape(line) for line in other[name].lines]:
            wrong.append(f"{name}: its paragraphs, points and ** are not those of English")
    return wrong


def shape(line: str) -> tuple[str, int]:
    """How a line begins, and how much of it is bold."""
    mark = re.match(r"-|\d+\.", line)
    return mark[0] if mark else "", line.count("**")


def faults(markdown: str) -> list[str]:
    """What is wrong in one file, a sentence each."""
    names = re.findall(r"^## +(.+?) *$", re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL), re.MULTILINE)
    sections = read_sections(markdown)
    wrong = [f"{name} stands twice" for name in sections if names.count(name) > 1]
    for name, section in sections.items():
        if not section.lines:
            wrong.append(f"{name} is empty")
        for before, line in zip(section.text.splitlines(), section.text.splitlines()[1:], strict=False):
            if before and line and not (shape(before)[0] and shape(line)[0]):
                wrong.append(f"{name}: a paragraph is one line, but “{line[:40]}” goes on")
        for slot in section.slots:
            if not re.fullmatch(r"[a-z_]+[0-9]*(:.+)?", slot):
                wrong.append(f"{name}: “{slot}” is no name of a slot")
    return wrong


@dataclass(frozen=True)
class Request:
    """A section that code asks for: its name as a regular expression, and its values, None where computed."""

    name: str
    values: frozenset[str] | None


def requests(code: str) -> Iterator[Request]:
    """The sections that code asks for."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        keywords = [keyword.arg for keyword in node.keywords]
        values = None if None in keywords else frozenset(str(keyword) for keyword in keywords)
        if function == "try_this":
            yield Request("Try this", values)
        if function in ASKS and node.args:
            for name in names_in(node.args[0]):
                yield Request(name, values)


def names_in(argument: ast.expr) -> Iterator[str]:
    """The names that an argument may be: a string, an f-string whose parts are `.+`, or one of two of them."""
    if isinstance(argument, ast.Constant):
        yield re.escape(str(argument.value))
    elif isinstance(argument, ast.JoinedStr):
        parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in argument.values]
        yield "".join(parts)
    elif isinstance(argument, ast.IfExp):
        yield from names_in(argument.body)
        yield from names_in(argument.orelse)
    else:
        yield f"(?!)  # {ast.unparse(argument)}: no name that can be read"


def unmatched(asked: list[Request], sections: dict[str, Section]) -> list[str]:
    """What code asks for and is no section, or has other slots; and sections that no code asks for."""
    wrong, used = [], set()
    for request in asked:
        names = [name for name in sections if re.fullmatch(request.name, name)]
        used.update(names)
        slots = [frozenset(slot.partition(":")[0] for slot in sections[name].slots) for name in names]
        if (request.values is None and names) or request.values in slots:
            continue
        wrong.append(f"{request.name} with {sorted(request.values or ())}: there are {names} with {slots}")
    return wrong + [f"{name}: no code asks for it" for name in sections if name not in used]


# The tests of these tests.

ENGLISH = read_sections("## one\n\n**A** {n:,}.\n\n- b\n- c\n\n## two\n\nD.")


@pytest.mark.parametrize(
    ("markdown", "wrong"),
    [
        ("## one\n\n**甲** {n:,}。\n\n- 乙\n- 丙\n\n## two\n\n丁。", 0),
        ("## one\n\n**甲** {n:,}。\n\n- 乙\n- 丙", 1),  # a section less
        ("## two\n\n丁。\n\n## one\n\n**甲** {n:,}。\n\n- 乙\n- 丙", 1),  # another order
        ("## one\n\n**甲** {n:,}。\n\n- 乙\n\n## two\n\n丁。", 1),  # a point less
        ("## one\n\n**甲**。\n\n- 乙\n- 丙\n\n## two\n\n丁。", 1),  # a slot less
        ("## one\n\n**甲** {m:,}。\n\n- 乙\n- 丙\n\n## two\n\n丁。", 1),
        ("## one\n\n**甲** {n}。\n\n- 乙\n- 丙\n\n## two\n\n丁。", 1),  # another format
        ("## one\n\n甲 {n:,}。\n\n- 乙\n- 丙\n\n## two\n\n丁。\n\n戊。", 2),  # nothing bold, a paragraph more
    ],
)
def test_what_a_language_lacks_is_found(markdown: str, wrong: int) -> None:
    assert len(lacks(ENGLISH, read_sections(markdown))) == wrong


@pytest.mark.parametrize(
    ("markdown", "wrong"),
    [
        ("## one\n\nA.\n\n- b\n- c", 0),
        ("## one\n\nA.\n\n## one\n\nB.", 1),
        ("## one\n\n<!-- A. -->", 1),
        ("## one\n\nA\nb.", 1),
        ("## one\n\n{0} {n.real} {}", 3),
    ],
)
def test_what_is_wrong_in_a_file_is_found(markdown: str, wrong: int) -> None:
    assert len(faults(markdown)) == wrong


def test_requests_are_read_from_code() -> None:
    code = 'say("one", n=1)\nframe.prose(f"all {x}", **y)\nother("no")\npoints("a" if x else "b")\ntry_this(None, m=1)'
    nothing: frozenset[str] = frozenset()
    assert set(requests(code)) == {
        Request("one", frozenset({"n"})),
        Request(r"all\ .+", None),
        Request("a", nothing),
        Request("b", nothing),
        Request(r"Try this", frozenset({"m"})),
    }


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('say("one", n=1)\nsay("two")', 0),
        ('say("one", **values)\nsay("two")', 0),
        ('say("one", n=1)', 1),  # two is not asked for
        ('say("one", n=1)\nsay("two")\nsay("three")', 1),
        ('say("one")\nsay("two")', 1),  # a value less
        ('say("one", n=1, m=2)\nsay("two")', 1),
        ('say(name)\nsay("one", n=1)\nsay("two")', 1),
    ],
)
def test_what_code_and_prose_do_not_share_is_found(code: str, wrong: int) -> None:
    assert len(unmatched(list(requests(code)), ENGLISH)) == wrong


@given(st.text(min_size=1))
def test_what_a_person_typed_stays_code_within_a_section(typed: str) -> None:
    """It opens and closes its own fence, and begins no paragraph, point or heading of its own."""
    section = Section("asks", "**Before** {token} after.\n\n- {token}")
    text = section.filled({"token": code_span(typed)})
    assert len(text.splitlines()) == 3
    fence = re.match(r"\*\*Before\*\* (`+) ", text)
    assert fence is not None
    inside, _, after = text.splitlines()[0][fence.end() :].rpartition(f" {fence[1]}")
    assert after == " after."
    assert not re.search(rf"(?<!`){fence[1]}(?!`)", inside)
