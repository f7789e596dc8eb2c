"""Docstrings are whole: none is broken over two lines as two strings are."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_STRAY = re.compile(r'"\s*\n\s*"')


def test_no_docstring_has_quotes_at_the_end_of_a_line() -> None:
    files = [
        *ROOT.glob("*.py"),
        *(path for name in ("viz", "pages", "benchmarks", ".ci") for path in ROOT.glob(f"{name}/**/*.py")),
    ]
    broken = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and _STRAY.search(node.value.value)
    ]
    assert len(files) > 200
    assert broken == []
