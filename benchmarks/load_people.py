"""What each of a class does in the app, over its protocol or in a tab of Chromium, and how long each step takes."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page

from tests.harness.client import DRAWN_WITHIN_S, Visitor, visitor
from tests.harness.settle import ANSWER_WITHIN_MS, IS_SETTLED, LISTEN, QUIET_MS, TO_PRINT

SEED = 20
SHARED = 0.3  # of the people paste the same text
HEAD_CHANGES = 10
HEADS = range(1, 13)
PAGES = {
    "heads": "Compare heads",
    "tokens": "Most attended tokens",
    "flow": "Flow through layers",
    "learn": "Learn",
    "guide": "How to read it",
}
VISITED = 3
BUSY = "This server is busy"
# Words that are one token each, as a text of 28 of them with [CLS] and [SEP] has 30.
WORDS = (
    "the old man saw a small red bird on his way home and then it went back to its tree by the river where "
    "two young children had found some water under one big stone after a long day in town"
)
WORDS_A_TEXT = 28


@dataclass
class Seen:
    """What has happened so far: seconds by the kind of step, what went wrong, how often somebody had to wait."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    told_to_wait: int = 0

    async def timed(self, kind: str, step: Awaitable[None]) -> None:
        """Wait for a step, and keep how long it took."""
        start = time.perf_counter()
        await step
        self.seconds.setdefault(kind, []).append(time.perf_counter() - start)


@dataclass(frozen=True)
class Plan:
    """What one person will do, and how long they look at things between steps, in seconds."""

    arrives: float
    looks: tuple[float, ...]
    text: str
    heads: tuple[int, ...]
    pages: tuple[str, ...]


def planned(people: int, looks: tuple[float, float]) -> list[Plan]:
    """The plans of so many, who look so many seconds at things, at least and at most; always the same.

    They arrive within the longest of it. The first of them share the text of the very first.
    """
    chance = random.Random(SEED)  # noqa: S311 - no secret
    common = _text(chance)
    plans = []
    for number in range(people):
        heads = [chance.choice(HEADS)]
        while len(heads) < HEAD_CHANGES:
            heads.append(chance.choice([head for head in HEADS if head != heads[-1]]))
        plans.append(
            Plan(
                arrives=chance.uniform(0, looks[1]),
                looks=tuple(chance.uniform(*looks) for _ in range(HEAD_CHANGES + VISITED + 1)),
                text=common if number < round(SHARED * people) else _text(chance),
                heads=tuple(heads),
                pages=tuple(chance.sample(sorted(PAGES), VISITED)),
            )
        )
    return plans


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS.split(), k=WORDS_A_TEXT))


class ByProtocol:
    """A person without a browser, who looks at what comes."""

    def __init__(self, session: Visitor, seen: Seen) -> None:
        self._session, self._seen = session, seen

    async def enter(self) -> None:
        await self._session.open("")
        self._look("Heat map")

    async def paste(self, text: str) -> None:
        await self._session.give("text_area", "Text", text)
        self._look("Heat map")

    async def head(self, number: int) -> None:
        await self._session.give("number_input", "Head", number)
        self._look(f"Head {number}:")

    async def visit(self, page: str) -> None:
        await self._session.open(page)
        if page not in ("learn", "guide"):
            self._look("")

    def _look(self, expected: str) -> None:
        """RuntimeError unless the page has a picture whose description holds `expected`."""
        self._seen.told_to_wait += any(BUSY in alert for alert in self._session.alerts)
        if not any(expected in picture for picture in self._session.pictures):
            raise RuntimeError(f"No picture has {expected!r}: {self._session.pictures}")


class InChromium:
    """A person with a browser's tab."""

    def __init__(self, page: Page, url: str) -> None:
        self._page, self._url = page, url

    async def enter(self) -> None:
        await self._page.goto(self._url)
        await self._drawn("")
        await self._page.evaluate(TO_PRINT)
        await self._drawn("Heat map")

    async def paste(self, text: str) -> None:
        await self._page.get_by_label("Text", exact=True).fill(text)
        await self._page.keyboard.press("Control+Enter")
        await self._drawn("Heat map")

    async def head(self, number: int) -> None:
        await self._page.get_by_label("Head", exact=True).fill(str(number))
        await self._page.keyboard.press("Enter")
        await self._drawn(f"Head {number}:")

    async def visit(self, page: str) -> None:
        await self._page.get_by_role("link", name=PAGES[page]).first.click()
        await self._page.wait_for_url(re.compile(f"/{page}\\b"))
        await self._drawn("" if page in ("learn", "guide") else "a")

    async def _drawn(self, says: str) -> None:
        """Wait until all is drawn, and a picture whose description holds `says` is among it."""
        await self._page.wait_for_selector('[data-testid="stApp"]')
        since = await self._page.evaluate("performance.now()")
        limits = [QUIET_MS, ANSWER_WITHIN_MS, since]
        await self._page.wait_for_function(IS_SETTLED, arg=limits, polling=50)
        if says:
            await self._page.locator(f'img[alt*="{says}"]').first.wait_for(state="attached")


async def use(person: ByProtocol | InChromium, plan: Plan, seen: Seen) -> None:
    """Do all that is planned, from the first look to the last."""
    looks = iter(plan.looks)
    await seen.timed("first picture", person.enter())
    await asyncio.sleep(next(looks))
    await seen.timed("new text", person.paste(plan.text))
    for head in plan.heads:
        await asyncio.sleep(next(looks))
        await seen.timed("head change", person.head(head))
    for page in plan.pages:
        await asyncio.sleep(next(looks))
        await seen.timed("page visit", person.visit(page))


async def come_and_go(url: str, plan: Plan, seen: Seen, browser: Browser | None) -> None:
    """One person from arriving to leaving, in a tab of the browser if any; what goes wrong ends their visit."""
    await asyncio.sleep(plan.arrives)
    try:
        async with AsyncExitStack() as stack:
            if browser is None:
                session = await stack.enter_async_context(visitor(url))
                await use(ByProtocol(session, seen), plan, seen)
                return
            context = await browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
            stack.push_async_callback(context.close)
            context.set_default_timeout(DRAWN_WITHIN_S * 1000)
            page = await context.new_page()
            await page.add_init_script(LISTEN)
            await use(InChromium(page, url), plan, seen)
    except Exception as exc:  # noqa: BLE001 - counted, the others go on
        seen.errors.append(f"{type(exc).__name__}: {str(exc)[:300]}")
