"""What a file and a picture say, they say in the language of the session that asked for them."""

import ast
import csv
import io
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from tests.apps import followed, run, with_menus_open
from tests.components import scrolled
from tests.offered import made, offered_files
from tests.pages.opening import with_boxes_open
from tests.pages.test_app import ROOT
from tests.pages.test_downloads import PAGES, in_form
from tests.pages.test_importance import finished
from tests.pictures.export.test_export import SVG
from viz.language.catalogues import LOCALE_FOLDER

TEXT, OTHER = "The dog and the cat.", "The dog and a cat."


@pytest.fixture(scope="module")
def english() -> frozenset[str]:
    """The sentences and labels that a Chinese reader reads otherwise."""
    with (LOCALE_FOLDER / "zh_Hans" / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        catalogue = read_po(file)
    labels = {str(each.id).casefold() for each in catalogue if each.id and each.id != each.string}
    return frozenset(label for label in labels if any(character.isalpha() for character in label))


def chinese(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=120)
    app.session_state["atlas_language"] = "zh"
    followed(app, text=TEXT, other=OTHER)
    if page == "importance":
        finished(app)
    if page == "heads":
        with_boxes_open(app)
    return with_menus_open(scrolled(app) if page == "explore" else app)


def texts_of(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    return ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]


def head_of(table: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


@pytest.mark.parametrize("page", [*PAGES, "importance"])
def test_every_file_that_a_chinese_page_offers_has_no_english_label(
    page: str, monkeypatch: pytest.MonkeyPatch, english: frozenset[str]
) -> None:
    offered = offered_files(monkeypatch)
    app = chinese(page)
    said: dict[str, list[str]] = {}
    for form, read in (("svg", texts_of), ("csv", head_of)):
        offered.clear()
        in_form(app, form)
        said |= {name: read(made(data)) for name, data in offered.items() if name.endswith(f".{form}")}
    assert said
    left = {name: [text for text in texts if text.casefold() in english] for name, texts in said.items()}
    assert {name: labels for name, labels in left.items() if labels} == {}


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
