"""What there is to say of each request when it is over, for the log and for the metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ABORTED", "Observation", "Observer", "Observing"]

ABORTED = "aborted"
"""The outcome of an answer that did not end, whoever is to blame."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A request and its answer.

    `route` is the template of the path and `method` a known one, so that both have
    few values. `status` is `None` where no answer began. `outcome` is the class of the
    status (`2xx`) or `aborted`. `state` is what the application noted on the way.
    """

    method: str
    route: str
    status: int | None
    outcome: str
    seconds: float
    bytes_sent: int
    state: Mapping[str, Any]


Observer = Callable[[Observation], None]


class Observing:
    """The outermost layer; tells each observer of each request, once."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        observers: Sequence[Observer],
        on_start: Callable[[], None] = lambda: None,
        paths: Collection[str] = (),
    ) -> None:
        """`paths` are those without parameters that may be answered before there is a route."""
        self._app = app
        self._observers = tuple(observers)
        self._on_start = on_start
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        started = time.perf_counter()
        status: int | None = None
        sent = 0
        ended = False
        self._on_start()

        async def noted(message: Message) -> None:
            nonlocal status, sent, ended
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
                ended = not message.get("more_body", False)

        try:
            await self._app(scope, receive, noted)
        finally:
            observation = Observation(
                method=scope["method"] if scope["method"] in _METHODS else "other",
                route=self._route(scope),
                status=status,
                outcome=f"{status // 100}xx" if ended and status is not None else ABORTED,
                seconds=time.perf_counter() - started,
                bytes_sent=sent,
                state=state,
            )
            for observer in self._observers:
                observer(observation)

    def _route(self, scope: Scope) -> str:
        template = getattr(scope.get("route"), "path", None)
        if isinstance(template, str):
            return template
        return scope["path"] if scope["path"] in self._paths else "other"
