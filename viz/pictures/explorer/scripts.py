"""Joins the modules of frontend/ into one script: a component takes one string, and there is no build.

Each module becomes a function that returns what it exports, so that names stay private to their file.
Only two forms are used, and only these are understood:

    import { a, b } from "../folder/other.js";
    export function a() {}         (also class, const, async function; in the entry, default)
"""

import re
from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "[./\w]*?(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default function\b", re.MULTILINE)


@cache
def script(entry: str) -> str:
    """The module `entry` (a name without .js) and all it imports, as one module with its default export."""
    return f"{_modules(entry)}\nexport default module_{entry}.main;\n"


@cache
def expression(entry: str) -> str:
    """The same as an expression whose value is the entry's default export, for a script that is no module."""
    return f"(() => {{\n{_modules(entry)}\nreturn module_{entry}.main;\n}})()"


@cache
def style() -> str:
    """All style sheets of frontend/, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(FRONTEND.glob("*.css")))


def _modules(entry: str) -> str:
    order: list[str] = []
    _visit(entry, order, ())
    return "\n".join(_wrapped(name) for name in order)


def _source(name: str) -> str:
    (path,) = FRONTEND.rglob(f"{name}.js")
    return path.read_text(encoding="utf-8")


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    assert name not in above, f"{name}.js imports itself by way of {' -> '.join(above)}"
    if name in order:
        return
    for match in _IMPORT.finditer(_source(name)):
        _visit(match[2], order, (*above, name))
    order.append(name)


def _wrapped(name: str) -> str:
    source = _IMPORT.sub(r"const {\1} = module_\2;\n", _source(name))
    exported = [match[2] for match in _EXPORT.finditer(source)]
    source = _EXPORT.sub(r"\1 \2", source)
    source, defaults = _DEFAULT.subn("function main", source)
    names = ", ".join([*exported, *["main"] * defaults])
    return f"const module_{name} = (() => {{\n{source}\nreturn {{ {names} }};\n}})();\n"
