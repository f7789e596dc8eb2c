"""Attention, or attention times the norms of the values, in a real browser: one switch, everywhere."""

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import PHONE, NewPage, Shot
from tests.e2e.explorer import Explorer, computed, shown_in_link, told
from tests.e2e.test_first_path import in_link, pictures
from tests.harness.settle import scrolled, settled
from viz.attention.norms import as_norms
from viz.inputs.examples import FIRST
from viz.models import load_model

WIDE = ViewportSize(width=1920, height=1080)
ALERT = '[data-testid="stAlert"]'


def switch(page: Page, name: str) -> None:
    """Choose what is shown, above the pictures."""
    page.get_by_role("radio", name=name, exact=True).click()
    settled(page)


def at(seen: Explorer, row: int, column: int) -> list[str]:
    """What is read at a cell of the map, reached with the keys."""
    seen.focus(seen.map)
    press = seen.page.keyboard.press
    press("Escape")
    press("ArrowDown")
    press("Home")
    for _step in range(20):
        press("ArrowUp")
    for _step in range(row):
        press("ArrowDown")
    for _step in range(column):
        press("ArrowRight")
    return seen.readout()[:4]


def test_the_explorer_reads_what_python_computes_and_keeps_what_is_pinned(
    new_page: NewPage, shot: Shot
) -> None:
    page = new_page()
    seen = Explorer(page)
    result = computed(FIRST.text)
    norms = as_norms(load_model(FIRST.model), result).encoder
    labels, here = norms.queries.labels, (FIRST.layer, FIRST.head)
    assert at(seen, 10, 0)[3] == f"{result.encoder.weights[here][10, 0]:.4f}"
    page.keyboard.press("Enter")
    told(page)
    weights = seen.canvas(".ax-atlas-canvas")

    switch(page, "Attention × value norm")
    assert in_link(page, "weigh") == "norm"
    expect(seen.root.locator(".ax-quantity")).to_have_text(seen.says("legend_norm"))
    assert seen.canvas(".ax-atlas-canvas") != weights
    assert seen.root.locator(".ax-legend").get_attribute("aria-label") == seen.says(
        "legend_label_norm", top=f"{norms.top:.3g}", scale="Linear"
    )
    page.mouse.move(1, 1)
    cell = [labels[10], "→", labels[0], f"{norms.weights[here][10, 0]:.4f}"]
    assert seen.readout()[:4] == cell
    seen.focus(seen.map)
    page.keyboard.press("Escape")
    assert seen.readout()[:5] == [seen.says("pinned"), *cell]
    for row, column in ((10, 2), (0, 15), (15, 15)):
        assert at(seen, row, column) == [
            labels[row],
            "→",
            labels[column],
            f"{norms.weights[here][row, column]:.4f}",
        ]
    assert shown_in_link(page)["pin"] == [10, 0]
    expect(seen.switch("words")).to_be_hidden()
    expect(seen.root.get_by_text(seen.says("no_words"))).to_be_visible()
    assert "entropy" not in seen.text("facts")
    seen.check("hide_special").click()
    assert seen.text("facts") == seen.says("hidden_mass_norm", share=_hidden(norms.weights[here]))
    seen.tab("table").click()
    expect(seen.root.get_by_role("columnheader", name="Length")).to_be_visible()
    shot("weighing-explore-light-en", told(page))

    switch(page, "Attention")
    assert in_link(page, "weigh") == ""
    expect(seen.root.locator(".ax-quantity")).to_be_hidden()


def _hidden(norms: NDArray[np.float32]) -> str:
    """The share of the rows of all but the first and the last token that comes from these two, as it is written."""
    found = norms[1:-1].astype(float)
    share = 100 * float((found[:, [0, -1]].sum(axis=-1) / found.sum(axis=-1)).mean())
    return f"{round(share)} %" if share >= 10 else f"{share:.1f} %"


@pytest.mark.parametrize(
    ("path", "size", "drawn"), [("", PHONE, 1), ("heads", WIDE, 2), ("texts", PHONE, 3), ("tokens", WIDE, 4)]
)
def test_a_link_shows_lengths_in_chinese_and_dark(
    new_page: NewPage, shot: Shot, path: str, size: ViewportSize, drawn: int
) -> None:
    page = new_page(f"/{path}?weigh=norm", theme="dark", locale="zh-CN", size=size)
    expect(page.locator(ALERT)).to_have_count(0)
    expect(page.get_by_role("radio", name="注意力 × 值向量范数")).to_have_attribute("aria-checked", "true")
    assert pictures(page if path else scrolled(page)) == drawn
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(f"weighing-{path or 'explore'}-dark-zh", page)
