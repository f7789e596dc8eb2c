"""The tutorials' script and bertviz, length by length, each up to where it takes too long."""

import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.comparison.document import Drawn, draw
from benchmarks.comparison.table import NONE, Cell, Length, Tool, in_bytes, usable
from benchmarks.comparison.worker import Answer, Worker
from viz.attention import Weights

FIRST_S, SWITCH_S = 10.0, 1.0  # the longest waits with which it can be used
WITHIN_S = 30.0  # for one document or picture
OVER = Cell(WITHIN_S, over=True)
ROUNDS = 3  # after a first one; of bertviz at the shortest text alone, at others there is one
SQUARES, THUMBNAILS = "#vis svg > g:last-child rect", "#vis svg .attn_background ~ rect"
SAMPLE = 16  # of so many rows of weights, one is written to know how long all are

Texts = Callable[[int, int], str]
"""A text of so many tokens, beginning at such a word."""
Document = tuple[Answer | None, Drawn]
"""What the process answered, and what came of its document in a tab."""


def of_script(name: str, lengths: Sequence[int], texts: Texts) -> Tool:
    """The script at each length, with the same work for the first picture and for another head."""
    tried: dict[int, Length] = {}
    cold = NONE
    with Worker("script", name) as worker:
        for tokens in lengths:
            answers: list[Answer] = []
            for number in range(ROUNDS + 1):
                place = {"layer": "2", "head": str(number + 4)}
                answer = worker.ask(WITHIN_S, job="head", text=texts(tokens, number), **place)
                if answer is None:
                    return Tool(cold, {**tried, tokens: Length(tokens, OVER, OVER)})
                answers.append(answer)
            if not tried:
                cold = Cell(answers[0].ended - worker.began)
            time_s = Cell(statistics.median(answer.seconds for answer in answers[1:]))
            sent = in_bytes(statistics.median(answer.nbytes for answer in answers[1:]))
            tried[tokens] = Length(tokens, time_s, time_s, sent, in_bytes(answers[-1].peak))
    return Tool(cold, tried)


def every_head(name: str, text: str, within_s: float) -> Cell:
    """The script's grid of all heads, once."""
    with Worker("script", name) as worker:
        worker.ask(WITHIN_S, job="head", text=text, layer="0", head="0")
        answer = worker.ask(within_s, job="all", text=text)
    return Cell(within_s, over=True) if answer is None else Cell(answer.seconds)


def of_bertviz(name: str, lengths: Sequence[int], texts: Texts, browser: Browser, folder: Path) -> Tool:
    """bertviz's head view at each length up to the first that cannot be used."""
    tried: dict[int, Length] = {}
    cold = NONE
    with Worker("bertviz", name) as worker:
        for tokens in lengths:
            rounds: list[Document] = []
            for number in range(1 if tried else ROUNDS + 1):
                rounds.append(_document(worker, "head", texts(tokens, number), browser, folder, SQUARES))
                if rounds[-1][0] is None:
                    break
            if not tried:
                cold = _since(worker.began, rounds[0])
                rounds = rounds[1:] or rounds
            tried[tokens] = _length(tokens, rounds)
            if usable([tried[tokens]], FIRST_S, SWITCH_S).note:
                break
    return Tool(cold, tried)


def model_view(name: str, text: str, browser: Browser, folder: Path) -> Cell:
    """bertviz's model view: every head of every layer in small, once."""
    with Worker("bertviz", name) as worker:
        worker.ask(WITHIN_S, job="head", text="A text.", file=str(folder / "short.html"))
        document = _document(worker, "all", text, browser, folder, THUMBNAILS)
    return _since(document[0].began, document) if document[0] else OVER


def about_bytes(weights: Weights) -> float:
    """How many bytes bertviz would write for weights [layer, head, query, key], twice, from a part of their rows."""
    rows = weights[:, :, ::SAMPLE]
    some = sum(len(json.dumps(layer.tolist())) for layer in rows)
    return 2 * some * weights.size / rows.size


def memory(process: int, heap: int) -> Cell:
    """A tab's memory: the process's, and within it the JavaScript heap's."""
    note = f"heap {in_bytes(heap)}"
    return in_bytes(process, note) if process else Cell(note=note)


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
        return Length(tokens, OVER)
    firsts = [_since(started.began, (started, tab)) for started, tab in rounds if started]
    times = [cell.value for cell in firsts if cell.value is not None and not cell.over]
    clicks = [click for _answer, tab in rounds for click in tab.clicks]
    failed = OVER if drawn.failed == "over time" else Cell(note=drawn.failed or "no answer")
    return Length(
        tokens,
        first=firsts[-1] if drawn.painted is None else Cell(statistics.median(times)),
        switch=Cell(statistics.median(clicks)) if clicks else failed,
        sent=in_bytes(answer.nbytes),
        process=in_bytes(answer.peak),
        tab=memory(drawn.process, drawn.heap) if drawn.heap else Cell(note=drawn.failed),
    )
