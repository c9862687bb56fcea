"""What a client may still ask: the quota of query seconds, checked and told on every answer."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from econsec.service.quota import Quota, QuotaExceeded
from econsec.web.problems import refusal

__all__ = ["Allowance"]

_FREE = ("/health/", "/metrics")
"""What whoever runs the service asks."""


class Allowance:
    """Answers 429 to who has nothing left, also where the answer would be in the cache."""

    def __init__(self, app: ASGIApp, *, quota: Quota) -> None:
        self._app = app
        self._quota = quota

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        client = scope["state"]["client"]
        try:
            self._quota.check(client)
        except QuotaExceeded as error:
            await refusal(error, scope)(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._quota.headers(client).items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, told)
