"""22.7 million, 3.2 MB."""

from viz.language import Language
from viz.ui.session import language

# Large numbers are said in thousands of thousands in English, in ten thousands in Chinese.
_UNITS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, "{number} trillion"), (1e9, "{number} billion"), (1e6, "{number} million")),
    "zh": ((1e12, "{number} 万亿"), (1e8, "{number} 亿"), (1e4, "{number} 万")),
}

_BRIEF: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, "{number} T"), (1e9, "{number} B"), (1e6, "{number} M")),
    "zh": _UNITS["zh"],
}


def counted(number: float, brief: bool = False) -> str:
    """A large number as people say it, three digits of it: 22.7 million, 1.57 trillion; 2271 万, 1.57 万亿.

    `brief` is for a picture: 22.7 M, 1.57 T.
    """
    for unit, said in (_BRIEF if brief else _UNITS)[language()]:
        if number >= unit:
            scaled = number / unit
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            text = f"{scaled:.{digits}f}"
            return said.format(number=text.rstrip("0").rstrip(".") if "." in text else text)
    return f"{number:,.0f}"


def byte_count(size: int) -> str:
    """Bytes as people write them: 512 B, 73.7 kB, 4.8 GB; decimal."""
    if size >= 1_000_000:
        return megabytes(size)
    return f"{size / 1000:.1f} kB" if size >= 1000 else f"{size} B"


def megabytes(nbytes: int) -> str:
    """A size as people write it: 3.2 MB, 440 MB, 1.5 GB; decimal, as the hub has it."""
    if nbytes >= 1_000_000_000:
        return f"{nbytes / 1e9:.1f} GB"
    return f"{nbytes / 1e6:.0f} MB" if nbytes >= 10_000_000 else f"{nbytes / 1e6:.1f} MB"
