"""How much memory a process takes."""

from collections.abc import Callable
from pathlib import Path

import psutil

Process = int | str
"""Its id, or "self"."""


def resident(process: Process = "self") -> int:
    """The resident memory of a process in bytes; 0 where it has ended or the system has no /proc."""
    return _kilobytes(process, "status", "VmRSS") * 1024


def peak(process: Process = "self") -> int:
    """The most resident memory that a process has had so far, in bytes; 0 as for `resident`."""
    return _kilobytes(process, "status", "VmHWM") * 1024


def private(process: Process) -> int:
    """The memory that a process shares with none, in bytes; 0 as for `resident`."""
    return _kilobytes(process, "smaps_rollup", "Private_Clean", "Private_Dirty") * 1024


def of_family(process: int, memory: Callable[[Process], int] = resident) -> int:
    """The sum for a process and those it has started, in bytes; of resident memory, what they share counts for each."""
    try:
        children = psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return 0
    return sum(memory(member) for member in (process, *(child.pid for child in children)))


def _kilobytes(process: Process, file: str, *names: str) -> int:
    try:
        lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(tuple(f"{name}:" for name in names)))
