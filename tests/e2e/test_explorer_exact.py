"""What lies in the browser of the running app is what Python computed; and how much travels when one picks."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.explorer import EXCHANGE, Explorer, Traffic, computed, go, link, pinned, shown_in_link, told
from tests.harness.settle import scrolled, settled
from viz.inputs.examples import FIRST
from viz.inputs.text import encode as tokenise
from viz.models import load_model
from viz.pictures.explorer.payload import Payload, encode
from viz.pictures.explorer.wire_format import quantise

SENTENCE = (
    "When the storm had passed, the keeper of the lighthouse, who had not slept since Tuesday, climbed down and "
    "counted what was left of her boats. Two were gone; the third lay upside down on the stones. "
)
MAP = ".ax-map-area canvas >> nth=0"
IDLE_S = 20


def of_length(model: str, tokens: int) -> str:
    """Running text of so many tokens of the model, the special ones counted."""
    text = SENTENCE * 9
    span = tokenise(load_model(model), text).spans[tokens - 2]
    assert span is not None
    return text[: span[1]]


def weights_are_pythons(page: Page, payload: Payload) -> None:
    seen = Explorer(page)
    for number, each in enumerate(payload.maps):
        for layer in range(each.weights.shape[0]):
            steps = seen.weights(payload.id, number, layer)
            expected = each.weights[layer].reshape(-1)
            assert np.array_equal(steps, quantise(expected))
            assert np.abs(steps / 65535 - expected).max() < 1 / 65535


def test_every_weight_in_the_browser_is_pythons(new_page: NewPage) -> None:
    text = of_length("all-MiniLM-L6-v2", 128)
    payload = encode(computed(text).maps)
    assert not payload.left
    weights_are_pythons(new_page(link(text=text)), payload)


def test_layers_that_come_later_are_pythons_too(new_page: NewPage) -> None:
    model = "multilingual-e5-small"
    text = of_length(model, 184)
    payload = encode(computed(text, None, model).maps, layer=FIRST.layer)  # the picked layer goes first
    assert len(payload.left) == 11, "the text is long enough that only one layer goes first"
    page = new_page(link(text=text, model=model))
    page.wait_for_function(
        f"id => {EXCHANGE}?.attention(id)?.layers[0].every(layer => layer !== null)",
        arg=payload.id,
        timeout=IDLE_S * 1000,
    )
    weights_are_pythons(page, payload)


@pytest.fixture
def long_page(new_page: NewPage) -> tuple[Page, Payload]:
    """A page whose weights are far more bytes than all else that is sent."""
    text = of_length("all-MiniLM-L6-v2", 128)
    # Scrolled down, so that no run is the one in which it comes to the pictures for print.
    return scrolled(new_page(link(text=text))), encode(computed(text).maps)


def test_the_picture_changes_before_any_message(long_page: tuple[Page, Payload]) -> None:
    page, _ = long_page
    seen = Explorer(page)
    seen.focus(seen.cell(3, 1))
    traffic = Traffic(page)
    before = seen.canvas(MAP)
    page.keyboard.press("ArrowRight")
    assert seen.canvas(MAP) != before
    assert traffic.sent == []
    told(page)
    assert len(traffic.sent) == 1


def test_many_quick_choices_are_one_message_and_the_weights_stay_where_they_are(
    long_page: tuple[Page, Payload],
) -> None:
    page, payload = long_page
    seen = Explorer(page)
    seen.focus(seen.cell(3, 1))
    page.evaluate("""() => {
      const root = document.querySelector('[data-testid="stMain"]');
      const find = (node) => node.querySelector?.(".ax") ?? [...node.querySelectorAll("*")]
        .map((each) => each.shadowRoot?.querySelector(".ax")).find(Boolean);
      const ax = find(root);
      window.seen = { ax, picked: [], hidden: [] };
      new MutationObserver((changes) => changes.forEach(({ target }) => {
        if (target.classList.contains("picked")) seen.picked.push(target.dataset.layer + "." + target.dataset.head);
        if (target.matches(".ax-body, .ax-panels, .ax-bar") && target.hidden) seen.hidden.push(target.className);
      })).observe(ax, { subtree: true, attributes: true, attributeFilter: ["class", "hidden"] });
    }""")
    traffic = Traffic(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    told(page)
    page.wait_for_timeout(1000)  # a loop would still be running
    assert len(traffic.sent) == 1
    assert sum(traffic.received) < 200_000 < len(payload.first)
    assert seen.picked() == (3, 6)
    assert page.evaluate("window.seen.ax.isConnected"), "the explorer was taken away and drawn anew"
    assert page.evaluate("[...new Set(window.seen.picked)]") == [f"3.{head}" for head in range(2, 7)]
    assert page.evaluate("window.seen.hidden") == []
    assert "head=7" in page.url


def test_a_choice_in_the_page_is_not_sent_back(long_page: tuple[Page, Payload]) -> None:
    page, payload = long_page
    seen = Explorer(page)
    traffic = Traffic(page)
    page.get_by_label("Head", exact=True).fill("9")
    page.keyboard.press("Enter")
    told(page)
    page.wait_for_timeout(700)
    assert seen.picked() == (3, 8)
    assert len(traffic.sent) == 1
    assert sum(traffic.received) < 200_000 < len(payload.first)


def test_zoom_scroll_and_focus_outlive_a_rerun(long_page: tuple[Page, Payload]) -> None:
    page, _ = long_page
    seen = Explorer(page)
    seen.focus(seen.map)
    for key in ("ArrowRight", "Shift+ArrowDown", "+", "+"):
        page.keyboard.press(key)
    near, readout = seen.canvas(MAP), seen.readout()
    for name, title in {"简体中文": "每个头在看什么？", "English": "What does each head look at?"}.items():
        page.get_by_test_id("stSidebar").get_by_role("radio", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        settled(page)
    assert seen.canvas(MAP) == near
    assert seen.readout() == readout
    page.mouse.move(1, 1)
    seen.map.press("Enter")
    assert pinned(page) == [10, 0]
    expect(seen.map).to_be_focused()
    assert seen.canvas(MAP) == near

    seen.tab("lines").click()
    told(page)
    seen.root.locator(".ax-lines-scroll").evaluate("box => { box.scrollTop = 500; }")
    scrolled = page.get_by_test_id("stMain").evaluate("main => main.scrollTop")
    page.keyboard.press("]")
    told(page)
    assert seen.root.locator(".ax-lines-scroll").evaluate("box => box.scrollTop") == 500
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == scrolled


def test_weights_that_come_anew_leave_one_where_one_was(long_page: tuple[Page, Payload]) -> None:
    page, payload = long_page
    seen = Explorer(page)
    seen.focus(seen.map)
    for key in ("ArrowRight", "Shift+ArrowDown", "+"):
        page.keyboard.press(key)
    near, readout = seen.canvas(MAP), seen.readout()
    page.evaluate(
        f"""id => {{
          const exchange = {EXCHANGE};
          const held = exchange.attention(id);
          const anew = Object.assign(Object.create(Object.getPrototypeOf(held)), held);
          exchange.attention = () => anew;
          exchange.link("explorer", exchange.linkOf("explorer"));
        }}""",
        payload.id,
    )
    assert seen.canvas(MAP) == near
    assert seen.readout() == readout
    seen.map.press("Enter")
    assert pinned(page) == [10, 0]


def test_another_text_keeps_the_switches_and_drops_what_belongs_to_tokens(new_page: NewPage) -> None:
    page = new_page(link(layer=2, show={"scale": "log", "tokens": [3], "pin": [2, 3]}))
    seen = Explorer(page)
    page.get_by_label("Text", exact=True).fill("Another text, and a longer one.")
    page.keyboard.press("Control+Enter")
    told(page)
    assert seen.picked() == (1, 1)
    assert shown_in_link(page) == {"scale": "log"}
    expect(seen.root.locator('input[value="log"]')).to_be_checked()
    assert page.evaluate(f"{EXCHANGE}.payloads()") == 1


def test_hostile_text_in_the_app_runs_nothing(new_page: NewPage) -> None:
    text = "<script>window.pwned=1</script> <img src=x onerror=window.pwned=1> </style><svg onload=window.pwned=1>"
    page = new_page(link(text=text))
    seen = Explorer(page)
    for view in ("map", "lines", "table", "sentence"):
        go(page, link(text=text, show={"view": view}))
        seen.root.locator(".ax-panels").hover()
    assert "<script>window.pwned=1</script>" in seen.text("text")
    assert page.evaluate("window.pwned === undefined")
    assert seen.root.locator("script, img, a, iframe").count() == 0
