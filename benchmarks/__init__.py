"""Figures side by side with a baseline, measured in one run: `make bench`.

`comparison` is the one that runs by itself. Beside it, `__main__` names the benchmarks of parts, each a function that
yields a `Row` for what it measures; `timing` measures and prints them, and `tutorial` is the plain script that the app
is compared with. `load` and `soak` are programs of their own.
"""
