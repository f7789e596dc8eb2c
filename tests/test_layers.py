"""Arrows between the rooms point one way, and the core knows neither Streamlit nor pyplot.

`LEVELS` is the picture: a room imports from its own level or from below, never from above, and two
rooms of one level never from each other. The checks are functions of a folder, so that they are
themselves tested, on small folders with one thing wrong.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

LEVELS = {
    "viz": -1,  # the package itself: a docstring
    "errors": 0,
    "messages": 0,
    "job": 0,
    "bertviz_scripts": 1,
    "models": 1,
    "text": 1,
    "tokens": 1,
    "tokenized": 1,
    "words": 1,
    "attention": 2,
    "metrics": 3,
    "corpus": 4,
    "importance": 4,
    "figures": 4,
    "explorer": 4,
    "export": 4,
    "bertviz": 4,
    "lessons": 5,
    "ui": 6,
    "pages": 7,
    "app": 7,
    "tests": 8,
    "benchmarks": 8,
}
KNOW_STREAMLIT = ("app.py", "pages/", "viz/ui/", "viz/explorer/component.py")
ONLY_IN = {
    "streamlit": KNOW_STREAMLIT,
    "bertviz": ("viz/bertviz.py",),
    "matplotlib.pyplot": (),
    "pylab": (),
}
APP_LINES = 80

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "streamlit" in sys.modules:
        sys.exit(f"importing {name} imports streamlit")
"""


def test_arrows_point_one_way() -> None:
    assert wrong_arrows(ROOT) == []


def test_streamlit_bertviz_and_pyplot_stay_where_they_belong() -> None:
    assert misplaced_imports(ROOT) == []


def test_importing_the_core_does_not_import_streamlit() -> None:
    modules = core_modules(ROOT)
    assert {"viz.errors", "viz.models", "viz.text", "viz.attention", "viz.metrics"} <= set(modules)
    assert import_in_a_process_of_its_own(ROOT, modules) == ""


def test_what_is_on_screen_is_known_without_streamlit() -> None:
    pure = ["viz.ui.view", "viz.ui.link_values", "viz.ui.saved", "viz.ui.restore", "viz.ui.lessons.link"]
    assert import_in_a_process_of_its_own(ROOT, pure) == ""


def test_app_is_short() -> None:
    lines = (ROOT / "app.py").read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < APP_LINES


def sources(root: Path) -> list[Path]:
    """All Python files of the app, as paths within `root`."""
    found = [*root.glob("app.py"), *root.glob("pages/**/*.py"), *root.glob("viz/**/*.py")]
    return sorted(path.relative_to(root) for path in found)


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """`viz.models.card` lies in models, `pages.explore` in pages; "" is outside the project."""
    first, *rest = module.split(".")
    if first == "viz" and rest:
        return rest[0]
    return first if first in LEVELS else ""


def imports_of(root: Path, path: Path) -> Iterator[str]:
    """The dotted names that a file imports anywhere in it; of `from a import b`, both `a` and `a.b`."""
    package = path.parent.parts
    for node in ast.walk(ast.parse((root / path).read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "__import__",
            "import_module",
            "importlib.import_module",
        ):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def arrows(root: Path) -> Iterator[tuple[Path, str, str]]:
    """(file, its room, a room that it imports from), a room's imports from itself left out."""
    for path in sources(root):
        room = room_of(module_of(path))
        for target in sorted({room_of(name) for name in imports_of(root, path)} - {room, ""}):
            if not (target == "viz" and room != "viz"):  # `from viz import text` names text, too
                yield path, room, target


def wrong_arrows(root: Path) -> list[str]:
    """What is wrong, a sentence each."""
    rooms = {room_of(module_of(path)) for path in sources(root)}
    wrong = [f"{room} has no level: give it one in LEVELS" for room in sorted(rooms - LEVELS.keys())]
    pairs = {(room, target) for _, room, target in arrows(root)}
    for path, room, target in arrows(root):
        if room not in LEVELS or target not in LEVELS:
            wrong.append(f"{path.as_posix()} imports {target}, and one of both has no level")
        elif LEVELS[target] > LEVELS[room]:
            wrong.append(f"{path.as_posix()} imports {target}, which lies above {room}")
        elif (target, room) in pairs and LEVELS[target] == LEVELS[room]:
            wrong.append(f"{path.as_posix()} imports {target}, which imports {room}")
    return wrong


def misplaced_imports(root: Path) -> list[str]:
    """Imports of what only certain files may import, a sentence each."""
    return [
        f"{path.as_posix()} imports {name}"
        for path in sources(root)
        for name, places in ONLY_IN.items()
        if any(found == name or found.startswith(f"{name}.") for found in imports_of(root, path))
        and not path.as_posix().startswith(places)
    ]


def core_modules(root: Path) -> list[str]:
    """All modules of viz that must not know Streamlit."""
    return [module_of(path) for path in sources(root) if not path.as_posix().startswith(KNOW_STREAMLIT)]


def import_in_a_process_of_its_own(root: Path, modules: list[str]) -> str:
    """Empty when all went well and streamlit was not imported, else what was wrong."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *modules],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return "" if done.returncode == 0 else done.stderr


# The tests of these tests.

CLEAN = {
    "app.py": "import streamlit\nfrom viz.ui import state\n",
    "pages/one.py": "import streamlit as st\nfrom viz.ui.state import x\nfrom viz.models import load\n",
    "viz/__init__.py": '"""A package."""\n',
    "viz/errors.py": "import json\n",
    "viz/models/__init__.py": "from viz.models.card import Card\n",
    "viz/models/card.py": "from viz.errors import Wrong\nfrom ..errors import Wrong\n",
    "viz/text.py": "from viz import errors, models\n",
    "viz/figures/heat.py": "from matplotlib.figure import Figure\nimport matplotlib\n",
    "viz/bertviz.py": "from bertviz import head_view\n",
    "viz/explorer/component.py": "import streamlit.components.v2\n",
    "viz/ui/state.py": "import streamlit as st\nfrom viz.text import y\n",
}


def make(root: Path, changes: dict[str, str]) -> Path:
    """A folder with the clean files, and `changes` over them."""
    for name, content in {**CLEAN, **changes}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    root = make(tmp_path, {})
    assert (wrong_arrows(root), misplaced_imports(root)) == ([], [])
    assert core_modules(root) == [
        "viz",
        "viz.bertviz",
        "viz.errors",
        "viz.figures.heat",
        "viz.models",
        "viz.models.card",
        "viz.text",
    ]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("viz/errors.py", "from viz.models import x", "models, which lies above errors"),
        ("viz/errors.py", "import viz.text", "text, which lies above errors"),
        ("viz/models/card.py", "from ..ui import x", "ui, which lies above models"),
        ("viz/models/card.py", "from viz import ui", "ui, which lies above models"),
        ("viz/models/card.py", "from viz import text", "text, which imports models"),
        ("viz/text.py", "def f():\n    from .attention import x", "attention, which lies above text"),
        (
            "viz/text.py",
            "import importlib\nimportlib.import_module('viz.export')",
            "export, which lies above text",
        ),
        ("viz/ui/state.py", "import app", "app, which lies above ui"),
        ("viz/ui/state.py", "from pages import one", "pages, which lies above ui"),
        ("viz/text.py", "from tests.layers import x", "tests, which lies above text"),
        ("viz/__init__.py", "from viz.errors import x", "errors, which lies above viz"),
    ],
)
def test_a_wrong_arrow_is_found(tmp_path: Path, path: str, content: str, expected: str) -> None:
    assert f"{path} imports {expected}" in wrong_arrows(make(tmp_path, {path: content}))


def test_a_room_without_a_level_is_found(tmp_path: Path) -> None:
    assert wrong_arrows(make(tmp_path, {"viz/attic.py": ""})) == ["attic has no level: give it one in LEVELS"]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("viz/text.py", "import streamlit", "streamlit"),
        ("viz/explorer/wire.py", "from streamlit.components import v2", "streamlit"),
        ("viz/text.py", "def f():\n    import streamlit as st", "streamlit"),
        ("viz/figures/heat.py", "import matplotlib.pyplot as plt", "matplotlib.pyplot"),
        ("pages/one.py", "from matplotlib import pyplot", "matplotlib.pyplot"),
        ("viz/ui/state.py", "import bertviz", "bertviz"),
    ],
)
def test_a_misplaced_import_is_found(tmp_path: Path, path: str, content: str, expected: str) -> None:
    assert misplaced_imports(make(tmp_path, {path: content})) == [f"{path} imports {expected}"]


def test_streamlit_behind_another_package_is_found(tmp_path: Path) -> None:
    behind = {"streamlit.py": "", "helper.py": "import streamlit\n", "viz/export.py": "import helper\n"}
    root = make(tmp_path, behind)
    assert import_in_a_process_of_its_own(root, ["viz", "viz.export"]).strip() == (
        "importing viz.export imports streamlit"
    )
    assert import_in_a_process_of_its_own(root, ["viz"]) == ""
    assert "No module named 'viz.gone'" in import_in_a_process_of_its_own(root, ["viz.gone"])
