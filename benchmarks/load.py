"""`python -m benchmarks.load [PEOPLE ...] [--looks LEAST MOST]`: a class of so many at once, each a real client.

Each opens the app, pastes a text, changes the head ten times, visits three pages, and leaves; between steps they look
for a while, by default 15 to 45 seconds. A share of them pastes the same text. A few sit at real tabs of Chromium, the
others speak its protocol. Each class has a server of its own, on this machine, of which the memory is read all the
while. Without a number the classes are of 10, 30 and 100.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np
from playwright.async_api import Browser, async_playwright

from benchmarks.load_people import PAGES, Plan, Seen, come_and_go, common_text, planned
from benchmarks.memory import of_family
from benchmarks.soak import problems_of
from benchmarks.timed_server import MARK, digest
from tests.harness import browser as browsers
from tests.harness.client import visitor
from tests.harness.server import ROOT, Server, running
from tests.harness.watch import CHROMIUM_ARGUMENTS

PEOPLE = (10, 30, 100)
MOST = 300
LONGEST_S = 600.0
TABS = 3  # of the people, in Chromium
SHARED = 0.3  # of the people paste the same text
LOOKS_S = (15.0, 45.0)  # at each thing, before the next step; they arrive within the longest of it
SETTLE_S = 40.0  # after the first visit: at both ends the server has had the time to give memory back
REST_S = 120.0
SEED = 20
LOOK_EVERY_S = 0.5
KINDS = ("first picture", "new text", "head change", "page visit")
AT_MOST_S = {"new text": 2.0, "head change": 1.0, "page visit": 1.0}  # at the 95th percentile
MEMORY_AFTER = 1.15


@dataclass(frozen=True)
class Memory:
    """Resident bytes of a server and its drawers: after one has opened each page, at most, after a rest."""

    before: int
    peak: int
    after: int


def held(people: int, looks: tuple[float, float]) -> list[str]:
    """Have a class of so many use a server of its own, and print how it went; the targets that were missed."""
    plans = planned(people, SHARED, max(looks), looks, SEED)
    seen = Seen()
    with running(ROOT / "app.py", module="benchmarks.timed_server") as server:
        memory = asyncio.run(_class(server, plans, seen))
        seen.errors += problems_of(server)
        printed = server.printed()
    computed = Counter(line.split()[-1] for line in printed.splitlines() if line.startswith(MARK))
    return _shown(plans, seen, memory, computed[digest(common_text(plans))])


async def _class(server: Server, plans: list[Plan], seen: Seen) -> Memory:
    """All of them, each when they come; the server's memory meanwhile."""
    async with AsyncExitStack() as stack:
        browser = await _chromium(stack)
        async with visitor(server.url) as first:  # who comes first loads the model, and each page's libraries
            for page in ("", *PAGES):
                await first.open(page)
        await asyncio.sleep(SETTLE_S)
        before = peak = of_family(server.process.pid)
        tasks = [
            asyncio.create_task(come_and_go(server.url, plan, seen, browser if _has_tab(at, plans) else None))
            for at, plan in enumerate(plans)
        ]
        while any(not task.done() for task in tasks):
            peak = max(peak, of_family(server.process.pid))
            await asyncio.sleep(LOOK_EVERY_S)
    await asyncio.sleep(REST_S)
    return Memory(before, peak, of_family(server.process.pid))


def _has_tab(at: int, plans: list[Plan]) -> bool:
    """Whether this one sits at a browser: a few, spread over all."""
    every = max(1, len(plans) // TABS)
    return at % every == 0 and at // every < TABS


async def _chromium(stack: AsyncExitStack) -> Browser | None:
    found = browsers.find()
    if found is None:
        print(f"There is no browser: all speak the protocol. {browsers.HELP}")
        return None
    playwright = await stack.enter_async_context(async_playwright())
    browser = await playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
    stack.push_async_callback(browser.close)
    return browser


def _shown(plans: list[Plan], seen: Seen, memory: Memory, computed: int) -> list[str]:
    """Print the table of a class; the targets that it missed."""
    missed = []
    for kind in KINDS:
        times = seen.seconds.get(kind, [])
        if not times:
            missed.append(f"nobody came to: {kind}")
            continue
        late = np.quantile(times, 0.95)
        line = f"  {kind:<14} {len(times):5} times   median {statistics.median(times):5.2f} s   p95 {late:5.2f} s"
        if (most := AT_MOST_S.get(kind)) is not None:
            line += f"   at most {most:g} s: {'met' if late < most else 'MISSED'}"
            missed += [f"{kind}: p95 {late:.2f} s"] if late >= most else []
        print(line)
    print(f"  errors         {len(seen.errors):5}")
    for error, count in Counter(seen.errors).most_common(10):
        print(f"    {count} x {error}")
    missed += [f"{len(seen.errors)} errors"] if seen.errors else []
    sharing = sum(plan.text == common_text(plans) for plan in plans)
    print(f"  the text that {sharing} share was computed {computed} x; {seen.told_to_wait} were told to wait")
    missed += [f"the shared text was computed {computed} x"] if computed != 1 else []
    grown = memory.after / max(1, memory.before)
    print(
        f"  memory         before {memory.before / 1e6:.0f} MB   peak {memory.peak / 1e6:.0f} MB   "
        f"{REST_S:.0f} s after {memory.after / 1e6:.0f} MB ({grown:.2f} x)   "
        f"at most {MEMORY_AFTER:g} x: {'met' if grown <= MEMORY_AFTER else 'MISSED'}"
    )
    missed += [f"memory {grown:.2f} x"] if grown > MEMORY_AFTER else []
    return missed


def main(arguments: list[str]) -> int:
    """Run it for each number of people; 0, or 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description="A class of so many at once."
    )
    parser.add_argument("people", nargs="*", type=int, default=PEOPLE)
    parser.add_argument("--looks", nargs=2, type=float, default=LOOKS_S, metavar=("LEAST", "MOST"))
    given = parser.parse_args(arguments)
    least, most = given.looks
    if not all(1 <= people <= MOST for people in given.people) or not 0 < least <= most <= LONGEST_S:
        parser.error(
            f"1 to {MOST} people, who look more than 0 and at most {LONGEST_S:g} seconds, least first"
        )
    print(
        f"Each arrives within {most:g} s, and looks {least:g} to {most:g} s between steps; "
        f"{TABS} sit at Chromium. Memory before: {SETTLE_S:g} s after one person has opened each page. Seed {SEED}."
    )
    missed = []
    for people in given.people:
        print(f"\n{people} people ...", flush=True)
        start = time.monotonic()
        missed += [f"{people} people: {each}" for each in held(people, (least, most))]
        print(f"  all of it took {time.monotonic() - start:.0f} s", flush=True)
    for each in missed:
        print(f"Missed: {each}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
