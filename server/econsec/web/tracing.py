"""The outermost layer: every request has an id, and every failure an answer."""

from __future__ import annotations

import logging
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from econsec.errors import EconSecError
from econsec.service.clients import Clients
from econsec.web.problems import unexpected

__all__ = ["REQUEST_ID", "Tracing"]

REQUEST_ID = "X-Request-ID"
_log = logging.getLogger(__name__)


class Tracing:
    """Gives each request an id and a client, and catches the errors that nobody foresaw."""

    def __init__(self, app: ASGIApp, *, clients: Clients) -> None:
        self._app = app
        self._clients = clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        peer = scope["client"][0] if scope.get("client") else None
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["client"] = self._clients.identify(peer, scope["headers"])
        started = False

        async def identified(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, receive, identified)
        except ClientDisconnect:
            _log.info("request %s: the client went away", request_id)
        except Exception as error:
            if started and (foreseen := _foreseen(error)) is not None:
                # Ending here tells the client that the answer is not whole.
                _log.warning("request %s broke off: %s", request_id, foreseen)
                raise foreseen from None
            _log.exception("request %s failed", request_id)
            if started:
                raise
            await unexpected(request_id)(scope, receive, identified)


def _foreseen(error: Exception) -> EconSecError | None:
    """An error of our own, also where Starlette has wrapped it."""
    found = error.__cause__ if isinstance(error, RuntimeError) else error
    return found if isinstance(found, EconSecError) else None
