"""The outermost layer: every request has an id, and every failure an answer."""

from __future__ import annotations

import logging
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from econsec.web.problems import unexpected

__all__ = ["REQUEST_ID", "Tracing"]

REQUEST_ID = "X-Request-ID"
_log = logging.getLogger(__name__)


class Tracing:
    """Gives each request an id, for the log and for the client, and catches what nobody did."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def identified(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        try:
            await self._app(scope, receive, identified)
        except ClientDisconnect:
            _log.info("request %s: the client went away", request_id)
        except Exception:
            _log.exception("request %s failed", request_id)
            if started:
                raise
            await unexpected(request_id)(scope, receive, identified)
