"""What a run ran on, in one line for each thing that matters."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil
import torch

PACKAGES = ("streamlit", "transformers", "matplotlib", "seaborn", "bertviz")


def described(browser: str) -> list[str]:
    """The machine, Python and torch, the packages compared, the browser."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    threads = torch.get_num_threads()
    memory = psutil.virtual_memory().total / 2**30
    return [
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, torch {torch.__version__} with {threads} threads",
        packages,
        browser or "no browser",
    ]


def processor(file: Path = Path("/proc/cpuinfo")) -> str:
    """What the processor is called, else its kind."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
