"""The house is easy to find one's way in: small rooms, short files, no two of one name, and a core without Streamlit.

Which room may import from which is a contract in pyproject.toml, checked by `make lint`; here the contracts are tried
on a wrong import. The other checks are functions of a folder, and are themselves tested on small folders.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MOST_ENTRIES = 14
MOST_LINES = 300
APP_LINES = 80
KNOW_STREAMLIT = ("app.py", "pages/", "viz/ui/")

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "streamlit" in sys.modules:
        sys.exit(f"importing {name} imports streamlit")
"""


def test_no_folder_is_crowded() -> None:
    assert crowded(ROOT) == []


def test_no_file_is_long() -> None:
    assert long_files(ROOT) == []


def test_no_two_modules_share_a_name() -> None:
    assert shared_names(ROOT) == []


def test_every_folder_says_what_it_is_for() -> None:
    assert silent_folders(ROOT) == []


@pytest.mark.slow
def test_importing_the_core_does_not_import_streamlit() -> None:
    modules = core_modules(ROOT)
    assert {"viz.errors", "viz.models", "viz.inputs.text", "viz.attention", "viz.metrics"} <= set(modules)
    assert import_in_a_process_of_its_own(ROOT, modules) == ""


def test_app_is_short() -> None:
    lines = (ROOT / "app.py").read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < APP_LINES


def code_files(root: Path) -> list[Path]:
    """All Python and JavaScript files of the app and its tools."""
    found = [*root.glob("viz/**/*"), *root.glob("tools/**/*"), *root.glob("pages/*"), root / "app.py"]
    return sorted(path for path in found if path.suffix in (".py", ".js"))


def crowded(root: Path) -> list[str]:
    """Folders of viz/ with more than fourteen files and folders, a sentence each."""
    folders = [root / "viz", *(path for path in (root / "viz").rglob("*") if path.is_dir())]
    counts = {
        folder: sum(entry.name != "__pycache__" for entry in folder.iterdir())
        for folder in folders
        if "__pycache__" not in folder.parts
    }
    return [
        f"{folder.relative_to(root)} holds {count} entries"
        for folder, count in counts.items()
        if count > MOST_ENTRIES
    ]


def long_files(root: Path) -> list[str]:
    """Files of more than 300 lines, a sentence each."""
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code_files(root)}
    return [
        f"{path.relative_to(root)} has {count} lines" for path, count in counts.items() if count > MOST_LINES
    ]


def shared_names(root: Path) -> list[str]:
    """Names that two modules of viz/ have, in one language, with both paths."""
    places = defaultdict(list)
    for path in (root / "viz").rglob("*"):
        if path.suffix in (".py", ".js") and not path.stem.startswith("__"):
            places[path.name].append(path.relative_to(root).as_posix())
    return [f"{name}: {', '.join(sorted(paths))}" for name, paths in places.items() if len(paths) > 1]


def silent_folders(root: Path) -> list[str]:
    """Packages of viz/ and tools/ whose __init__.py is missing or has no docstring."""
    folders = {path.parent for folder in ("viz", "tools") for path in (root / folder).rglob("*.py")}
    return sorted(
        folder.relative_to(root).as_posix()
        for folder in folders
        if not (folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    )


def core_modules(root: Path) -> list[str]:
    """All modules of viz that must not know Streamlit."""
    paths = sorted(path.relative_to(root) for path in (root / "viz").rglob("*.py"))
    names = [path for path in paths if not path.as_posix().startswith(KNOW_STREAMLIT)]
    return [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in names]


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


def make(root: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    many = {f"viz/models/m{number}.py": "" for number in range(15)}
    root = make(
        tmp_path,
        {"viz/__init__.py": '"""A package."""\n', "app.py": "\n" * 301, "viz/ui/m3.py": "", **many},
    )
    assert crowded(root) == ["viz/models holds 15 entries"]
    assert long_files(root) == ["app.py has 301 lines"]
    assert shared_names(root) == ["m3.py: viz/models/m3.py, viz/ui/m3.py"]
    assert silent_folders(root) == ["viz/models", "viz/ui"]


def test_streamlit_behind_another_package_is_found(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "streamlit.py": "",
            "helper.py": "import streamlit\n",
            "viz/__init__.py": '"""A package."""\n',
            "viz/export.py": "import helper\n",
        },
    )
    assert import_in_a_process_of_its_own(root, ["viz", "viz.export"]).strip() == (
        "importing viz.export imports streamlit"
    )
    assert import_in_a_process_of_its_own(root, ["viz"]) == ""
    assert "No module named 'viz.gone'" in import_in_a_process_of_its_own(root, ["viz.gone"])


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("viz/models/card.py", "from viz.ui.session import view", "Rooms import from the rooms below them"),
        ("viz/attention/checks.py", "from viz.attention import run", "No two neighbours"),
        ("viz/view/link.py", "import streamlit", "Only viz.ui knows Streamlit"),
        ("viz/lessons/handout.py", "import tools.translator.train", "The app imports no tool"),
        ("viz/pictures/bertviz.py", "from bertviz import head_view", "The views of bertviz"),
    ],
)
def test_a_wrong_import_breaks_its_contract(tmp_path: Path, path: str, line: str, contract: str) -> None:
    for folder in ("viz", "tests", "benchmarks", "tools", "pyproject.toml"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    # The file that changes is a file of its own, and so are the folders above it.
    for part in reversed(Path(path).parents[:-1]):
        above = tmp_path / part
        there = above.resolve()
        above.unlink()
        above.mkdir()
        for entry in there.iterdir():
            (above / entry.name).symlink_to(entry)
    source = (tmp_path / path).read_text(encoding="utf-8")
    (tmp_path / path).unlink()
    (tmp_path / path).write_text(f"{source}\n{line}\n", encoding="utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert contract in done.stdout.partition("Broken contracts")[2].replace("\n", " ")
