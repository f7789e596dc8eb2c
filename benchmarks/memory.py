"""How much memory a process takes."""

from pathlib import Path


def resident(process: int | str = "self") -> int:
    """The resident memory of a process in bytes, by its id; 0 where it has ended or the system has no /proc."""
    return _status(process, "VmRSS:")


def peak(process: int | str = "self") -> int:
    """The most resident memory that a process has had so far, in bytes; 0 as for `resident`."""
    return _status(process, "VmHWM:")


def _status(process: int | str, name: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)
