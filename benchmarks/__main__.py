"""`python -m benchmarks [NAME ...]`: runs the benchmarks that are named, and prints their tables.

Without a name it compares the app with the tutorials' script and with bertviz in one table; `all` are all.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator

import torch

from benchmarks import explorer, explorer_browser, heads, pictures, soak, training
from benchmarks.comparison import whole
from benchmarks.timing import Row, show

COMPARISON, ALL = "comparison", "all"
PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "explorer": explorer.run,
    "explorer_browser": explorer_browser.run,
    "first_picture": pictures.first_picture,
    "importance": heads.importance,
    "many_texts": soak.many_texts,
    "overview": pictures.every_head,
    "roles": heads.roles,
    "training": training.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, the comparison if none is; 2 if there is no such one."""
    names = names or [COMPARISON]
    known = [COMPARISON, *PARTS]
    if unknown := set(names) - {ALL, *known}:
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join([*known, ALL])}.")
        return 2
    chosen = known if ALL in names else [name for name in known if name in names]
    status = whole.main() if COMPARISON in chosen else 0
    parts = [name for name in chosen if name != COMPARISON]
    if parts:
        print(f"Python {platform.python_version()}, torch {torch.__version__}, ", end="")
        print(f"{torch.get_num_threads()} threads, {os.cpu_count()} cores. ", end="")
        print("Medians; the ratio is ours over the baseline, below 1 is faster.")
    for name in parts:
        print(f"\n== {name}")
        show(PARTS[name]())
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
