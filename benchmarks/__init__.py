"""Figures side by side with a baseline, measured in one run: `make bench`.

`comparison` is the one that runs by itself. Beside it each module here with a function `run() -> Iterator[Row]` is a
benchmark of a part, run by its name or with `all`; `timing` measures and `tutorial` is the plain script that the app is
compared with.
"""
