"""Model files that arrive inside Python packages: found without importing, checked before use.

    find_folder(package)                 where the package lies, or a ModelFileError
    check_present(package, folder)       cheap: every file is there and has its size
    read_checked(package, folder, name)  the bytes of a file, of which the sha256 was compared

What was hashed is what the caller gets: a file is read once, and never opened again after the check.
"""

import hashlib
import importlib.util
import platform
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from viz.errors import ModelFileError
from viz.language import _


@dataclass(frozen=True)
class PinnedFile:
    """A file of which the content is known: its size in bytes and its sha256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """A Python package that carries a model.

    `requirement` is what pip takes, `folder` lies inside `module`, and `platforms` are the pairs of
    `sys.platform` and `platform.machine()` it has wheels for; empty means any.
    """

    model: str
    module: str
    folder: str
    requirement: str
    files: tuple[PinnedFile, ...]
    platforms: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """The command that puts the package right. Its dependencies are left as they are."""
        return f"pip install --force-reinstall --no-deps {self.requirement}"

    def pinned(self, name: str) -> PinnedFile:
        """The pinned file of that name."""
        return next(file for file in self.files if file.name == name)


def find_folder(package: Package) -> Path:
    """The folder with the package's model files.

    The package is looked up, not imported: importing may pull in libraries that are not needed.
    Raises ModelFileError when it is not installed, and says so when it has no wheel for this platform.
    """
    try:
        spec = importlib.util.find_spec(package.module)
    except (ImportError, ValueError):
        spec = None
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))) / package.folder
    computer = (sys.platform, platform.machine())
    if package.platforms and computer not in package.platforms:
        raise ModelFileError(
            _(
                "{model} cannot be used on this computer: its package {package} is not made for {platform}. "
                "Choose another model."
            ),
            model=package.model,
            package=package.requirement,
            platform=" ".join(computer),
        )
    raise ModelFileError(
        _("{model} cannot be loaded: its package {package} is not installed. Install it: {command}"),
        model=package.model,
        package=package.requirement,
        command=package.command,
    )


def check_present(package: Package, folder: Path) -> None:
    """Raise ModelFileError unless each pinned file is there with its size. Reads no content."""
    for file in package.files:
        _check_size(package, folder, file)


def read_checked(package: Package, folder: Path, name: str) -> bytes:
    """The bytes of the pinned file `name` in `folder`, once their sha256 is the pinned one.

    Raises ModelFileError when the file is missing, altered or unreadable; never reads more than the
    pinned size.
    """
    file = package.pinned(name)
    _check_size(package, folder, file)
    try:
        with (folder / file.name).open("rb") as handle:
            content = handle.read(file.size)
    except OSError as exc:
        raise _unreadable(package, file, exc) from exc
    received = hashlib.sha256(content).hexdigest()
    if received != file.sha256:
        raise _file_error(
            package,
            file,
            _(
                "{model} cannot be loaded: its file {file} is altered: "
                "sha256 {received} instead of {expected}. Install it again: {command}"
            ),
            received=received,
            expected=file.sha256,
        )
    return content


def _check_size(package: Package, folder: Path, file: PinnedFile) -> None:
    try:
        status = (folder / file.name).stat()
    except (FileNotFoundError, NotADirectoryError) as exc:
        missing = _("{model} cannot be loaded: its file {file} is missing. Install it again: {command}")
        raise _file_error(package, file, missing) from exc
    except OSError as exc:
        raise _unreadable(package, file, exc) from exc
    if not stat.S_ISREG(status.st_mode):
        raise _unreadable(package, file, "not a regular file")
    if status.st_size != file.size:
        raise _file_error(
            package,
            file,
            _(
                "{model} cannot be loaded: its file {file} is altered: "
                "{received} bytes instead of {expected}. Install it again: {command}"
            ),
            received=status.st_size,
            expected=file.size,
        )


def _unreadable(package: Package, file: PinnedFile, reason: object) -> ModelFileError:
    message = _(
        "{model} cannot be loaded: its file {file} cannot be read ({reason}). Install it again: {command}"
    )
    return _file_error(package, file, message, reason=reason)


def _file_error(package: Package, file: PinnedFile, message: str, **values: object) -> ModelFileError:
    return ModelFileError(message, model=package.model, file=file.name, command=package.command, **values)
