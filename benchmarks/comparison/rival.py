"""The tutorials' script and bertviz, length by length, each up to where it takes too long."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.comparison.table import NONE, Cell, Trial, usable
from benchmarks.comparison.tabs import Drawn, draw
from benchmarks.comparison.worker import Answer, Worker
from viz.attention import Weights

FIRST_S, SWITCH_S = 10.0, 1.0  # the longest waits with which it can be used
WITHIN_S = 30.0  # for one document or picture
SCRIPT_ROUNDS, BERTVIZ_ROUNDS = 3, (3, 1)  # of bertviz at the shortest text, and at others
SQUARES, THUMBNAILS = "#vis svg > g:last-child rect", "#vis svg .attn_background ~ rect"
NOT_TRIED = Cell(note="not tried")
SAMPLE = 16  # of so many rows of weights, one is written to know how long all are

Texts = Callable[[int, int], str]
"""A text of so many tokens, beginning at such a word."""


@dataclass(frozen=True)
class Length:
    """What one length of text took. `first` picture, `switch` to another head, bytes `sent`, memory of the `process`
    that makes it and of the `tab`."""

    tokens: int
    first: Cell = NOT_TRIED
    switch: Cell = NOT_TRIED
    sent: Cell = NOT_TRIED
    process: Cell = NOT_TRIED
    tab: Cell = NONE

    @property
    def trial(self) -> Trial:
        """What says whether it can be used."""
        return Trial(self.tokens, self.first, self.switch)

    @property
    def usable(self) -> bool:
        """Whether it can be used."""
        return not usable([self.trial], FIRST_S, SWITCH_S).note


@dataclass(frozen=True)
class Rival:
    """`cold` is the first picture of all, its process's start and its imports included."""

    cold: Cell
    lengths: dict[int, Length]


def of_script(name: str, lengths: Sequence[int], texts: Texts) -> Rival:
    """The script at each length, with the same work for the first picture and for another head."""
    found: dict[int, Length] = {}
    cold = NONE
    with Worker("script", name) as worker:
        for tokens in lengths:
            answers: list[Answer] = []
            for number in range(SCRIPT_ROUNDS + 1):
                place = {"layer": "2", "head": str(number + 4)}
                answer = worker.ask(WITHIN_S, job="head", text=texts(tokens, number), **place)
                if answer is None:
                    found[tokens] = Length(tokens, Cell(WITHIN_S, over=True), Cell(WITHIN_S, over=True))
                    return Rival(cold, _with_rest(found, lengths))
                if not found and not number:
                    cold = Cell(answer.ended - worker.began)
                answers.append(answer)
            time_s = Cell(statistics.median(each.seconds for each in answers[1:]))
            sent = Cell(statistics.median(each.nbytes for each in answers[1:]), "bytes")
            found[tokens] = Length(tokens, time_s, time_s, sent, Cell(answers[-1].peak, "bytes"))
    return Rival(cold, found)


def every_head(name: str, text: str, within_s: float) -> Cell:
    """The script's grid of all heads, once."""
    with Worker("script", name) as worker:
        worker.ask(WITHIN_S, job="head", text=text, layer="0", head="0")
        answer = worker.ask(within_s, job="all", text=text)
    return Cell(within_s, over=True) if answer is None else Cell(answer.seconds)


def of_bertviz(name: str, lengths: Sequence[int], texts: Texts, browser: Browser, folder: Path) -> Rival:
    """bertviz's head view at each length up to the first that cannot be used."""
    found: dict[int, Length] = {}
    cold = NONE
    with Worker("bertviz", name) as worker:
        for tokens in lengths:
            rounds: list[Document] = []
            for number in range(BERTVIZ_ROUNDS[bool(found)] + (not found)):
                rounds.append(_document(worker, "head", texts(tokens, number), browser, folder, SQUARES))
                if not found and not number:
                    cold = _since(worker.began, rounds[0])
                if rounds[-1][0] is None:
                    break
            found[tokens] = _length(tokens, rounds[not found :] or rounds)
            if not found[tokens].usable:
                break
    return Rival(cold, _with_rest(found, lengths))


def model_view(name: str, text: str, browser: Browser, folder: Path) -> Cell:
    """bertviz's model view: every head of every layer in small, once."""
    with Worker("bertviz", name) as worker:
        worker.ask(WITHIN_S, job="head", text="A text.", file=str(folder / "short.html"))
        document = _document(worker, "all", text, browser, folder, THUMBNAILS)
    return _since(document[0].began, document) if document[0] else Cell(WITHIN_S, over=True)


def about_bytes(weights: Weights) -> Cell:
    """What bertviz would write for weights [layer, head, query, key], twice, from a part of their rows."""
    rows = weights[:, :, ::SAMPLE]
    some = sum(len(json.dumps(layer.tolist())) for layer in rows)
    return Cell(2 * some * weights.size / rows.size, "bytes", note="computed")


Document = tuple[Answer | None, Drawn]


def _document(worker: Worker, view: str, text: str, browser: Browser, folder: Path, click: str) -> Document:
    file = folder / f"{view}.html"
    answer = worker.ask(WITHIN_S, job=view, text=text, file=str(file))
    return answer, draw(browser, file, WITHIN_S, click) if answer else Drawn(failed="over time")


def _since(began: float, document: Document) -> Cell:
    answer, drawn = document
    if drawn.painted is not None:
        return Cell(drawn.painted - began)
    if drawn.failed == "over time":
        return Cell(WITHIN_S + (answer.ended - began if answer else 0), over=True)
    return Cell(note=drawn.failed)


def _length(tokens: int, rounds: Sequence[Document]) -> Length:
    """The medians of some rounds; as the last one, where that failed."""
    answer, drawn = rounds[-1]
    if answer is None:
        return Length(tokens, Cell(WITHIN_S, over=True))
    firsts = [_since(each.began, (each, tab)) for each, tab in rounds if each]
    values = [each.value for each in firsts if each.value is not None and not each.over]
    first = firsts[-1] if drawn.painted is None else Cell(statistics.median(values))
    clicks = [click for _answer, tab in rounds for click in tab.clicks]
    failed = (
        Cell(WITHIN_S, over=True) if drawn.failed == "over time" else Cell(note=drawn.failed or "no answer")
    )
    return Length(
        tokens,
        first,
        Cell(statistics.median(clicks)) if clicks else failed,
        Cell(answer.nbytes, "bytes"),
        Cell(answer.peak, "bytes"),
        memory(drawn.process, drawn.heap) if drawn.heap else Cell(note=drawn.failed),
    )


def memory(process: int, heap: int) -> Cell:
    """A tab's memory: the process's, and within it the JavaScript heap's."""
    said = Cell(heap, "bytes")
    return Cell(process, "bytes", note=f"heap {said}") if process else Cell(note=f"heap {said}")


def _with_rest(found: dict[int, Length], lengths: Sequence[int]) -> dict[int, Length]:
    return {tokens: found.get(tokens, Length(tokens)) for tokens in lengths}
