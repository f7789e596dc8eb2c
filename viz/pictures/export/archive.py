"""A ZIP from a stranger, read with bounds: nothing in it becomes a path, and nothing grows without limit."""

import io
import zipfile
import zlib
from collections.abc import Mapping

import regex

from viz.errors import InputError, VizError
from viz.language import _

_NAME = regex.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_ENTRY = b"PK\x01\x02"  # how an entry of a ZIP's table of contents begins
_TIME = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file
_REGULAR = 0o644 << 16


def refused(reason: str) -> VizError:
    """The error for a file that is not what this app writes; `reason` is a message id."""
    return InputError(
        _("This file cannot be opened: {reason} Please choose a bundle that this app has made."),
        reason=InputError(reason),
    )


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """These files as a ZIP, without folders, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            assert _NAME.fullmatch(name), name
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = _REGULAR
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def read_zip(data: bytes, wanted: Mapping[str, int], *, most_files: int = 32) -> dict[str, bytes]:
    """Of the files in a ZIP those that are `wanted`, each with the most bytes it may have.

    Raises `InputError` where it is no ZIP, has too many files or one of them twice, where a name is a path, or
    where a wanted file is damaged, encrypted or larger than it says or may be. The rest is not unpacked.
    """
    # Counted before it is opened: a small file can list a million empty ones.
    if data.count(_ENTRY) > 2 * most_files:
        raise refused(_("it has too many files in it."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) > most_files:
                raise refused(_("it has too many files in it."))
            if len(set(names)) < len(names):
                raise refused(_("it has a file twice."))
            if not all(_NAME.fullmatch(name) for name in names):
                raise refused(_("it has a file with a name that may be a path."))
            return {
                entry.filename: _read(archive, entry, wanted[entry.filename])
                for entry in entries
                if entry.filename in wanted
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as exc:
        # NotImplementedError (another compression) and what encryption raises are RuntimeErrors.
        raise refused(_("it is damaged, or no ZIP file.")) from exc


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.file_size > most:
        raise refused(_("a file in it is too large."))
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise refused(_("a file in it is too large."))
    return content


_UNSAFE = regex.compile(r"[^A-Za-z0-9._-]+")

_LONGEST = 120


def file_name(*parts: str, ending: str) -> str:
    """The parts, joined and made safe: letters, digits, `.`, `_` and `-`, at most 120 characters and an ending.

    `file_name("org/model", "layer 3", ending="csv") == "org-model-layer-3.csv"`
    """
    joined = "-".join(cleaned for part in parts if (cleaned := _UNSAFE.sub("-", part).strip("-.")))
    stem = regex.sub(r"\.{2,}", ".", joined)[:_LONGEST].strip("-.") or "attention"
    return f"{stem}.{ending}"
