"""One connection of HTTP/1.1: uvicorn's, with the limits and the clean ends that it lacks.

uvicorn waits for a request for ever, bounds neither its head nor the connections,
writes a refusal into the middle of an answer, sends chunks to HTTP/1.0, and ends a
broken answer to HTTP/1.0 so that it looks whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import httptools
from uvicorn import Config
from uvicorn.server import ServerState

from econsec.web.head import HeadMeter, head_fault
from econsec.web.limits import ConnectionLimits
from econsec.web.outgoing import Outgoing, disconnect
from econsec.web.receiving import Awaited, ReceiveWatch
from econsec.web.refusal import (
    FULL,
    LATE_BODY,
    LATE_HEAD,
    MALFORMED,
    PIPELINED,
    Refusal,
)

__all__ = ["Connection", "connections"]


def connections(
    limits: ConnectionLimits, *, on_refusal: Callable[[str], None] = lambda reason: None
) -> Callable[..., Connection]:
    """The connections of one server, as uvicorn's `Config(http=…)` takes them.

    `on_refusal` hears the reason of everything that a connection refuses or cuts.
    """
    return partial(Connection, limits=limits, waiting={}, on_refusal=on_refusal)


class Connection(Outgoing):
    """`waiting` are the connections of the server without a request, the oldest first."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
        waiting: dict[Connection, None],
        on_refusal: Callable[[str], None],
    ) -> None:
        super().__init__(
            config, server_state, app_state, _loop, limits=limits, on_refusal=on_refusal
        )
        self._waiting = waiting
        self._meter = HeadMeter(limits)
        self._fault: Refusal | None = None
        self._pending: Refusal | None = None
        self._stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._receiving = ReceiveWatch(
            self._limits, is_our_turn=self._is_our_turn, on_late=self._on_late
        )
        if len(self.connections) > 2 * self._limits.connections:
            transport.abort()
            return
        if len(self.connections) > self._limits.connections and not self._make_room():
            self._refuse(FULL)
            return
        self._waiting[self] = None
        self._receiving.start()

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.pop(self, None)
        self._receiving.stop()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Take no further request than one that is on its way."""
        self._stopping = True
        if self._receiving.awaited is not Awaited.HEAD:
            super().shutdown()

    def _make_room(self) -> bool:
        """Close the connection that has been without a request for the longest time."""
        oldest = next(iter(self._waiting), None)
        if oldest is None:
            return False
        del self._waiting[oldest]
        self.connections.discard(oldest)
        oldest._deaf = True
        oldest.transport.close()
        return True

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._unset_keepalive_if_required()
        if self._receiving.awaited is Awaited.NOTHING:
            self._receiving.expect(Awaited.REQUEST)
        meter = self._meter
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(self._fault or MALFORMED)
            return
        if meter is self._meter and self._receiving.awaited is Awaited.HEAD:
            fault = meter.unfinished(len(data))
            if fault is not None:
                self._refuse(fault)
        self._receiving.start()

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                # Java's client asks for HTTP/2 first; without an answer to that it stays here.
                data = data[upgrade.args[0] :]

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self._limits.pipelined:
            self._stop_parsing(PIPELINED)
        self._meter = HeadMeter(self._limits)
        self._receiving.expect(Awaited.HEAD)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._stop_parsing(self._meter.target(len(url)))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        # A trailer must not pass for a header, such as Authorization.
        if self._receiving.awaited is Awaited.HEAD:
            self._stop_parsing(self._meter.header(len(name) + len(value)))
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_parsing(head_fault(self.parser.get_http_version(), self.headers))
        # httptools takes no URL of more than 65,535 bytes apart; nobody reads the scope yet.
        self.url, _, query = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query.partition(b"#")[0]
        self.cycle.keep_alive = self.cycle.keep_alive and not self._stopping
        self._receiving.expect(Awaited.BODY)
        self._waiting.pop(self, None)

    def on_body(self, body: bytes) -> None:
        self._receiving.note_body(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._receiving.expect(Awaited.NOTHING)
        super().on_message_complete()

    def _stop_parsing(self, fault: Refusal | None) -> None:
        if fault is not None:
            self._fault = fault
            raise ValueError(fault.reason)

    def _is_our_turn(self) -> bool:
        """Whether the client cannot send, because we do not read."""
        in_body = self._receiving.awaited is Awaited.BODY
        return self.flow.read_paused or (in_body and self.cycle.waiting_for_100_continue)

    def _on_late(self) -> None:
        if self._receiving.awaited is Awaited.BODY:
            self._refuse(LATE_BODY)
        elif self._receiving.awaited is Awaited.HEAD:
            self._refuse(LATE_HEAD)
        elif self._running is None:
            self.transport.close()
        else:
            # An empty line after a request, whose answer is not ready.
            self._receiving.expect(Awaited.NOTHING)

    def on_response_complete(self) -> None:
        if self._pending is not None and not self.pipeline and not self.transport.is_closing():
            self._answer(self._pending)
            return
        super().on_response_complete()
        if self._receiving.awaited is Awaited.HEAD:
            self._unset_keepalive_if_required()
        if self._running is None and not self._deaf:
            self._waiting[self] = None

    def send_400_response(self, msg: str) -> None:
        self._refuse(MALFORMED)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer what cannot be taken, after the requests that came before it."""
        self._on_refusal(refusal.reason)
        late = self.cycle if self._receiving.awaited is Awaited.BODY else None
        self._deaf = True
        self._receiving.stop()
        if late is not None and late is not self._running:
            self.pipeline.popleft()
        if self._running is None:
            self._answer(refusal)
        elif self._running is not late:
            self._pending = refusal
        else:
            disconnect(late)
            if late.response_started:
                self._cut()
            else:
                self._answer(refusal)
