"""Cross-origin access (Fetch, 3.2): any page may ask, none with credentials."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CrossOrigin"]

_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_HEADERS = "Accept, Authorization, Content-Type, Content-Encoding, If-Match, If-None-Match"
_MAX_AGE = "86400"


class CrossOrigin:
    """Says to every client, page or not, that any origin may read the answer.

    Who asks makes no difference to the headers, so that a shared cache may give
    one client's answer to another.
    """

    def __init__(self, app: ASGIApp, *, exposed: Sequence[str]) -> None:
        self._app = app
        self._exposed = ", ".join(exposed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = self._exposed
            await send(message)

        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            await _preflight(opened)
        else:
            await self._app(scope, receive, opened)


def _is_preflight(scope: Scope) -> bool:
    return "access-control-request-method" in Headers(scope=scope)


async def _preflight(send: Send) -> None:
    headers = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Max-Age": _MAX_AGE,
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 204, "headers": raw})
    await send({"type": "http.response.body", "body": b""})
