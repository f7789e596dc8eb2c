"""Two replicas behind nginx: one is killed while somebody uses it, and a reload shows the same view.

`make replicas` runs this; `make test` does not, since nginx is not everywhere. It must be on the path (Debian and
Ubuntu: apt-get install nginx-light). The configuration is deploy/nginx.conf itself, with free ports in place of
its own, and a log of which replica answered.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_first_path import in_link, paste
from tests.harness import server as servers
from tests.harness.server import ROOT, Server
from tests.harness.settle import listen, settled
from tests.harness.watch import Watch

START_WITHIN_S = 10
TEXT = "The animal did not cross the street because it was tired."


@pytest.fixture
def replicas(tmp_path: Path) -> Iterator[list[Server]]:
    with (
        servers.running(ROOT / "app.py", tmp_path / "first.log") as first,
        servers.running(ROOT / "app.py", tmp_path / "second.log") as second,
    ):
        yield [first, second]


@pytest.fixture
def balancer(replicas: list[Server], tmp_path: Path) -> Iterator[str]:
    """The address of nginx in front of the replicas; it logs to access.log who answered what."""
    found = shutil.which("nginx")
    assert found is not None, "nginx is not here: install it, on Debian: apt-get install nginx-light"
    (tmp_path / "nginx-temp").mkdir(mode=0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        own = f"127.0.0.1:{free.getsockname()[1]}"
    configuration = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    ours = {
        "127.0.0.1:8510": own,
        "127.0.0.1:8511": urlsplit(replicas[0].url).netloc,
        "127.0.0.1:8512": urlsplit(replicas[1].url).netloc,
        "access_log off;": "log_format who '$upstream_addr $uri'; access_log access.log who;",
    }
    for theirs, mine in ours.items():
        assert configuration.count(theirs) == 1, f"deploy/nginx.conf has {theirs!r} once"
        configuration = configuration.replace(theirs, mine)
    (tmp_path / "nginx.conf").write_text(configuration, encoding="utf-8")
    process = subprocess.Popen([found, "-p", str(tmp_path), "-c", "nginx.conf"])
    try:
        _wait_until_open(own, process)
        yield f"http://{own}"
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(10)


def _wait_until_open(address: str, process: subprocess.Popen[bytes]) -> None:
    host, port = address.split(":")
    latest = time.monotonic() + START_WITHIN_S
    while time.monotonic() < latest:
        assert process.poll() is None, "nginx ended; what it said is above"
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")


def answered_by(log: Path, skip: int = 0) -> list[str]:
    """The replicas that answered, request by request, after the first `skip`; the last tried counts."""
    lines = log.read_text(encoding="utf-8").splitlines()[skip:]
    return [line.rsplit(" ", 1)[0].split(", ")[-1] for line in lines]


def test_a_reload_brings_the_view_back_after_a_replica_was_killed(
    replicas: list[Server], balancer: str, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(locale="en-US", timezone_id="UTC")
    watch = Watch(context, urlsplit(balancer).netloc)
    page = context.new_page()
    listen(page)
    page.goto(f"{balancer}/heads?layer=2&text={quote('One.')}")
    settled(page)
    paste(page, TEXT)
    page.get_by_label("Head", exact=True).fill("5")
    page.keyboard.press("Enter")
    settled(page)
    assert in_link(page, "text") == TEXT
    link = page.url
    watch.check()

    log = tmp_path / "access.log"
    before = answered_by(log)
    [used] = set(before)  # the cookie keeps a browser with one replica
    [victim] = [replica for replica in replicas if urlsplit(replica.url).netloc == used]
    [other] = [replica for replica in replicas if replica is not victim]
    os.killpg(victim.process.pid, signal.SIGKILL)
    victim.process.wait(10)

    page.reload()
    settled(page)
    assert page.url == link
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    expect(page.get_by_label("Layer", exact=True)).to_have_value("2")
    expect(page.get_by_label("Head", exact=True)).to_have_value("5")
    assert page.locator('[data-testid="stImage"] img').count() >= 1
    assert set(answered_by(log, skip=len(before))) <= {urlsplit(other.url).netloc, used}
    assert urlsplit(other.url).netloc in answered_by(log, skip=len(before))
    context.close()


def test_browsers_are_spread_over_both(balancer: str, browser: Browser, tmp_path: Path) -> None:
    """Of 24 browsers behind one address, none on a replica has a chance of 1 in 8 million."""
    for _ in range(24):
        context = browser.new_context()
        context.request.get(f"{balancer}/_stcore/health")
        context.close()
    assert len(set(answered_by(tmp_path / "access.log"))) == 2
