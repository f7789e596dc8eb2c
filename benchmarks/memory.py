"""How much memory a process takes."""

from pathlib import Path

import psutil


def resident(process: int | str = "self") -> int:
    """The resident memory of a process in bytes, by its id; 0 where it has ended or the system has no /proc."""
    return _status(process, "VmRSS:")


def family(process: int) -> int:
    """The resident memory of a process and of those it has started, in bytes; what they share counts for each."""
    return sum(resident(each) for each in _family(process))


def peak_of_family(process: int) -> int:
    """The most that each of a process and those it has started has had so far, in sum, in bytes."""
    return sum(peak(each) for each in _family(process))


def peak(process: int | str = "self") -> int:
    """The most resident memory that a process has had so far, in bytes; 0 as for `resident`."""
    return _status(process, "VmHWM:")


def _family(process: int) -> list[int]:
    try:
        return [process, *(each.pid for each in psutil.Process(process).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _status(process: int | str, name: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)
