"""What a person can do in the explorer: each in both themes, both languages, on a phone and on a projector."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Shot
from tests.e2e.explorer import Explorer, computed, link, pinned, shown_in_link, told, top
from tests.e2e.rooms import Room, room
from tests.harness.settle import IMAGE, scrolled
from viz.inputs.examples import FIRST, example
from viz.metrics import entropy

__all__ = ["room"]

MAP = ".ax-map-area canvas >> nth=0"
PAIR = example("pair")
LONG = (
    "When the storm had passed, the keeper of the lighthouse, who had not slept since Tuesday, climbed down and "
    "counted what was left of her boats. Two were gone; the third, the oldest, lay upside down on the stones, and "
    "somebody's cat was sitting on it as if it had always been there."
)
FLAT = re.compile(r"rgba?\((\d+), (\d+), (\d+)")


def named(seen: Explorer, layer: int, head: int) -> str:
    """What the atlas calls a head of the first example, its entropy computed by Python."""
    spread = entropy(computed(FIRST.text).encoder.weights)[layer, head].mean()
    return seen.says("head_name_entropy", layer=layer + 1, head=head + 1, entropy=f"{spread:.2f}")


def test_atlas(room: Room, shot: Shot) -> None:
    seen = room.at(link(layer=2, head=3))
    expect(seen.root.get_by_role("gridcell")).to_have_count(72 + 1)  # and the map's cell for screen readers
    seen.cell(4, 9).hover()
    expect(seen.root.locator(".ax-atlas .ax-note")).to_have_text(named(seen, 4, 9))
    if room.touch:
        seen.cell(3, 5).tap()
    else:
        seen.cell(3, 5).click()
    assert seen.picked() == (3, 5)
    for key, expected in [
        ("ArrowRight", (3, 6)),
        ("ArrowDown", (4, 6)),
        ("ArrowLeft", (4, 5)),
        ("ArrowUp", (3, 5)),
        ("End", (3, 11)),
        ("ArrowRight", (3, 11)),
        ("Home", (3, 0)),
        ("PageDown", (5, 0)),
    ]:
        room.page.keyboard.press(key)
        assert seen.picked() == expected
    expect(seen.cell(5, 0)).to_be_focused()
    expect(seen.cell(5, 0)).to_have_attribute("aria-label", named(seen, 5, 0))
    assert seen.text("stepper") == seen.says("layer", layer=6)
    assert seen.text("facts") == seen.says("entropy", entropy=named(seen, 5, 0).split()[-2])
    seen.cell(4, 9).hover()
    shot(f"explorer-atlas-{room.name}", room.page)


def corner_of(area: Locator) -> tuple[float, float]:
    """A point in the last cell of the map, on screen."""
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    return box["x"] + box["width"] - 10, box["y"] + box["height"] - 10  # beside the map is an edge of 8


def test_map(room: Room, shot: Shot) -> None:
    seen = room.at(link(text=LONG))
    found = computed(LONG).encoder
    labels = found.queries.labels
    last = len(labels) - 1
    weights = found.weights[FIRST.layer, FIRST.head]
    room.page.mouse.move(*corner_of(seen.map))
    rank = 1 + int((weights[last] > weights[last, last]).sum())
    parts = [labels[last], "→", labels[last], f"{weights[last, last]:.4f}"]
    parts.append(seen.says("rank", rank=rank, count=len(labels)))
    assert seen.readout() == parts
    room.page.mouse.click(*corner_of(seen.map))
    room.page.mouse.move(0, 0)
    assert seen.readout() == [seen.says("pinned"), *parts]

    seen.focus(seen.map)
    press = room.page.keyboard.press
    press("Home")
    press("Shift+ArrowUp")
    assert seen.readout()[:4] == [labels[last - 10], "→", labels[0], f"{weights[last - 10, 0]:.4f}"]
    whole = seen.canvas(MAP)
    press("+")
    press("+")
    near = seen.canvas(MAP)
    assert near != whole
    right, bottom = corner_of(seen.map)
    room.page.mouse.move(right - 40, bottom - 40)
    room.page.mouse.down()
    room.page.mouse.move(right - 140, bottom - 60, steps=3)
    room.page.mouse.up()
    assert seen.canvas(MAP) not in (whole, near)
    shot(f"explorer-map-zoomed-{room.name}", room.page)
    seen.root.get_by_role("button", name=seen.says("zoom_reset")).click()
    room.page.mouse.move(*corner_of(seen.map))
    assert seen.readout() == parts
    assert seen.canvas(MAP) == whole
    assert pinned(room.page) == [last, last]
    shot(f"explorer-map-{room.name}", room.page)


def luminance(css: str) -> float:
    match = FLAT.match(css)
    assert match is not None, css
    r, g, b = (int(each) / 255 for each in match.groups())
    return float(0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2)


def shades(seen: Explorer) -> list[float]:
    """How light each token of the sentence is."""
    colours: list[str] = seen.root.locator(".ax-token").evaluate_all(
        "tokens => tokens.map(token => token.style.backgroundColor)"
    )
    return [luminance(colour) for colour in colours]


def in_order(shade: list[float], weights: list[float], dark: bool) -> bool:
    """Whether more weight means further from the page, for all pairs that 8 bits can tell apart."""
    sign = 1 if dark else -1
    return all(
        sign * (shade[a] - shade[b]) > 0
        for a in range(len(weights))
        for b in range(len(weights))
        if weights[a] > weights[b] + 0.02
    )


def test_sentence(room: Room, shot: Shot) -> None:
    seen = room.at(link(show={"view": "sentence"}))
    found = computed(FIRST.text).encoder
    weights, labels = found.weights[FIRST.layer, FIRST.head].astype(float), found.queries.labels
    dark = "dark" in room.name
    hint = seen.root.locator(".ax-sentence .ax-hint")
    seen.token(10).hover()
    expect(hint).to_have_text(seen.says("sentence_from", token=labels[10]))
    assert in_order(shades(seen), list(weights[10]), dark)
    assert seen.text("readout") == top(weights[10], labels)
    if room.touch:
        seen.token(10).tap()
    else:
        seen.token(10).click()
    expect(seen.token(10)).to_have_attribute("aria-pressed", "true")
    seen.token(2).hover()
    assert seen.text("readout") == seen.says(
        "sentence_weight", token=labels[2], weight=f"{weights[10, 2]:.4f}"
    )
    seen.token(2).click()
    expect(hint).to_have_text(seen.says("sentence_several", count=2))
    both = weights[[2, 10]].mean(axis=0)
    assert in_order(shades(seen), list(both), dark)
    assert sorted(shown_in_link(told(room.page))["tokens"]) == [2, 10]
    shot(f"explorer-sentence-{room.name}", room.page)

    seen.token(2).click()
    seen.switch("to").click()
    room.page.mouse.move(1, 1)
    expect(hint).to_have_text(seen.says("sentence_to", token=labels[10]))
    assert in_order(shades(seen), list(weights[:, 10]), dark)
    seen.token(10).press("Escape")
    assert seen.root.locator('.ax-token[aria-pressed="true"]').count() == 0


def test_lines(room: Room, shot: Shot) -> None:
    seen = room.at(link(show={"view": "lines"}))
    found = computed(FIRST.text).encoder
    weights, labels = found.weights[FIRST.layer, FIRST.head].astype(float), found.queries.labels
    idle = seen.canvas(".ax-lines-canvas")
    seen.focus(seen.root.locator(".ax-lines-scroll"))
    for _ in range(3):
        room.page.keyboard.press("ArrowDown")
    assert seen.text("readout") == top(weights[2], labels)
    assert seen.canvas(".ax-lines-canvas") != idle
    room.page.keyboard.press("Escape")
    room.page.mouse.move(1, 1)

    if room.touch:
        seen.check("choose_heads").tap()
        for head in (3, 5):
            seen.cell(2, head).tap()
        seen.check("choose_heads").tap()
    else:
        for head in (3, 5):
            seen.cell(2, head).click(modifiers=["Shift"])
    key = seen.root.locator(".ax-key li")
    picked = [(FIRST.layer, FIRST.head), (2, 3), (2, 5)]
    expect(key).to_have_text([seen.says("head_short", layer=at + 1, head=h + 1) for at, h in picked])
    colours = key.locator(".ax-swatch").evaluate_all("marks => marks.map(mark => mark.style.borderTopColor)")
    assert len(set(colours)) == 3
    assert shown_in_link(told(room.page))["heads"] == [list(each) for each in picked]
    shot(f"explorer-lines-{room.name}", room.page)
    seen.switch("mean").click()
    expect(key).to_have_count(0)


def test_switches(room: Room, shot: Shot) -> None:
    seen = room.at(link(text=PAIR.text, pair=PAIR.pair, layer=4, head=2))
    found = computed(PAIR.text, PAIR.pair).encoder
    text, weights = found.queries, found.weights[3, 1].astype(float)
    special, segment = np.array(text.special), np.array(text.segments)

    def corner() -> str:
        """The weight of the last row and column that are shown."""
        seen.focus(seen.map)
        room.page.keyboard.press("End")
        for _ in range(3):
            room.page.keyboard.press("Shift+ArrowDown")
        weight = seen.readout()[3]
        room.page.keyboard.press("Escape")
        return weight

    def size() -> tuple[int, int]:
        rows, columns = (seen.map.get_attribute(f"aria-{side}count") for side in ("row", "col"))
        return int(rows or 0), int(columns or 0)

    assert size() == (len(text), len(text))
    for pair in ("AA", "AB", "BA", "BB"):
        seen.switch(pair).click()
        query, key = ("AB".index(side) for side in pair)
        assert size() == ((segment == query).sum(), (segment == key).sum())
        hidden = weights[segment == query][:, segment != key].sum(axis=1).mean()
        assert seen.text("facts").endswith(seen.says("hidden_mass", share=percent(hidden)))
    shot(f"explorer-pair-{room.name}", room.page)
    seen.switch("all").click()

    seen.check("hide_special").click()
    content = ~special
    assert size() == (content.sum(), content.sum())
    hidden = weights[content][:, special].sum(axis=1).mean()
    assert seen.text("facts").endswith(seen.says("hidden_mass", share=percent(hidden)))
    assert seen.text("mass") == seen.says("hidden_mass", share=percent(hidden))
    row = weights[content][-1][content]
    assert corner() == f"{row[-1]:.4f}"
    seen.check("renormalise").click()
    assert float(corner()) == pytest.approx(row[-1] / row.sum(), abs=1e-4)
    assert seen.text("facts").endswith(seen.says("hidden_renormalised", share=percent(hidden)))
    seen.check("renormalise").click()
    seen.check("hide_special").click()

    seen.switch("words").click()
    words = len({word for word in text.words if word is not None}) + int(special.sum())
    assert size() == (words, words)
    assert corner() == f"{weights[-1, -1]:.4f}"  # a special token stays a unit of its own
    seen.switch("tokens").click()

    seen.root.get_by_role("button", name=seen.says("whole_layer")).click()
    seen.switch("mean").click()
    layer = found.weights[3].astype(float)
    assert seen.text("facts") == seen.says("of_heads_mean", count=12)
    assert float(corner()) == pytest.approx(layer.mean(axis=0)[-1, -1], abs=1e-4)
    seen.switch("max").click()
    assert corner() == f"{layer.max(axis=0)[-1, -1]:.4f}"
    seen.switch("one").click()

    for scale, first in [("sqrt", "0"), ("log", "≤ 0.0001"), ("linear", "0")]:
        seen.switch(scale).click()
        assert seen.root.locator(".ax-ticks span").first.inner_text() == first
        legend = seen.root.locator(".ax-legend").get_attribute("aria-label")
        assert legend == seen.says("legend_label", scale=seen.says(f"scale_{scale}"))

    before = seen.canvas(MAP)
    for kind, says in [
        ("absolute", seen.says("below_absolute", level="0.050")),
        ("top", seen.says("below_top", level=3)),
        ("mass", seen.says("below_mass", level=90)),
    ]:
        seen.switch(kind).click()
        assert seen.text("below") == says
        assert seen.canvas(MAP) != before
    slider = seen.root.locator(".ax-level input")
    seen.focus(slider)
    room.page.keyboard.press("ArrowLeft")
    assert seen.text("below") == seen.says("below_mass", level=89)
    assert shown_in_link(told(room.page))["level"] == 0.89
    shot(f"explorer-switches-{room.name}", room.page)


def percent(share: float) -> str:
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 or value == 0 else f"{value:.1f} %"


def test_keyboard_and_screen_reader(room: Room, shot: Shot) -> None:
    seen = room.at(link())
    found = computed(FIRST.text).encoder
    labels = found.queries.labels
    spoken = seen.root.locator('[aria-live="polite"]')
    press = room.page.keyboard.press
    seen.focus(seen.cell(FIRST.layer, FIRST.head))
    for key, view in [("s", "sentence"), ("l", "lines"), ("n", "table"), ("m", "map")]:
        press(key)
        expect(seen.tab(view)).to_have_attribute("aria-selected", "true")
    press("]")
    assert seen.picked() == (FIRST.layer, FIRST.head + 1)
    expect(spoken).to_have_text(named(seen, FIRST.layer, FIRST.head + 1))
    press("}")
    press("[")
    press("{")
    assert seen.picked() == (FIRST.layer, FIRST.head)
    for key, value in [("w", "words"), ("d", "to")]:
        press(key)
        expect(seen.root.locator(f'input[value="{value}"]')).to_be_checked()
        press(key)
    press("x")
    expect(seen.check("hide_special").locator("input")).to_be_checked()
    press("x")

    grid = seen.root.get_by_role("grid", name=seen.says("atlas_label"))
    expect(grid).to_have_attribute("aria-colcount", "12")
    assert seen.map.get_attribute("role") == "grid"
    seen.focus(seen.map)
    press("ArrowRight")
    press("ArrowRight")
    weights = found.weights[FIRST.layer, FIRST.head].astype(float)
    rank = 1 + int((weights[0] > weights[0, 1]).sum())
    expect(spoken).to_have_text(
        seen.says(
            "cell",
            query=labels[0],
            key=labels[1],
            weight=f"{weights[0, 1]:.4f}",
            rank=rank,
            count=len(labels),
        )
    )
    outline = seen.map.evaluate(
        "area => getComputedStyle(area).outlineStyle + getComputedStyle(area).outlineWidth"
    )
    assert outline == "solid2px"
    moving = seen.tab("map").evaluate("tab => getComputedStyle(tab).transitionDuration")
    assert (moving == "0s") is room.name.startswith("dark")  # where less motion is asked for, there is none

    press("n")
    seen.root.locator(".ax-field select").select_option(index=10)
    rows = seen.root.locator(".ax-table tbody tr")
    order = sorted(range(len(labels)), key=lambda at: (-weights[10, at], at))
    cells = [
        [str(place + 1), labels[at], str(at + 1), f"{weights[10, at]:.4f}"] for place, at in enumerate(order)
    ]
    read = rows.evaluate_all("rows => rows.map(row => [...row.children].map(cell => cell.textContent))")
    assert read == cells
    told(room.page)
    shot(f"explorer-table-{room.name}", room.page)


def test_selection_and_page_go_together(room: Room, shot: Shot) -> None:
    seen = room.at(link())
    scrolled(room.page)
    found = computed(FIRST.text).encoder
    seen.cell(1, 6).click()
    told(room.page)
    assert "layer=2&head=7" in room.page.url
    picture = room.page.locator(IMAGE).first
    title = seen.says("head_name", layer=2, head=7)
    assert title in (picture.get_attribute("alt") or "")
    received = found.weights[1, 6].mean(axis=0)
    best = found.queries.labels[int(received.argmax())]
    table = room.page.get_by_test_id("stDataFrame").last.locator("canvas table tbody tr").first
    expect(table.locator("td").nth(1)).to_have_text(best)
    shot(f"explorer-page-{room.name}", room.page)

    if not room.touch:  # on a phone the sidebar is folded away
        room.page.get_by_test_id("stNumberInputField").last.fill("8")
        room.page.keyboard.press("Enter")
        told(room.page)
        assert seen.picked() == (1, 7)


def test_nothing_is_cut_off_or_left_untranslated(room: Room) -> None:
    seen = room.at(
        link(text=PAIR.text, pair=PAIR.pair, show={"threshold": "top", "level": 3, "combine": "mean"})
    )
    seen.root.locator(".ax-help summary").click()
    wide = seen.root.evaluate(
        """root => [...root.querySelectorAll("*")]
             .filter(part => part.closest(".ax-hidden") === null && part.getClientRects().length)
             .filter(part => part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
             .map(part => part.className)"""
    )
    assert wide == []
    clipped = seen.root.evaluate(
        """root => [...root.querySelectorAll("button, label span, legend, p, summary, dt, dd, output")]
             .filter(part => part.closest(".ax-hidden") === null && part.scrollWidth > part.clientWidth + 1
                             && getComputedStyle(part).display !== "inline")
             .map(part => part.textContent)"""
    )
    assert clipped == []
    if room.language == "zh":
        english = {"Map", "Sentence", "Lines", "Numbers", "Switches", "Mean", "Layer", "Head", "Keys", "Top"}
        words = set(
            re.findall(
                r"[A-Za-z]+", seen.root.locator(".ax-bar, .ax-top, .ax-switches").all_inner_texts().__str__()
            )
        )
        assert not english & words
    seen.root.locator(".ax-help summary").click()
