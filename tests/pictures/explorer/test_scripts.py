import re

from viz.pictures.explorer import scripts
from viz.pictures.explorer.strings import TEXTS, strings

SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(scripts.FRONTEND.rglob("*.js"))}


def test_the_script_imports_nothing_and_exports_one_function() -> None:
    for entry in ("main", "feed"):
        script = scripts.script(entry)
        assert not re.search(r"^\s*import\b", script, re.MULTILINE)
        assert re.findall(r"^export .*$", script, re.MULTILINE) == [f"export default module_{entry}.main;"]


def test_every_module_is_in_the_script_once() -> None:
    script = scripts.script("main")
    for name in set(SOURCES) - {"feed.js"}:
        assert script.count(f"const module_{name.removesuffix('.js')} = ") == 1, name


def test_what_is_sent_with_each_message_is_small() -> None:
    assert len(scripts.script("feed")) < len(scripts.script("main")) / 50


def test_nothing_turns_text_into_html_or_code() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\b|new Function"
        r"|setTimeout\(\s*[\"'`]|srcdoc|javascript:"
    )
    for name, source in SOURCES.items():
        assert not forbidden.search(source), name


def test_nothing_asks_another_host() -> None:
    for name, source in SOURCES.items():
        addresses = set(re.findall(r"https?://[^\"'` ]+", source))
        assert addresses <= {"http://www.w3.org/2000/svg"}, name
        asks = re.findall(r"\bfetch\([^)]*\)|XMLHttpRequest|WebSocket|sendBeacon|importScripts", source)
        # The address comes from Python, as "weights/...", and the page's policy lets it lead to no other host.
        assert asks == (["fetch(address)"] if name == "exchange.js" else []), name
    assert "url(" not in scripts.style()
    assert "@import" not in scripts.style()


def test_every_word_the_script_asks_for_is_there_and_no_other() -> None:
    source = "\n".join(SOURCES.values())
    asked = set(re.findall(r"""\bt\(\s*["'](\w+)["']""", source))
    for key in re.findall(r"""\bquantityText\(\s*["'](\w+)["']""", source):
        asked |= {key, f"{key}_norm"}
    asked |= set(re.findall(r"""\b(?:say|label|tip): ["'](\w+)["']""", source))
    for field, values in re.findall(r'choose\("(\w+)", \[([^\]]*)\]\)', source):
        asked |= {f"set_{field}", *(f"{field}_{value}" for value in re.findall(r'"(\w+)"', values))}
    assert len(asked) > 50
    assert asked <= set(TEXTS), asked - set(TEXTS)
    quoted = set(re.findall(r"""["'](\w+)["']|\b(zoom_\w+):""", source))
    literal = {one or other for one, other in quoted}
    patterns = [f"{before}\\w+{after}" for before, after in re.findall(r"`(\w+_)\$\{[^}]+\}(\w*)`", source)]
    for key in TEXTS:
        assert key in asked | literal or any(re.fullmatch(each, key) for each in patterns), key


def test_translation_reaches_every_word() -> None:
    assert strings(str.upper)["layer"] == "LAYER {LAYER}"
    assert set(strings(lambda text: text)) == set(TEXTS)
