"""The browser that the end-to-end tests drive: one that is installed, else one that can be had.

`python -m tests.harness.browser` makes sure of it, and says what it does. It looks in turn for
an installed Chromium, Chrome or Edge, or the one that ATTENTION_ATLAS_CHROMIUM names; Playwright's
own, downloading it where the network lets it; Debian's package, where this user may install one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.harness.watch import CHROMIUM_ARGUMENTS

VARIABLE = "ATTENTION_ATLAS_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
MAC_NAMES = ("Google Chrome", "Chromium", "Microsoft Edge")
HELP = f"Install Chromium or Chrome, or name one: {VARIABLE}=/path/to/chromium make test"
# Written once fonts were tried for, so that a machine that cannot have them is not asked again.
FONTS_TRIED = Path(sys.prefix) / ".stamps" / "browser-fonts-tried"


def find() -> Path | None:
    """The browser to use, None where there is none that starts. A named one is the only candidate."""
    if named := os.environ.get(VARIABLE):
        return Path(named) if version(Path(named)) else None
    return next((path for path in _installed() if version(path)), None) or _playwrights_own()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that reaches this machine only, closed with the block. AssertionError where there is none."""
    path = find()
    assert path is not None, f"There is no browser. {HELP}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def version(path: Path) -> str:
    """What the browser calls itself, empty where it does not start."""
    return _output([str(path), "--version"], timeout_s=30)


def _installed() -> list[Path]:
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    on_mac = [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC_NAMES]
    return on_path + on_mac


def _playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if version(path) else None


def _download() -> None:
    print("No Chromium or Chrome is installed: downloading Playwright's own (at most 4 minutes)", flush=True)
    connect_within = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "20000"}
    _run([sys.executable, "-m", "playwright", "install", "chromium"], timeout_s=240, settings=connect_within)


def _debian_install(*packages: str) -> bool:
    """Whether Debian's packages could be installed; only tried where no password is needed."""
    if not shutil.which("apt-get"):
        return False
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and not (shutil.which("sudo") and _run([*may, "true"], timeout_s=10)):
        return False
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    apt_get = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    _run([*apt_get, "update"], timeout_s=180)
    return _run([*apt_get, "install", "--no-install-recommends", *packages], timeout_s=600)


def ensure() -> str | None:
    """Get a browser where there is none. Returns what is wrong, None when all is well."""
    found = find()
    if found is None and os.environ.get(VARIABLE):
        return f"{VARIABLE}={os.environ[VARIABLE]} is no browser that starts. {HELP}"
    if found is None:
        _download()
        found = _playwrights_own()
    if found is None and _debian_install("chromium"):
        found = find()
    if found is None:
        return f"There is no browser for the end-to-end tests. {HELP}"
    print(f"Browser: {version(found)} ({found})", flush=True)
    return None


def ensure_chinese_font() -> None:
    """Where Chinese has no font, screenshots show boxes and the tests still pass: try once, go on."""
    if FONTS_TRIED.exists() or not shutil.which("fc-list") or _output(["fc-list", ":lang=zh"], timeout_s=60):
        return
    if not _debian_install("fonts-noto-cjk"):
        print("There is no Chinese font for the browser: screenshots will show boxes", flush=True)
    FONTS_TRIED.parent.mkdir(exist_ok=True)
    FONTS_TRIED.touch()


def _output(command: Sequence[str], timeout_s: float) -> str:
    """What a command printed, empty where it fails."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _run(command: Sequence[str], timeout_s: float, settings: dict[str, str] | None = None) -> bool:
    """Whether a command succeeded within its time. It may print."""
    environment = {**os.environ, **(settings or {})}
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, env=environment, timeout=timeout_s, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    wrong = ensure()
    if wrong:
        sys.exit(f"Error: {wrong}")
    ensure_chinese_font()
