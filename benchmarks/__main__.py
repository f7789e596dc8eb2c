"""`python -m benchmarks [NAME ...]`: runs the benchmarks that are named, and prints their tables.

Without a name it compares the app with the tutorials' script and with bertviz in one table; `all` are all.
"""

import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Iterable
from itertools import groupby
from types import ModuleType

import torch

import benchmarks
from benchmarks.comparison import whole
from benchmarks.timing import Row

COMPARISON, ALL = "comparison", "all"


def found() -> dict[str, ModuleType]:
    """The benchmarks by name: modules of this package that have a `run`."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def show(rows: Iterable[Row]) -> None:
    """Print rows as they come, a heading for each group."""
    for group, members in groupby(rows, key=lambda row: row.group):
        print(f"\n{group}", flush=True)
        for row in members:
            figure = duration if row.unit == "s" else size
            ours = f"{row.what:<22} {figure(row.seconds)}"
            theirs = f"{row.baseline:<24} {figure(row.baseline_seconds)}"
            print(f"  {ours}   {theirs}   {row.ratio:7.3f} x  {row.verdict}".rstrip(), flush=True)


def duration(seconds: float) -> str:
    """Ten characters: milliseconds below a second."""
    return f"{seconds * 1000:7.1f} ms" if seconds < 1 else f"{seconds:7.2f} s "


def size(count: float) -> str:
    """Ten characters: megabytes of a million bytes, three decimals where they count."""
    return f"{count / 1e6:7.3f} MB" if count < 1e8 else f"{count / 1e6:7.0f} MB"


def main(names: list[str]) -> int:
    """Run the named benchmarks, the comparison if none is; 2 if there is no such one."""
    names = names or [COMPARISON]
    there = found()
    known = [COMPARISON, *there]
    if unknown := set(names) - {ALL, *known}:
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join([*known, ALL])}.")
        return 2
    chosen = [name for name in known if name in names or ALL in names]
    status = whole.main() if COMPARISON in chosen else 0
    if named := [name for name in chosen if name != COMPARISON]:
        _print_all(there, named)
    return status


def _print_all(there: dict[str, ModuleType], names: list[str]) -> None:
    threads = torch.get_num_threads()
    print(f"Python {platform.python_version()}, torch {torch.__version__}, {threads} threads, ", end="")
    print(f"{os.cpu_count()} cores. Medians; the ratio is ours over the baseline, below 1 is faster.")
    for name in names:
        print(f"\n== {name}")
        show(there[name].run())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
