"""What is public is written down: functions, settings, pages and commands, and nothing that is gone."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from viz.models.settings import FILE_VARIABLE, Settings, variable

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("viz.models", "viz.attention", "viz.metrics", "viz.studies")


def test_every_public_function_is_in_the_reference() -> None:
    assert documented(read("docs/reference.md")) == public_functions()


def test_every_file_that_a_document_names_is_there() -> None:
    kinds = "py|js|css|md"
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name != ".venv"]
    files = [*ROOT.glob("*.*"), *(path for folder in folders for path in folder.rglob("*.*"))]
    ends = {"/".join(path.parts[-count:]) for path in files for count in range(1, 7)}
    named = [
        (document.name, name)
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
        for name in re.findall(rf"`([\w./-]+\.(?:{kinds}))`", document.read_text(encoding="utf-8"))
        if not name.startswith("benchmarks/out/")  # made by make bench
    ]
    assert len(named) > 50
    assert [(document, name) for document, name in named if name not in ends] == []


def test_every_setting_is_in_the_configuration() -> None:
    text = read("docs/configuration.md")
    rows = [f"| `{name}` | `{variable(name)}` |" for name in Settings.model_fields]
    assert [row for row in rows if row not in text] == []
    assert set(re.findall(r"ATTENTION_ATLAS_\w+", text)) == {
        FILE_VARIABLE,
        *map(variable, Settings.model_fields),
    }


def test_every_page_is_in_the_reference() -> None:
    pages = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    assert set(re.findall(r"^\| `(pages/\w+\.py)` \|", read("docs/reference.md"), re.MULTILINE)) == pages


def test_every_command_is_in_the_reference() -> None:
    commands = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^\| `make ([a-z-]+)` \|", read("docs/reference.md"), re.MULTILINE)) == commands


def test_both_readmes_name_every_document() -> None:
    documents = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    for name in ("README.md", "README.zh-CN.md"):
        assert documents - set(re.findall(r"\((docs/[\w-]+\.md)\)", read(name))) == set(), name


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documented(text: str) -> dict[str, set[str]]:
    """The functions of each section of a reference, by the module that its heading names."""
    _start, *sections = re.split(r"^### `(viz[\w.]*)`$", text, flags=re.MULTILINE)
    return {
        module: set(re.findall(r"^- `(\w+)`", body, re.MULTILINE))
        for module, body in zip(sections[::2], sections[1::2], strict=True)
    }


def public_functions() -> dict[str, set[str]]:
    """What the faces of the rooms hand on, and the functions of modules in folders without a face, by module."""
    modules = [module for room in ROOMS for module in walk(importlib.import_module(room))]
    functions = {
        module.__name__: {
            name for name in getattr(module, "__all__", vars(module)) if is_public_function(module, name)
        }
        for module in modules
    }
    return {name: names for name, names in functions.items() if names}


def walk(package: ModuleType) -> Iterator[ModuleType]:
    """The package, its packages, and the modules of those that have no face."""
    yield package
    for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if entry.ispkg:
            yield from walk(importlib.import_module(entry.name))
        elif not hasattr(package, "__all__") and not entry.name.endswith("__main__"):
            yield importlib.import_module(entry.name)


def is_public_function(module: ModuleType, name: str) -> bool:
    value = getattr(module, name)
    own = hasattr(module, "__all__") or getattr(value, "__module__", "") == module.__name__
    return own and inspect.isfunction(inspect.unwrap(value)) and not name.startswith("_")


def test_what_is_missing_or_gone_is_seen() -> None:
    text = "# Reference\n\n### `viz.metrics`\n\n- `entropy`: spread\n- `gone`: it is\n"
    assert documented(text) == {"viz.metrics": {"entropy", "gone"}}
    assert documented(text)["viz.metrics"] ^ public_functions()["viz.metrics"] >= {"gone", "rollout"}
