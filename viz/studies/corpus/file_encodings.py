"""Bytes of a file as text: by the encoding that fits them best, or by one that a person names.

Old encodings leave no mark. They are told apart by how often their signs occur in each language, and a few words may
fit several of them: so a page shows what was read, and lets a person choose another.
"""

from collections.abc import Iterator

import chardet

# Python's names, the commonest first. Each contains the older ones of its region (Windows-1252 has Latin-1's letters).
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("cp1252", "gb18030", "big5hkscs", "cp932", "euc_jis_2004", "iso2022_jp_2", "cp949"),
    *("cp1250", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
)

# Of encodings that fit nearly as well as the best one, the commonest is taken.
_NEAR = 0.8
# Below this likelihood every guess is as good as any other, and a person has to say.
_LEAST = 0.01
_NONE_FITS = "utf-7"  # what chardet answers where none does; never taken


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str] | None:
    """The text without its byte order mark, and the encoding; None where the bytes are no text, or do not tell.

    An encoding that is named is the only one that is tried. Otherwise it is UTF-8 wherever that fits, and else the
    likeliest of `ENCODINGS`.
    """
    for candidate in _likely(data) if encoding is None else (encoding,):
        try:
            text = data.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, candidate
    return None


def _likely(data: bytes) -> Iterator[str]:
    """Encodings to be tried, the likeliest first."""
    # Zeros are those of UTF-16 and UTF-32, escape signs those of ISO-2022: both are valid UTF-8 as well.
    if b"\0" not in data and b"\x1b" not in data:
        yield "utf-8"
    ranked = chardet.detect_all(
        data,
        ignore_threshold=True,
        max_bytes=max(len(data), 1),
        prefer_superset=True,
        compat_names=False,
        include_encodings=(*ENCODINGS, _NONE_FITS),
        no_match_encoding=_NONE_FITS,
    )
    confidence = {
        name: guess["confidence"]
        for guess in ranked
        if (name := guess["encoding"]) in ENCODINGS and guess["confidence"] >= _LEAST
    }
    best = max(confidence.values(), default=0.0)
    yield from sorted(
        confidence, key=lambda name: (-min(confidence[name], _NEAR * best), ENCODINGS.index(name))
    )
    yield "utf-8"
