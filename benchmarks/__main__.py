"""`python -m benchmarks [NAME ...]`: runs the benchmarks, all or those named, and prints their tables."""

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
from benchmarks.timing import Row


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
    """Run the named benchmarks, all if none is; 2 if there is no such one."""
    there = found()
    if unknown := set(names) - there.keys():
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join(there)}.")
        return 2
    threads = torch.get_num_threads()
    print(f"Python {platform.python_version()}, torch {torch.__version__}, {threads} threads, ", end="")
    print(f"{os.cpu_count()} cores. Medians; the ratio is ours over the baseline, below 1 is faster.")
    for name in names or there:
        print(f"\n== {name}")
        show(there[name].run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
