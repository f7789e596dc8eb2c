"""Figures side by side with a baseline, measured in one run: `make bench`.

Each module here with a function `run() -> Iterator[Row]` is a benchmark; `timing` measures and `tutorial` is
the plain script that the app is compared with.
"""
