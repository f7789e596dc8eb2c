from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.apps import PAGES
from tests.view.test_state import VIEWS
from viz.view.link import fits_link, from_params, to_params
from viz.view.saved_views import Stop, position, save, shown, stops
from viz.view.state import DEFAULT, MOST_SAVED, ViewState, bound


def test_every_page_of_the_app_can_be_a_slide() -> None:
    assert {"", "by_hand", "many_heads", "guide"} <= PAGES
    for page in PAGES:
        assert [stop.page for stop in stops(save(DEFAULT, page), PAGES)] == [page]


@given(VIEWS, st.sampled_from(sorted(PAGES)))
def test_a_saved_view_is_found_again(view: ViewState, page: str) -> None:
    view = replace(view, saved=(), present=False)
    if not fits_link(view):
        return
    walk = stops(save(view, page), PAGES)
    assert walk == [Stop(page, replace(view, language=None, answered=()))]
    assert position(view, page, walk) == 0
    assert position(view, "another", walk) is None


def test_views_are_kept_in_order_and_the_oldest_leave() -> None:
    view = DEFAULT
    for number in range(MOST_SAVED + 3):
        view = replace(view, saved=save(replace(view, head=number % 12), ""))
    walk = stops(view.saved, PAGES)
    assert len(walk) == MOST_SAVED
    assert [stop.view.head for stop in walk[-3:]] == [(MOST_SAVED + step) % 12 for step in range(3)]


def test_a_step_keeps_the_walk_the_mode_the_language_and_the_answers() -> None:
    saved = save(replace(DEFAULT, layer=0, answered=(1,)), "guide")
    assert "answered" not in saved[0]
    view = replace(DEFAULT, saved=saved, present=True, language="zh", answered=(2, 3))
    there = shown(view, stops(view.saved, PAGES)[0])
    assert there == replace(view, layer=0)


def test_a_link_carries_the_walk() -> None:
    view = replace(DEFAULT, saved=save(DEFAULT, ""), present=True)
    view = replace(view, saved=save(replace(view, text="另一段文本。"), "tokens"))
    assert from_params(to_params(view)) == (view, ())


@given(st.lists(st.text(max_size=40) | st.text("/?&=%+-²x", max_size=40), max_size=5))
def test_a_hostile_walk_is_made_of_valid_views(lines: list[str]) -> None:
    for stop in stops(tuple(lines), PAGES):
        assert bound(stop.view) == stop.view
        assert stop.page in PAGES
        assert not stop.view.saved
