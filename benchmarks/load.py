"""`python -m benchmarks.load [PEOPLE ...] [--looks LEAST MOST]`: a class of so many at once, each a real client.

Each opens the app, pastes a text, changes the head ten times, visits three pages, and leaves; between steps they look
for a while, by default 15 to 45 seconds. A share of them pastes the same text. A few sit at real tabs of Chromium, the
others speak its protocol. Each class has a server of its own, on this machine, of which the memory is read all the
while. Without a number the classes are of 10, 30 and 100.
"""

import argparse
import asyncio
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack

import numpy as np
from playwright.async_api import Browser, async_playwright

from benchmarks.comparison.table import Target
from benchmarks.load_people import PAGES, SEED, Plan, Seen, come_and_go, planned
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
LOOKS_S = (15.0, 45.0)  # at each thing, before the next step; they arrive within the longest of it
SETTLE_S = 40.0  # after the first visit: at both ends the server has had the time to give memory back
REST_S = 120.0
LOOK_EVERY_S = 0.5
# At the 95th percentile; no target for the first picture.
AT_MOST_S = {"first picture": math.inf, "new text": 2.0, "head change": 1.0, "page visit": 1.0}
MEMORY_AFTER = 1.15

Memory = tuple[int, int, int]
"""Resident bytes of a server and its drawers: after one has opened each page, at most, after a rest."""


def targets(people: int, looks: tuple[float, float]) -> Iterator[Target]:
    """Have a class of so many use a server of its own; how it went, beside what was aimed at."""
    plans = planned(people, looks)
    seen = Seen()
    with running(ROOT / "app.py", module="benchmarks.timed_server") as server:
        memory = asyncio.run(_class(server, plans, seen))
        seen.errors += problems_of(server)
        printed = server.printed()
    for kind, most in AT_MOST_S.items():
        times = seen.seconds.get(kind, [])
        median, late = np.quantile(times or [math.nan], [0.5, 0.95])
        reached = f"{len(times)} times, median {median:.2f} s, p95 {late:.2f} s"
        yield Target(kind, reached, bool(late < most), f"at most {most:g} s" if math.isfinite(most) else "")
    errors = "; ".join(f"{count} x {error}" for error, count in Counter(seen.errors).most_common(10))
    yield Target("errors", str(len(seen.errors)), not seen.errors, errors)
    computed = sum(
        line.endswith(digest(plans[0].text)) for line in printed.splitlines() if line.startswith(MARK)
    )
    sharing = sum(plan.text == plans[0].text for plan in plans)
    waited = f"{seen.told_to_wait} were told to wait"
    yield Target(f"the text that {sharing} share was computed", f"{computed} x", computed == 1, waited)
    before, peak, after = (f"{size / 1e6:.0f} MB" for size in memory)
    grown = memory[2] / max(1, memory[0])
    reached = f"before {before}, peak {peak}, {REST_S:.0f} s after {after} ({grown:.2f} x)"
    yield Target("memory", reached, grown <= MEMORY_AFTER, f"at most {MEMORY_AFTER:g} x")


async def _class(server: Server, plans: list[Plan], seen: Seen) -> Memory:
    """All of them, each when they come; the server's memory meanwhile."""
    async with AsyncExitStack() as stack:
        browser = await _chromium(stack)
        async with visitor(server.url) as first:  # who comes first loads the model, and each page's libraries
            for page in ("", *PAGES):
                await first.open(page)
        await asyncio.sleep(SETTLE_S)
        before = peak = of_family(server.process.pid)
        with_tab = plans[:: max(1, len(plans) // TABS)][:TABS]  # a few, spread over all
        tasks = [
            asyncio.create_task(come_and_go(server.url, plan, seen, browser if plan in with_tab else None))
            for plan in plans
        ]
        while any(not task.done() for task in tasks):
            peak = max(peak, of_family(server.process.pid))
            await asyncio.sleep(LOOK_EVERY_S)
    await asyncio.sleep(REST_S)
    return before, peak, of_family(server.process.pid)


async def _chromium(stack: AsyncExitStack) -> Browser | None:
    path = browsers.find()
    if path is None:
        print(f"There is no browser: all speak the protocol. {browsers.HELP}")
        return None
    playwright = await stack.enter_async_context(async_playwright())
    browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
    stack.push_async_callback(browser.close)
    return browser


def main(arguments: list[str]) -> int:
    """Run it for each number of people; 0, or 1 where a target was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description="A class of so many at once."
    )
    parser.add_argument("people", nargs="*", type=int, default=PEOPLE)
    parser.add_argument("--looks", nargs=2, type=float, default=LOOKS_S, metavar=("LEAST", "MOST"))
    options = parser.parse_args(arguments)
    least, most = options.looks
    if not all(1 <= people <= MOST for people in options.people) or not 0 < least <= most <= LONGEST_S:
        parser.error(
            f"1 to {MOST} people, who look more than 0 and at most {LONGEST_S:g} seconds, least first"
        )
    print(
        f"Each arrives within {most:g} s, and looks {least:g} to {most:g} s between steps; "
        f"{TABS} sit at Chromium. Memory before: {SETTLE_S:g} s after one person has opened each page. Seed {SEED}."
    )
    missed = []
    for people in options.people:
        print(f"\n{people} people ...", flush=True)
        start = time.monotonic()
        for target in targets(people, (least, most)):
            print(f"  {target}", flush=True)
            missed += [] if target.met else [f"{people} people: {target}"]
        print(f"  all of it took {time.monotonic() - start:.0f} s", flush=True)
    for line in missed:
        print(f"Missed: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
