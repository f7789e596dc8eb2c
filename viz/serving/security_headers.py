"""The headers that the app's server sends with every answer; docs/security-headers.md says why each is as it is."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The one inline script of the page that Streamlit itself sends.
_STREAMLIT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"


def policy(inline_scripts: Iterable[str] = (), framed_by: Iterable[str] = ("'self'",)) -> str:
    """The Content-Security-Policy, where scripts of these hashes may stand within a page, a frame's too.

    `framed_by` are the sites that may show the app in a frame of theirs, as the directive frame-ancestors takes them.
    """
    scripts = ["'self'", "blob:", _STREAMLIT, *inline_scripts, "'wasm-unsafe-eval'"]
    directives = {
        "default-src": ["'none'"],
        "script-src": scripts,
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": list(framed_by) or ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


class SecurityHeaders:
    """ASGI middleware: `headers` with every answer that does not have its own of that name."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in self._headers.items():
                    MutableHeaders(scope=message).setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def headers(content_security_policy: str) -> dict[str, str]:
    """All of them. A link to the app holds a text, which no other site needs to be told."""
    return {
        "Content-Security-Policy": content_security_policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
