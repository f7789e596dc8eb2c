"""A server of the app for the tests: `streamlit run app.py` on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 90
STOP_WITHIN_S = 15
# What Streamlit logs when a page raises and the app does not catch it; the browser sees no details.
UNCAUGHT = "Uncaught app execution"


@dataclass(frozen=True)
class Server:
    """A running server: `url` without a slash at its end, `log` the file with all it prints, its `process`."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def printed(self) -> str:
        """All it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(
    script: Path,
    log: Path | None = None,
    module: str = "streamlit",
    environment: Mapping[str, str] | None = None,
    base: str = "",
) -> Iterator[Server]:
    """Serve `script` until the block ends; RuntimeError with what it printed where it does not start.

    `module` is run with Streamlit's own arguments in its place, and with `environment` beside this one's variables.
    What it prints goes into the file `log`, or into one that is removed at the end. `base` is the folder of its site
    that it is in.
    """
    port = _free_port()
    command = [sys.executable, "-m", module, "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    command += ["--server.baseUrlPath", base] if base else []
    with (
        TemporaryDirectory() as folder,
        _started(command, port, log or Path(folder) / "log.txt", environment, base) as server,
    ):
        yield server


@contextmanager
def running_by_uvicorn(log: Path) -> Iterator[Server]:
    """Serve the app without Streamlit's own command until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port)]
    with _started(command, port, log, None) as server:
        yield server


@contextmanager
def _started(
    command: list[str], port: int, log: Path, environment: Mapping[str, str] | None, base: str = ""
) -> Iterator[Server]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}{base and '/'}{base}", log, process)
    try:
        _wait_until_healthy(server, process)
        yield server
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    direct = build_opener(ProxyHandler({}))  # a proxy of the machine has no business here
    latest = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < latest:
        try:
            with direct.open(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    state = "still starting" if process.poll() is None else f"ended with exit status {process.returncode}"
    raise RuntimeError(f"The app's server did not start ({state}). It printed:\n{server.printed()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_WITHIN_S)
