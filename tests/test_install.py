"""`make setup`: installs once, notices every change, and takes up what was stopped halfway."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "install.py"


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """What the script reads of an environment; nothing runs in it."""
    folder = tmp_path / "venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("version = 3.11.7\n")
    return folder


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("one==1\n")
    dev = tmp_path / "requirements-dev.txt"
    dev.write_text("-r requirements.txt\ntwo==2\n")
    return dev


def count_pip_runs(install: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> list[Path]:
    """Replaces pip: the files it was called for, each call ending with `status`."""
    runs: list[Path] = []

    def run_pip_install(file: Path, venv: Path) -> int:
        assert not list(venv.glob(".stamps/*")), "a stamp may not outlive the start of an installation"
        runs.append(file)
        return status

    monkeypatch.setattr(install, "run_pip_install", run_pip_install)
    return runs


def test_what_is_installed_is_not_installed_again(
    install: ModuleType, venv: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = count_pip_runs(install, monkeypatch)
    install.ensure_installed(requirements, venv)
    os.utime(requirements, (0, 0))
    install.ensure_installed(requirements, venv)
    assert runs == [requirements]


@pytest.mark.parametrize("changed", ["requirements-dev.txt", "requirements.txt", "venv/pyvenv.cfg"])
def test_a_change_is_installed_once(
    install: ModuleType, venv: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    runs = count_pip_runs(install, monkeypatch)
    install.ensure_installed(requirements, venv)
    with (requirements.parent / changed).open("a") as file:
        file.write("three==3\n")
    install.ensure_installed(requirements, venv)
    install.ensure_installed(requirements, venv)
    assert len(runs) == 2


def test_a_failed_installation_is_tried_again(
    install: ModuleType, venv: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = count_pip_runs(install, monkeypatch, status=1)
    with pytest.raises(SystemExit, match="could not be installed"):
        install.ensure_installed(requirements, venv)
    assert len(failed) == 1
    again = count_pip_runs(install, monkeypatch)
    install.ensure_installed(requirements, venv)
    assert len(again) == 1


def test_going_back_after_a_failed_change_installs_again(
    install: ModuleType, venv: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = requirements.read_text()
    count_pip_runs(install, monkeypatch)
    install.ensure_installed(requirements, venv)
    requirements.write_text("two==3\n")
    count_pip_runs(install, monkeypatch, status=1)
    with pytest.raises(SystemExit):
        install.ensure_installed(requirements, venv)
    requirements.write_text(before)
    runs = count_pip_runs(install, monkeypatch)
    install.ensure_installed(requirements, venv)
    assert runs == [requirements]


@pytest.mark.parametrize("running", [(3, 10), (3, 14), (2, 7)])
def test_an_unsupported_python_is_refused_in_one_line(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, running: tuple[int, int]
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as refused:
        install.choose_python(running, only_this_python=False)
    message = str(refused.value)
    assert "Python 3.11 to 3.13 is needed" in message
    assert f"{running[0]}.{running[1]}" in message
    assert "\n" not in message


def test_a_supported_python_is_found_beside_an_unsupported_one(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: {"python3.12": "/there/python3.12"}.get(name))
    monkeypatch.setattr(install, "version_of", lambda path: (3, 12))
    assert install.choose_python((3, 14), only_this_python=False) == Path("/there/python3.12")
    with pytest.raises(SystemExit):
        install.choose_python((3, 14), only_this_python=True)


@pytest.mark.parametrize("name", ["no/such/python", "."])
def test_what_is_no_python_has_no_version(install: ModuleType, tmp_path: Path, name: str) -> None:
    assert install.version_of(tmp_path / name) is None
    assert install.version_of(sys.executable) == sys.version_info[:2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest package that pip installs, with no network."""
    path = tmp_path_factory.mktemp("wheel") / "tiny-1.0-py3-none-any.whl"
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tiny.py", "answer = 42\n")
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


@pytest.mark.slow
def test_an_installation_killed_halfway_is_finished(
    install: ModuleType, tmp_path: Path, wheel: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, venv = tmp_path / "requirements.txt", tmp_path / "venv"
    file.write_text(f"{wheel}\n")
    install.ensure_venv(venv)
    install.ensure_installed(file, venv)
    assert answer_in(venv) == 42
    assert "Successfully installed tiny" in capfd.readouterr().out

    # What a pip leaves that is killed between unpacking and recording: its metadata, part of its files.
    next(venv.glob(".stamps/*")).unlink()
    next(venv.glob("lib/*/site-packages/tiny-1.0.dist-info/INSTALLER")).unlink()
    next(venv.glob("lib/*/site-packages/tiny.py")).unlink()

    install.ensure_venv(venv)
    install.ensure_installed(file, venv)
    assert answer_in(venv) == 42
    install.ensure_installed(file, venv)
    assert capfd.readouterr().out.splitlines()[-1] == "requirements.txt: all of it is installed"


def answer_in(venv: Path) -> int:
    asked = [str(venv / "bin" / "python"), "-c", "import tiny; print(tiny.answer)"]
    return int(subprocess.check_output(asked))
