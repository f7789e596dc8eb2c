"""A browser with a history sends any mix of runs, with late, early and repeated addresses: no change is lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.runtime.state import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from tests.apps import followed, view_of, went
from viz.view.link import from_params, to_params

Link = dict[str, str]


def page() -> None:
    import streamlit as st

    from viz.ui import session

    session.begin()
    session.enter("explore")
    for name in ("layer", "head"):
        st.number_input(
            name,
            1,
            6,
            key=session.keep(f"w_{name}", getattr(session.view(), name) + 1),
            on_change=lambda name=name: session.change(**{name: st.session_state[f"w_{name}"] - 1}),
        )
    st.button("run")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Link]:
    """The addresses that the server tells the browser of, in order."""
    told: list[Link] = []
    write = QueryParamsProxy.from_dict

    def noted(self: QueryParamsProxy, params: Any) -> None:
        told.append(dict(params))
        write(self, params)

    monkeypatch.setattr(QueryParamsProxy, "from_dict", noted)
    return told


class Browser:
    """Its steps through addresses, and the app that it shows."""

    def __init__(self, written: list[Link]) -> None:
        self.written = written
        self.history: list[Link] = [{}]
        self.place = 0
        self.app = AppTest.from_function(page, default_timeout=60)
        self._run({})

    @property
    def address(self) -> Link:
        return self.history[self.place]

    def _run(self, sent: Link) -> None:
        self.app.query_params.clear()
        followed(self.app, **sent)
        self._hear()

    def _hear(self) -> None:
        for link in self.written:
            if link != self.address:
                self.history[self.place + 1 :] = [link]
                self.place += 1
        self.written.clear()

    def pick(self, name: str, number: int, sent: Link) -> None:
        self.app.number_input(key=f"w_{name}").set_value(number)
        self._run(sent)

    def rerun(self, sent: Link) -> None:
        self._run(sent)

    def go(self, steps: int) -> None:
        self.place = min(max(self.place + steps, 0), len(self.history) - 1)
        went(self.app, **self.address)
        self._hear()


PICKS = st.tuples(st.just("pick"), st.sampled_from(["layer", "head"]), st.integers(1, 6))
STEPS = st.one_of(PICKS, PICKS, st.tuples(st.just("rerun")), st.tuples(st.just("go"), st.integers(-3, 3)))


@pytest.mark.slow
@given(st.lists(st.tuples(STEPS, st.integers(0, 99)), max_size=14))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_change_is_lost_whatever_address_a_run_carries(
    written: list[Link], steps: list[tuple[tuple[Any, ...], int]]
) -> None:
    written.clear()
    browser = Browser(written)
    expected = view_of(browser.app)
    seen: list[Link] = [{}, {"layer": "5"}, {"head": "6", "lang": "zh"}]
    for (kind, *given_), which in steps:
        sent = seen[which % len(seen)]  # of now, of before, or one that it never showed
        if kind == "pick":
            name, number = given_
            browser.pick(name, number, sent)
            expected = from_params({**to_params(expected), name: str(number)})[0]
        elif kind == "rerun":
            browser.rerun(sent)
        else:
            browser.go(given_[0])
            expected = from_params(browser.address)[0]
        assert view_of(browser.app) == expected
        assert from_params(browser.address)[0] == expected, "the address shows another view"
        seen.append(browser.address)


def test_a_step_back_keeps_the_steps_forward(written: list[Link]) -> None:
    browser = Browser(written)
    for number in range(1, 7):
        browser.pick("head", number, {})
    heads = [from_params(link)[0].head for link in browser.history]
    assert len(heads) == 7
    for _ in range(6):
        browser.go(-1)
    assert browser.history[0] == {}
    browser.go(6)
    assert [from_params(link)[0].head for link in browser.history] == heads
    assert view_of(browser.app).head == 5
