"""What goes out over a connection: answers that end cleanly, and refusals."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from econsec.web.leaving import leave
from econsec.web.limits import ConnectionLimits
from econsec.web.refusal import FAILED, STOPPING, Refusal
from econsec.web.sending import SendWatch

__all__ = ["Outgoing", "disconnect"]

_log = logging.getLogger(__name__)
_Cycle = RequestResponseCycle
_RESET = struct.pack("ii", 1, 0)


class Outgoing(HttpToolsProtocol):
    """Of a connection, the half that answers.

    `_running` is the answer in progress; once the connection is `_deaf`, what comes in
    is let go.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
        on_refusal: Callable[[str], None],
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.timeout_keep_alive = limits.keep_alive_seconds  # type: ignore[assignment]
        self._limits = limits
        self._on_refusal = on_refusal
        self._running: _Cycle | None = None
        self._deaf = False
        self._unframed = False
        self._linger_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._sending = SendWatch(
            transport, seconds=self._limits.send_seconds, on_stall=self._on_stall
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._deaf = True
        self._sending.stop()
        if self._linger_timer is not None:
            self._linger_timer.cancel()
        self.pipeline.clear()
        if self._running is not None:
            disconnect(self._running)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._sending.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._sending.stop()

    def on_response_complete(self) -> None:
        self._running = None
        self._sending.start()
        super().on_response_complete()

    def _start_asgi_task(self, cycle: _Cycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, partial(self._run, cycle, app))

    async def _run(self, cycle: _Cycle, app: Any, scope: Any, receive: Any, send: Any) -> None:
        """Run the application; an answer that it does not finish never looks finished."""
        try:
            await app(scope, receive, partial(self._send, cycle))
        except (Exception, asyncio.CancelledError) as error:
            if not cycle.disconnected:
                _log.warning("the application ended with %s", type(error).__name__)
            self._give_up(cycle, STOPPING if isinstance(error, asyncio.CancelledError) else FAILED)
        else:
            self._give_up(cycle, FAILED)

    def _give_up(self, cycle: _Cycle, refusal: Refusal) -> None:
        if cycle.response_complete or cycle.disconnected:
            return
        disconnect(cycle)
        self._on_refusal("cut" if cycle.response_started else refusal.reason)
        if cycle.response_started:
            self._cut()
        else:
            self._answer(refusal)

    async def _send(self, cycle: _Cycle, message: Any) -> None:
        if cycle.disconnected:
            # An application that has its answer at hand would never let the loop turn.
            await asyncio.sleep(0)
            return
        if message["type"] == "http.response.start":
            # The rest of a request that is not read would pass for the next one.
            cycle.keep_alive = cycle.keep_alive and not cycle.more_body
            self._unframed = _is_unframed(cycle, message)
            if self._unframed:
                cycle.chunked_encoding = False
        elif self._unframed:
            cycle.expected_content_length = len(message.get("body", b""))
        last = message["type"] == "http.response.body" and not message.get("more_body", False)
        lingering = last and cycle.more_body and not cycle.keep_alive
        # Else uvicorn closes at once, and the reset makes the client lose the answer.
        cycle.keep_alive = cycle.keep_alive or lingering
        await cycle.send(message)
        if lingering and cycle.response_complete:
            self._linger()

    def _answer(self, refusal: Refusal) -> None:
        request_id = uuid4().hex
        _log.info("request %s: %s: %s", request_id, refusal.status.value, refusal.detail)
        headers = self.server_state.default_headers
        self.transport.write(refusal.response(request_id, headers=headers))
        self._linger()

    def _linger(self) -> None:
        """Close once the client has seen the answer: a close with unread data resets it."""
        self._deaf = True
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        self.transport.write_eof()
        self.flow.resume_reading()
        self._linger_timer = self.loop.call_later(self._limits.linger_seconds, self.transport.abort)

    def _on_stall(self) -> None:
        self._on_refusal("slow_reader")
        self._reset()

    def _cut(self) -> None:
        """End an answer so that the client knows that it is not whole."""
        if self._unframed:
            self._reset()
        else:
            self.transport.abort()

    def _reset(self) -> None:
        self._deaf = True
        with suppress(OSError):
            found = self.transport.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()


def disconnect(cycle: _Cycle) -> None:
    """Tell the application of a request that nobody hears it any more."""
    cycle.disconnected = True
    cycle.message_event.set()
    leave(cycle.scope)


def _is_unframed(cycle: _Cycle, start: Any) -> bool:
    """Whether only the end of the connection ends the answer: HTTP/1.0, and no length given."""
    names = {name.lower() for name, _ in start.get("headers", ())}
    return cycle.scope["http_version"] == "1.0" and b"content-length" not in names
