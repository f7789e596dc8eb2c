"""What `make quick` leaves out is marked: files that start a server, and tests that compute for seconds."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOMS = {path.name for path in (TESTS.parent / "viz").iterdir() if (path / "__init__.py").exists()}


def marks(path: Path) -> set[str]:
    """The marks that all tests of a file have."""
    assigned = [
        node.value
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return {mark.attr for value in assigned for mark in ast.walk(value) if isinstance(mark, ast.Attribute)}


def test_every_room_has_tests_among_the_quick_ones() -> None:
    quick = {
        path.relative_to(TESTS).parts[0]
        for path in TESTS.rglob("test_*.py")
        if not marks(path) & {"server", "slow"}
    }
    assert (ROOMS - {"language"}) | {"pages", "tools", "benchmarks", "test_locale.py"} <= quick


def test_who_starts_a_server_is_marked() -> None:
    start = re.compile(r"^from tests\.harness\.server import .*\brunning", re.MULTILINE)
    files = [path for path in TESTS.rglob("test_*.py") if TESTS / "e2e" not in path.parents]
    starters = {path for path in files if start.search(path.read_text(encoding="utf-8"))}
    assert starters == {path for path in files if "server" in marks(path)}
    assert starters
