"""What no page of the app may do in a browser: ask another host for anything, or go wrong.

Going wrong is an error that nobody caught, or one on the console, where Streamlit's frontend puts those
it catches itself, a component's among them.
"""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

LOCAL_SCHEMES = ("data", "blob", "about")

# The browser itself is told to reach this machine only and to ask for nothing on its own.
CHROMIUM_ARGUMENTS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


class Watch:
    """Records what the pages of a browser context ask of other hosts than `host`, and their errors."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.host = host
        self.foreign: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self._asked(request.url))
        context.on("weberror", lambda raised: self.errors.append(str(raised.error)))
        context.on("console", self._said)
        context.on("page", self._watch_sockets)

    def _watch_sockets(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc != self.host:
            self.foreign.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        # On a page other than the first, Streamlit looks for its server below the page's path before the root.
        probing = "/_stcore/" in message.location["url"]
        if message.type == "error" and not probing:
            self.errors.append(message.text)

    def check(self) -> None:
        """AssertionError that names what was asked and raised, where there was anything."""
        assert not self.foreign, f"The page asked other hosts than {self.host}: {self.foreign}"
        assert not self.errors, f"Errors in the browser: {self.errors}"
