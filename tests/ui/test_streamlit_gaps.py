"""The parts of Streamlit that are not public, asked for in a running server: an upgrade may take one away."""

import ast
import json
import time
from pathlib import Path

import pytest

from tests.harness.client import client
from tests.harness.server import running
from tests.scripts import ROOT

pytestmark = pytest.mark.server

# Streamlit's own packages whose names it documents for types.
PUBLIC = {"streamlit", "streamlit.delta_generator", "streamlit.components.v2.types"}

SCRIPT = """
import json, threading, time
from pathlib import Path

import streamlit as st

from viz.ui import streamlit_gaps as gaps

session = gaps.session_id()
told = {
    "server": gaps.is_server(),
    "session": bool(session),
    "connected": gaps.is_connected(session),
    "stranger": gaps.is_connected("nobody"),
    "nobody": gaps.nobody_connected(),
    "history": gaps.went_through_history(),
    "threads": [],
}

thread = threading.Thread(target=lambda: told["threads"].append(gaps.session_id()))
thread.start()
thread.join()
st.download_button("Save", b"kept", file_name="kept.txt")
st.download_button("Save what is made then", lambda: b"kept", file_name="made.txt")
upload = st.file_uploader("File")
told["upload"] = upload is None or isinstance(upload, gaps.UploadedFile)
st.text(json.dumps(told))

def after():
    from streamlit import runtime
    files = runtime.get_instance().media_file_mgr
    while gaps.is_connected(session):
        time.sleep(0.05)
    kept = [len(files._file_metadata), len(files._deferred_callables)]
    gaps.forget([session])
    gaps.forget([])  # a file that nobody refers to goes at the second look
    left = [len(files._file_metadata), len(files._deferred_callables)]
    said = {"nobody": gaps.nobody_connected(), "kept": kept, "left": left}
    Path("FILE.part").write_text(json.dumps(said))
    Path("FILE.part").rename("FILE")

threading.Thread(target=after, daemon=True).start()
"""


def test_a_running_server_has_every_part_that_is_reached_for(tmp_path: Path) -> None:
    after = tmp_path / "after.json"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("FILE", str(after)), encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT)}
    with running(script, tmp_path / "log.txt", environment=environment) as server:
        with client(server.url) as person:
            elements = person.open("")
            [said] = [json.loads(each.text.body) for each in elements if each.HasField("text")]
        deadline = time.monotonic() + 30
        while not after.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        later = json.loads(after.read_text(encoding="utf-8"))
        assert "Traceback" not in server.printed()
    assert said == {
        "server": True,
        "session": True,
        "connected": True,
        "stranger": False,
        "nobody": False,
        "history": False,
        "threads": [""],
        "upload": True,
    }
    assert later == {"nobody": True, "kept": [1, 1], "left": [0, 0]}


PAGES = """
from contextlib import asynccontextmanager

import streamlit as st

from viz.ui import streamlit_gaps as gaps

@asynccontextmanager
async def lifespan(_app):
    gaps.ignore_folder_of_pages()
    yield

if __name__ != "__main__":
    app = st.App(__file__, lifespan=lifespan)
else:
    st.text("the entry")
    st.navigation([st.Page("pages/one.py")]).run()
"""


def test_a_new_server_runs_the_entry_for_who_goes_straight_to_a_page(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(PAGES, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.py").write_text(
        'import streamlit as st\nst.text("the page")', encoding="utf-8"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    with (
        running(script, tmp_path / "log.txt", environment=environment) as server,
        client(server.url) as person,
    ):
        elements = person.open("one")
    assert [each.text.body for each in elements if each.HasField("text")] == ["the entry", "the page"]


def test_nothing_else_reaches_into_streamlit() -> None:
    files = [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("viz/**/*.py")]
    private = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in private_imports(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert private
    assert {line.split()[0] for line in private} == {"viz/ui/streamlit_gaps.py"}


def private_imports(tree: ast.AST) -> list[str]:
    """What is imported of Streamlit that is not public."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [each.name for each in node.names if each.name not in PUBLIC]
        elif isinstance(node, ast.ImportFrom) and node.module == "streamlit":
            names += [f"streamlit.{each.name}" for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module not in PUBLIC:
            names.append(node.module or "")
    return [name for name in names if name.startswith("streamlit.")]
