"""`python -m benchmarks.soak [MINUTES]`: people come and go for so long, and the server's memory is drawn.

Each person is a session of its own over Streamlit's WebSocket protocol: it opens some pages with a text, mostly one
that others have had, scrolls to their ends, looks, and leaves. Errors are counted, and the memory curve is kept as a
picture and as CSV.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.memory import of_family, resident
from benchmarks.timing import Row
from tests.harness.client import client
from tests.harness.server import ROOT, UNCAUGHT, Server, running
from viz.models.settings import settings
from viz.ui.progress.shared_results import residents, shared, shared_bytes, shared_payload, shared_result
from viz.view.state import DEFAULT

OUT = Path(__file__).parent / "out"
PEOPLE = 4
EVERY_S = 1.0
MOST_MINUTES = 24 * 60
PAGES = [
    "",
    "heads",
    "texts",
    "tokens",
    "roles",
    "flow",
    "bertviz",
    "learn",
    "why",
    "inside",
    "limits",
    "guide",
]
TEXTS = tuple(f"The animal number {n} did not cross the street because it was too tired." for n in range(200))
GROWTH = 1.15  # the most that the last fifth may have beside the second one
MANY = 2000
PICTURE = 200_000  # bytes, as a large one takes: so many texts make more than is kept
WORDS = "the teacher gave every student a long book because they asked for"


@dataclass
class Soak:
    """What has happened so far. `memory` is (seconds, bytes) from the start."""

    memory: list[tuple[float, int]] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


def soak(seconds: float) -> Soak:
    """Have the people use a server of its own for so long."""
    seen = Soak()
    with running(ROOT / "app.py") as server:
        with ThreadPoolExecutor(PEOPLE) as people:
            for person in range(PEOPLE):
                people.submit(_use, server, seen, random.Random(person))  # noqa: S311 - no secret
            start = time.monotonic()
            while (passed := time.monotonic() - start) < seconds and server.process.poll() is None:
                seen.memory.append((passed, of_family(server.process.pid)))
                time.sleep(EVERY_S)
            seen.ended.set()
        seen.errors += problems_of(server)
    return seen


def problems_of(server: Server) -> list[str]:
    """What went wrong in a server that should still run: its end, and what the app did not catch."""
    status = server.process.poll()
    problems = [] if status is None else [f"the server ended by itself, with exit status {status}"]
    for printed in server.printed().split(UNCAUGHT)[1:]:
        # What was raised stands in the first line after a traceback that is not indented.
        lines = printed.partition("Traceback")[2].splitlines()[1:]
        raised = next((line for line in lines if line and not line.startswith(" ")), "")
        problems.append(f"{UNCAUGHT}: {raised[:200]}")
    return problems


def _use(server: Server, seen: Soak, chance: random.Random) -> None:
    while not seen.ended.is_set():
        try:
            with client(server.url) as person:
                for page in chance.sample(PAGES, chance.randint(1, 4)):
                    view = {
                        "text": chance.choice(TEXTS),
                        "layer": chance.randint(1, 6),
                        "head": chance.randint(1, 12),
                    }
                    start = time.perf_counter()
                    person.open(page, urlencode(view))
                    person.scroll()
                    seen.runs.append(time.perf_counter() - start)
                    seen.errors += [f"/{page}: {problem}" for problem in person.problems]
                    seen.ended.wait(chance.uniform(0, 1))
        except Exception as exc:  # noqa: BLE001 - counted, and the next one comes
            seen.errors.append(f"{type(exc).__name__}: {exc}")
            seen.ended.wait(1)


def keep(memory: pd.Series, folder: Path) -> None:
    """Write the bytes by seconds as soak.csv, and their curve in megabytes over minutes as soak.png, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    memory.to_csv(folder / "soak.csv", index_label="seconds", header=["resident_bytes"])
    figure = Figure(figsize=(8, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(memory.index / 60, memory / 1e6)
    axes.set(xlabel="minutes", ylabel="resident memory (MB)", ylim=(0, None))
    axes.grid(alpha=0.3)
    figure.savefig(folder / "soak.png", dpi=120)


def many_texts() -> Iterator[Row]:
    """2,000 different texts in a row: the most bytes held at any time, beside the limit; and the process's memory."""
    model = residents().load(DEFAULT.model)
    made, most, before = 0, 0, 0
    for number in range(MANY):
        view = replace(DEFAULT, text=f"{number} {WORDS} {number % 97}.")
        result = shared_result(model, view.text, view.pair)
        payload = shared_payload(result, view)
        shared_bytes(("picture", view.text), lambda: bytes(PICTURE))
        made += 2 * result.nbytes + payload.nbytes + PICTURE
        most = max(most, shared().nbytes)
        if number == MANY * 3 // 4:  # by then as much is kept as may be
            before = resident()
    limit = settings().cache_mb * 2**20
    print(f"  {MANY:,} texts made {made:,} bytes; at most {most:,} were held of the {limit:,} that may be")
    yield Row("what is kept", "at the most", most, "limit", limit, 1.0, "bytes")
    yield Row("the process", "after all texts", resident(), "after three quarters", before, 1.15, "bytes")


def main(arguments: list[str]) -> int:
    """Run it and print what came of it: 0, or 1 where there were errors or the memory went on growing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="People come and go.")
    parser.add_argument("minutes", nargs="?", type=float, default=10.0)
    minutes = parser.parse_args(arguments).minutes
    if not 0 < minutes <= MOST_MINUTES:
        parser.error(f"{minutes} minutes were asked for; at most {MOST_MINUTES} can be.")
    print(f"{PEOPLE} people use the app for {minutes:g} minutes ...", flush=True)
    seen = soak(minutes * 60)
    memory = pd.Series(dict(seen.memory))
    keep(memory, OUT)
    fifth = max(1, len(memory) // 5)
    early = memory.iloc[fifth : 2 * fifth].max() if len(memory) > 1 else memory.max()
    late = memory.iloc[-fifth:].max()
    median, slow = np.quantile(seen.runs or [0.0], [0.5, 0.95])
    print(
        f"{len(seen.runs)} pages opened; median {median:.2f} s, p95 {slow:.2f} s; {len(seen.errors)} errors"
    )
    for error in sorted(set(seen.errors))[:20]:
        print(f"  {error}")
    print(
        f"memory: {early / 1e6:.0f} MB in the second fifth of the time, {late / 1e6:.0f} MB in the last ",
        end="",
    )
    print(f"({late / max(1, early):.2f} x, at most {GROWTH} where it runs for 10 minutes)")
    print(f"The curve: {OUT / 'soak.png'}, {OUT / 'soak.csv'}")
    grown = minutes >= 10 and late > GROWTH * early
    return 1 if seen.errors or grown or not seen.runs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
