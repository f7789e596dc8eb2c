"""What a file is called: what is in it, in characters that every system takes."""

import regex

_UNSAFE = regex.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 120


def file_name(*parts: str, ending: str) -> str:
    """The parts, joined and made safe: letters, digits, `.`, `_` and `-`, at most 120 characters and an ending.

    `file_name("org/model", "layer 3", ending="csv") == "org-model-layer-3.csv"`
    """
    joined = "-".join(cleaned for part in parts if (cleaned := _UNSAFE.sub("-", part).strip("-.")))
    stem = regex.sub(r"\.{2,}", ".", joined)[:_LONGEST].strip("-.") or "attention"
    return f"{stem}.{ending}"
