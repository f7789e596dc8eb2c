"""Words are asked of a session while its page runs: never once for all, for all sessions, or on another thread."""

import ast
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

from tests.apps import run
from tests.pages.test_app import ROOT


def asks_too_late() -> None:
    import streamlit as st

    from viz.serving import store
    from viz.ui import session
    from viz.ui.exhibits import layout

    def refused(ask: object) -> None:
        try:
            store.Shared(9).get("key", ask, len)  # type: ignore[arg-type]
        except RuntimeError as exc:
            st.markdown(str(exc))

    session.set_language("zh")
    refused(lambda: session.tr("Head"))
    refused(layout.dark)
    st.markdown(session.tr("Head"))


def test_what_is_made_for_all_sessions_asks_none() -> None:
    app = run(AppTest.from_function(asks_too_late))
    language, theme, after = (each.value for each in app.markdown)
    assert "language was asked for while something is made that all sessions share" in language
    assert "theme was asked for while something is made that all sessions share" in theme
    assert after == "头"


def asks_elsewhere() -> None:
    from concurrent.futures import ThreadPoolExecutor

    import streamlit as st

    from viz.ui.session import tr

    with ThreadPoolExecutor(1) as thread:
        st.markdown(str(thread.submit(tr, "Head").exception()))


def test_a_thread_of_no_session_is_told_no_words() -> None:
    app = run(AppTest.from_function(asks_elsewhere))
    assert "language was asked for on a thread that belongs to no session" in app.markdown[0].value


def asked_too_early_or_kept(tree: ast.Module) -> Iterator[int]:
    """The lines that ask a session for words once for all: as a module is read, for a default, in a cached function."""
    for node in ast.walk(tree):
        cached = isinstance(node, ast.FunctionDef) and any(
            "cache" in ast.unparse(each) for each in node.decorator_list
        )
        if cached:
            yield from asks_in(node)
        elif isinstance(node, ast.FunctionDef | ast.Lambda):
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield from asks_in(default)
        elif isinstance(node, ast.Module | ast.ClassDef):
            for each in node.body:
                if not isinstance(each, ast.FunctionDef | ast.ClassDef):
                    yield from asks_in(each)


def asks_in(node: ast.AST) -> Iterator[int]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func).split(".")[-1] in {"tr", "trn", "tag"}:
            yield each.lineno


def test_no_words_are_kept_by_a_module_or_a_cached_function() -> None:
    left = {
        str(path.relative_to(ROOT)): lines
        for path in ROOT.glob("viz/**/*.py")
        if (lines := list(asked_too_early_or_kept(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert left == {}
    for seen in (
        "A = tr('a')",
        "def f(a=tr('a')): pass",
        "@cache\ndef f():\n  return i18n.tr('a')",
        "class C:\n  a = tr('a')",
    ):
        assert list(asked_too_early_or_kept(ast.parse(seen)))
