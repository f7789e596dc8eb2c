"""The script or bertviz in a process of its own: timed, its memory read, and ended where it takes too long.

`python -m benchmarks.comparison.worker script MODEL` reads a job a line and answers each with a line, both JSON.
"""

import importlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import peak

START_S = 60.0
ROOT = Path(__file__).resolve().parents[2]
Job = Callable[[Mapping[str, str]], int]
"""Does what is asked, and returns the bytes that a browser is given."""


@dataclass(frozen=True)
class Answer:
    """A job's beginning and end by the clock, in seconds; the bytes it made; the most memory the process has had."""

    began: float
    ended: float
    nbytes: int
    peak: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


class Worker:
    """A process that does jobs of one tool with one model. Ended with its block."""

    def __init__(self, tool: str, model: str) -> None:
        self.began = time.time()
        self._start_s = START_S
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed with the block
        self._process = subprocess.Popen(  # noqa: S603  this project's own program
            [sys.executable, "-m", "benchmarks.comparison.worker", tool, model],
            cwd=ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )

    def ask(self, within_s: float, **job: str) -> Answer | None:
        """What came of a job; None where it took longer than `within_s`, and the process is ended.

        The first one may take longer by what the process needs to start.
        Raises RuntimeError, with what it printed, where the process ends by itself.
        """
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        with suppress(BrokenPipeError):  # then there is no answer either
            asked.write(json.dumps(job).encode() + b"\n")
        if not select.select([answers], [], [], within_s + self._start_s)[0]:
            self._process.kill()
            return None
        self._start_s = 0.0
        if line := answers.readline():
            return Answer(**json.loads(line))
        status = self._process.wait()
        self._log.seek(0)
        printed = self._log.read().decode(errors="replace")[-2000:]
        raise RuntimeError(f"A process to compare with ended with status {status}. It printed:\n{printed}")

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_raised: object) -> None:
        self._process.kill()
        with self._process, self._log:
            pass


def main(tool: str, model: str) -> None:
    """Do jobs until there are no more."""
    jobs: dict[str, Job] = importlib.import_module(f"benchmarks.comparison.{tool}").jobs(model)
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.time()
        nbytes = jobs[asked.pop("job")](asked)
        answer = {"began": began, "ended": time.time(), "nbytes": nbytes, "peak": peak()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
