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

from viz.errors import InputError, TextTooLong, VizError
from viz.inputs.text import MAX_CHARACTERS, clean
from viz.language import _
from viz.models.model_name import check_allowed, parse_name

_Value = TypeVar("_Value")

_PACK_FROM = 600  # characters of a quoted text from which on it is compressed
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_PACKED = "~"  # marks a compressed text in a link


@dataclass(frozen=True)
class Codec(Generic[_Value]):
    """How a link carries a value.

    `write` makes what stands in the link, None where nothing is to stand there. `read` makes the value of it again; it
    raises `ValueError` on a bad one, and `VizError` where there is more to say.
    """

    write: Callable[[_Value], str | None]
    read: Callable[[str], _Value]


@dataclass(frozen=True)
class LinkValues:
    """The parameters of a link, and a note on each that was ignored so far."""

    params: Mapping[str, str]
    notes: list[VizError] = field(default_factory=list)

    def read(self, name: str, codec: Codec[_Value], default: _Value) -> _Value:
        """The value of this name; the default where there is none, or a bad one, which is noted."""
        if name not in self.params:
            return default
        try:
            return codec.read(self.params[name])
        except ValueError:
            note: VizError = InputError(
                _("The link's value for {name} is not one this app knows: {value}. It was ignored."),
                name=name,
                value=self.params[name],
            )
        except TextTooLong as problem:
            note = problem
        except VizError as reason:
            note = InputError(
                _("The link's value for {name} was ignored. {reason}"), name=name, reason=reason
            )
        self.notes.append(note)
        return default


def choice(options: Sequence[str]) -> Codec[Any]:
    """One of these words."""
    return Codec(str, lambda value: options[options.index(value)])


def _read_number(value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return int(value)


def _read_model(value: str) -> str:
    """The name of a model that may be used here, whether there is one or not."""
    name = parse_name(value)
    check_allowed(name)
    return str(name)


def _read_text(value: str) -> str:
    """A text that a person typed once, cleaned; not longer than any text may be."""
    text = unpack_text(value)
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(
            _("The link's text has {length:,} characters; at most {limit:,} are taken. It was ignored."),
            length=len(text),
            limit=MAX_CHARACTERS,
        )
    return clean(text)


def parsed(pack: Callable[[_Value], str], unpack: Callable[[str], _Value]) -> Codec[_Value]:
    """What `pack` makes of it, unless that is empty; `unpack` raises ValueError on what is none."""
    return Codec(lambda value: pack(value) or None, unpack)


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


FLAG = Codec(lambda value: str(int(value)), lambda value: bool(("0", "1").index(value)))
MODEL = Codec(str, _read_model)
NUMBER = Codec(str, _read_number)
PLACE = Codec(
    lambda number: str(number + 1), lambda value: _read_number(value) - 1
)  # from 0; in a link from 1
TEXT = Codec(pack_text, _read_text)


def lines(most: int) -> Codec[tuple[str, ...]]:
    """So many lines at most; blank ones are left out."""
    return Codec(
        lambda value: pack_text("\n".join(value)),
        lambda value: tuple(line for line in _read_text(value).split("\n")[:most] if line),
    )
