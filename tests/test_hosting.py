"""The container file and the hosting page: what they name is there, and agrees with the rest."""

import re
import shlex
import tomllib

from tests.scripts import ROOT
from tests.test_lock import APP_LOCKS


def containerfile() -> list[list[str]]:
    """Its instructions, continued lines joined, as words."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line and not line.startswith("#")]


def copied() -> list[tuple[list[str], str]]:
    return [(words[1:-1], words[-1]) for words in containerfile() if words[0] == "COPY"]


def test_everything_the_app_reads_is_copied_and_is_there() -> None:
    sources = {source for group, _ in copied() for source in group}
    for source in sources:
        assert (ROOT / source).exists(), source
    assert sources >= {"app.py", "viz", "pages", ".streamlit", "locks", "LICENSE", *APP_LOCKS}
    for group, target in copied():
        for source in group:
            # A folder's content goes into the target, so the target has to have its name.
            assert target == (f"./{source}" if (ROOT / source).is_dir() else "./")


def test_the_container_installs_by_hash_and_runs_as_nobody_special() -> None:
    steps = containerfile()
    [install] = [words for words in steps if words[:3] == ["RUN", "pip", "install"]]
    assert "--require-hashes" in install
    [default] = [words[1] for words in steps if words[0] == "ARG" and words[1].startswith("LOCK=")]
    assert default.removeprefix("LOCK=") in APP_LOCKS
    kinds = [words[0] for words in steps]
    user = kinds.index("USER")
    assert steps[user][1] not in ("root", "0")
    assert kinds.index("CMD") > user
    assert not [kind for kind in kinds[user:] if kind in ("RUN", "COPY")]
    [base] = [words[1] for words in steps if words[0] == "FROM"]
    assert re.fullmatch(r"python:3\.1[123]-slim-\w+", base)


def test_nginx_takes_the_largest_upload_and_the_ports_of_the_page() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    streamlit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    [limit] = re.findall(r"client_max_body_size (\d+)m;", nginx)
    assert int(limit) > streamlit["server"]["maxUploadSize"]
    replicas = re.findall(r"server 127\.0\.0\.1:(\d+) ", nginx)
    assert len(replicas) == 2
    assert re.findall(r"--server\.port (\d+)", page) == replicas


def test_the_page_names_settings_and_files_that_exist() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    known = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    variables = set(re.findall(r"ATTENTION_ATLAS_[A-Z_]+", page))
    assert variables
    for name in variables:
        assert f"`{name}`" in known
    for lock in re.findall(r"-r (\S+\.lock)", page):
        assert (ROOT / lock).exists()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)`", page):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
