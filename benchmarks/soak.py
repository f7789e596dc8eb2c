"""`python -m benchmarks.soak [MINUTES]`: people come and go for so long, and the server's memory is drawn.

Each person is a session of its own over Streamlit's WebSocket protocol: it opens some pages with a text, mostly one
that others have had, scrolls to their ends, looks, and leaves. Errors are counted, and the memory curve is kept as a
picture and as CSV.
"""

import csv
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.memory import family
from tests.harness.client import client
from tests.harness.server import ROOT, UNCAUGHT, Server, running

OUT = Path(__file__).parent / "out"
PEOPLE = 4
EVERY_S = 1.0
MOST_MINUTES = 24 * 60
PAGES = (
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
)
TEXTS = tuple(f"The animal number {n} did not cross the street because it was too tired." for n in range(200))
GROWTH = 1.15  # the most that the last fifth may have beside the second one


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
                seen.memory.append((passed, family(server.process.pid)))
                time.sleep(EVERY_S)
            seen.ended.set()
        if server.process.poll() is not None:
            seen.errors.append(f"the server ended by itself, with exit status {server.process.returncode}")
        seen.errors += [UNCAUGHT] * server.printed().count(UNCAUGHT)
    return seen


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


def draw(memory: list[tuple[float, int]]) -> Figure:
    """The memory curve: megabytes over minutes."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([seconds / 60 for seconds, _bytes in memory], [nbytes / 1e6 for _seconds, nbytes in memory])
    axes.set(xlabel="minutes", ylabel="resident memory (MB)", ylim=(0, None))
    axes.grid(alpha=0.3)
    return figure


def keep(seen: Soak, folder: Path) -> None:
    """Write soak.csv and soak.png into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "soak.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["seconds", "resident_bytes"])
        table.writerows((f"{seconds:.1f}", nbytes) for seconds, nbytes in seen.memory)
    draw(seen.memory).savefig(folder / "soak.png", dpi=120)


def main(arguments: list[str]) -> int:
    """Run it and print what came of it: 0, or 1 where there were errors or the memory went on growing."""
    minutes = float(arguments[0]) if arguments else 10.0
    if not 0 < minutes <= MOST_MINUTES:
        print(f"{minutes} minutes were asked for; at most {MOST_MINUTES} can be.")
        return 2
    print(f"{PEOPLE} people use the app for {minutes:g} minutes ...", flush=True)
    seen = soak(minutes * 60)
    keep(seen, OUT)
    fifth = max(1, len(seen.memory) // 5)
    early = max(nbytes for _seconds, nbytes in seen.memory[fifth : 2 * fifth] or seen.memory)
    late = max(nbytes for _seconds, nbytes in seen.memory[-fifth:])
    runs = sorted(seen.runs) or [0.0]
    print(f"{len(seen.runs)} pages opened; median {runs[len(runs) // 2]:.2f} s, ", end="")
    print(f"p95 {runs[int(len(runs) * 0.95)]:.2f} s; {len(seen.errors)} errors")
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
