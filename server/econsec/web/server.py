"""The HTTP server, which says when it listens and ends well on a signal."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from econsec.errors import NotAvailable
from econsec.settings import Settings
from econsec.web.connection import connections
from econsec.web.limits import ConnectionLimits
from econsec.web.protocol import body_limit

__all__ = ["Ending", "Listening", "serve"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TICK = 0.05


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What happens between a signal and the end; a second signal ends at once.

    `on_signal` is called first: the service says that it is not ready. New requests
    are taken for `unready_seconds` more, so that a load balancer sees that, and those in
    progress have `drain_seconds` to end.
    """

    unready_seconds: float = 1
    drain_seconds: float = 10
    on_signal: Callable[[], None] = lambda: None


def serve(
    app: ASGIApp,
    settings: Settings,
    announce: Callable[[Listening], None],
    *,
    limits: ConnectionLimits | None = None,
    ending: Ending | None = None,
    failure: Callable[[], Exception | None] = lambda: None,
    on_refusal: Callable[[str], None] = lambda reason: None,
) -> None:
    """Serve until SIGINT or SIGTERM, and call `announce` once requests are answered.

    Where the app has a `failure` once it is started, that is raised instead.
    `on_refusal` hears why a connection refused or cut something (`web.connection`).
    Raises `NotAvailable` where the address cannot be listened on, and `SystemExit`
    (128 and the number of the signal) when a second signal ended what was in progress.
    """
    limits = limits or _limits(settings)
    with _listener(settings) as listener:
        address = Listening(settings.host, listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http=connections(limits, on_refusal=on_refusal),  # type: ignore[arg-type]
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        server = _Server(config, lambda: announce(address), ending=ending or Ending())
        server.has_failed = lambda: failure() is not None
        server.run(sockets=[listener])
    if (error := failure()) is not None:
        raise error
    if server.forced_by is not None:
        raise SystemExit(128 + server.forced_by)


def _limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.max_connections,
        # A query in a URL needs as much room as one in a body.
        target_bytes=body_limit(settings),
        header_bytes=settings.max_header_bytes,
        headers=settings.max_headers,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        body_bytes_per_second=settings.body_bytes_per_second,
        send_seconds=settings.send_seconds,
        keep_alive_seconds=settings.keep_alive_seconds,
    )


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
    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], *, ending: Ending
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._ending = ending
        self.forced_by: int | None = None
        self.has_failed: Callable[[], bool] = lambda: False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.has_failed():
            self.should_exit = True
        # What is there by now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        if not self.should_exit:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending.on_signal()
        loop = asyncio.get_running_loop()
        listens_until = loop.time() + self._ending.unready_seconds
        while loop.time() < listens_until and not self.force_exit:
            await asyncio.sleep(_TICK)
        # uvicorn takes whole seconds only by its annotation.
        self.config.timeout_graceful_shutdown = self._ending.drain_seconds  # type: ignore[assignment]
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self.force_exit = True
            self.forced_by = sig
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A stop by signal is a normal end, so no signal is raised again afterwards."""
        previous = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
