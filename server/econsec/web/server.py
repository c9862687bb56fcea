"""The HTTP server, which says when it listens and ends well on a signal."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from econsec.errors import NotAvailable
from econsec.settings import Settings
from econsec.web.protocol import body_limit

__all__ = ["Listening", "serve"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE = 10
"""Seconds that requests in progress have to end after a signal."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens; `port` is the real one when port 0 was asked for."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The root of the service, as a client on this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def serve(app: FastAPI, settings: Settings, announce: Callable[[Listening], None]) -> None:
    """Serve until SIGINT or SIGTERM, and call `announce` once requests are answered.

    Raises `NotAvailable` where the address cannot be listened on.
    """
    with _listener(settings) as listener:
        address = Listening(settings.host, listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            # A query in a URL needs as much room as one in a body.
            h11_max_incomplete_event_size=body_limit(settings),
            timeout_graceful_shutdown=_GRACE,
        )
        _Server(config, lambda: announce(address)).run(sockets=[listener])


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
        # asyncio turns Nagle's algorithm off, which would cost each answer 40 ms, only
        # where the protocol is named.
        return socket.socket(family, listener.type, socket.IPPROTO_TCP, listener.detach())
    except (OSError, UnicodeError) as error:
        # Python appends the address to what the system says.
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise NotAvailable(
            f"cannot listen on {settings.host} port {settings.port}: {reason}",
            remedy="choose another address with --host and --port",
        ) from error


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A stop by signal is a normal end, so no signal is raised again afterwards."""
        previous = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
