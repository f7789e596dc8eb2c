"""The values of a link, one by one: untrusted, parsed and bounded; a bad one falls back, with a note.

Texts that are long travel compressed. Pure functions; what the values mean is known by `viz.view.state`.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from viz.errors import InputError, VizError
from viz.inputs.text import MAX_CHARACTERS, clean
from viz.language import _
from viz.models.model_name import check_allowed, parse_name

_Choice = TypeVar("_Choice", bound=str | None)
_Parsed = TypeVar("_Parsed")

_PACK_FROM = 600  # characters of a quoted text from which on it is compressed
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_PACKED = "~"  # marks a compressed text in a link


@dataclass(frozen=True)
class LinkValues:
    """The parameters of a link, and a note on each that was ignored so far."""

    params: Mapping[str, str]
    notes: list[VizError] = field(default_factory=list)

    def choice(self, name: str, choices: Sequence[_Choice], default: _Choice) -> _Choice:
        """The one of `choices` that the link names."""
        value = self.params.get(name)
        for choice in choices:
            if choice == value:
                return choice
        if value is not None:
            self._ignore(name)
        return default

    def number(self, name: str, default: int) -> int:
        """A number that counts from 1 in the link, from 0 here; not yet bounded by what it counts."""
        value = self.params.get(name)
        if value is None:
            return default
        if _NUMBER.fullmatch(value):
            return int(value) - 1
        self._ignore(name)
        return default

    def model(self, name: str, default: str) -> str:
        """The name of a model that may be used here, whether there is one or not."""
        if name not in self.params:
            return default
        try:
            model = parse_name(self.params[name])
            check_allowed(model)
        except VizError as error:
            self.notes.append(
                InputError(_("The link's value for {name} was ignored. {reason}"), name=name, reason=error)
            )
            return default
        return str(model)

    def parsed(self, name: str, read: Callable[[str], _Parsed], default: _Parsed) -> _Parsed:
        """What `read` makes of the value; it raises ValueError on a bad one."""
        if name not in self.params:
            return default
        try:
            return read(self.params[name])
        except ValueError:
            self._ignore(name)
            return default

    def text(self, name: str, default: str) -> str:
        """A text that a person typed once, cleaned; not longer than any text may be."""
        value = self.params.get(name)
        if value is None:
            return default
        try:
            text = unpack_text(value)
        except ValueError:
            self._ignore(name)
            return default
        if len(text) > MAX_CHARACTERS:
            self.notes.append(
                InputError(
                    _(
                        "The link's text has {length:,} characters; at most {limit:,} are taken. It was ignored."
                    ),
                    length=len(text),
                    limit=MAX_CHARACTERS,
                )
            )
            return default
        return clean(text)

    def _ignore(self, name: str) -> None:
        self.notes.append(
            InputError(
                _("The link's value for {name} is not one this app knows: {value}. It was ignored."),
                name=name,
                value=self.params[name],
            )
        )


@dataclass(frozen=True)
class Codec(Generic[_Parsed]):
    """How a link carries a value.

    `write` makes what stands in the link, None where nothing is to stand there. `read` takes the link, the name of the
    parameter and the default.
    """

    write: Callable[[_Parsed], str | None]
    read: Callable[[LinkValues, str, _Parsed], _Parsed]


def choice(options: Sequence[_Choice]) -> Codec[Any]:
    """One of these words."""
    return Codec(str, lambda link, name, default: link.choice(name, options, default))


def parsed(pack: Callable[[_Parsed], str], unpack: Callable[[str], _Parsed]) -> Codec[_Parsed]:
    """What `pack` makes of it, unless that is empty; `unpack` raises ValueError on what is none."""
    return Codec(
        lambda value: pack(value) or None, lambda link, name, default: link.parsed(name, unpack, default)
    )


def pack_text(text: str) -> str:
    """A text for a link: as it is when short, else compressed, as URL-safe base64 behind a mark."""
    plain = ("~" + text) if text.startswith(_PACKED) else text
    if len(urlencode({"": plain})) <= _PACK_FROM:
        return plain
    squeezed = zlib.compress(text.encode("utf-8"), 9)
    return _PACKED + "z" + base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")


def unpack_text(value: str) -> str:
    """The text of a link. Raises ValueError on a value that holds none."""
    if not value.startswith(_PACKED):
        return value
    if value.startswith(_PACKED * 2):
        return value[1:]
    if not value.startswith(_PACKED + "z"):
        raise ValueError(value[:2])
    unpacker = zlib.decompressobj()
    try:
        squeezed = base64.b64decode(value[2:] + "=" * (-len(value[2:]) % 4), altchars=b"-_", validate=True)
        # Bounded: a few bytes can hold a text of gigabytes.
        raw = unpacker.decompress(squeezed, 4 * MAX_CHARACTERS + 4)
    except (binascii.Error, zlib.error) as exc:
        raise ValueError("not compressed") from exc
    if not unpacker.eof:
        raise ValueError("too long, or cut off")
    return raw.decode("utf-8")


FLAG = Codec(
    lambda value: "1" if value else "0",
    lambda link, name, default: link.choice(name, ("1", "0"), "1" if default else "0") == "1",
)
TEXT = Codec(pack_text, LinkValues.text)
