"""The weights of a text by an address of their own: one copy for all who are shown it, and kept by their browsers.

    WEIGHTS.address(payload)   # "weights/5f0c…", below the app's own address; "" where nobody answers there
    WEIGHTS.route("atlas")     # what answers there, for a server in that folder of its site

An address is a keyed hash (HMAC-SHA256) under a secret of this process. So one payload has one address in all sessions,
and who guesses a text can neither guess its address nor ask whether somebody reads it. It is answered while anybody
holds the payload, which is the shared cache. Else, and in another process, and for whatever else is asked, the answer
is one and the same 404, after which a page asks its session.
"""

import hmac
import re
import secrets
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from viz.pictures.explorer.payload import Payload

_FOLDER = "weights"
_PATH = re.compile(r"([0-9a-f]{64})(?:/([0-9]{1,4}\.[0-9]{1,4}))?", re.ASCII)
_KEPT_FOR_S = 3600
_KEPT = {
    "Cache-Control": f"private, max-age={_KEPT_FOR_S}, immutable",
    # They are compressed already. Without this header the server would do it again with every answer, for 1% less.
    "Content-Encoding": "identity",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOT_KEPT = {"Cache-Control": "no-store"}


class WeightsRoute:
    """The payloads that were given an address, and who answers there. `is_served` says whether a server does."""

    def __init__(self) -> None:
        self.is_served = False
        self._secret = secrets.token_bytes(32)
        self._payloads: WeakValueDictionary[str, Payload] = WeakValueDictionary()

    def address(self, payload: Payload) -> str:
        """Where a browser fetches the payload's `first`; a slash and the name of a layer leads to that layer."""
        if not self.is_served:
            return ""
        name = hmac.digest(self._secret, payload.id.encode(), "sha256").hex()
        self._payloads[name] = payload
        return f"{_FOLDER}/{name}"

    def route(self, base: str) -> Route:
        """What the server answers with below `base`, the folder of its site that it is in, "" for none."""
        prefix = f"/{base.strip('/')}".rstrip("/")
        return Route(f"{prefix}/{_FOLDER}/{{rest:path}}", self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        if request.method != "GET":
            answer = Response(status_code=405, headers={"Allow": "GET", **_NOT_KEPT})
        else:
            answer = await run_in_threadpool(self._answer, request.path_params["rest"])
        await answer(scope, receive, send)

    def _answer(self, path: str) -> Response:
        match = _PATH.fullmatch(path)
        payload = self._payloads.get(match[1]) if match else None
        message = payload.message(match[2] or "") if match and payload else None
        if message is None:
            return Response(status_code=404, headers=_NOT_KEPT)
        return Response(message, headers=_KEPT, media_type="application/octet-stream")


WEIGHTS = WeightsRoute()
