"""What a run ran on, in one line for each thing that matters."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import torch

PACKAGES = ("streamlit", "transformers", "matplotlib", "seaborn", "bertviz")


def described(browser: str) -> list[str]:
    """The machine, Python and torch, the packages compared, the browser."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    threads = torch.get_num_threads()
    return [
        f"{processor()}, {os.cpu_count()} cores, {memory()} of memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, torch {torch.__version__} with {threads} threads",
        packages,
        browser or "no browser",
    ]


def processor(file: Path = Path("/proc/cpuinfo")) -> str:
    """What the processor is called, else its kind."""
    return _field(file, "model name") or platform.machine()


def memory(file: Path = Path("/proc/meminfo")) -> str:
    """How much memory there is, in gigabytes of 2**30 bytes."""
    found = _field(file, "MemTotal").split()
    return f"{int(found[0]) / 2**20:.0f} GiB" if found else "an unknown amount"


def _field(file: Path, name: str) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return next((value.strip() for key, value in pairs if key.strip() == name), "")
