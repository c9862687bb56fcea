"""Clients that cost little: raw sockets in one loop, which reads no more than it must."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from select import EPOLLIN, epoll
from time import perf_counter
from urllib.parse import quote, urlencode

__all__ = ["Address", "Answer", "Slice", "ask", "drive", "request"]

_PATIENCE = 120.0
"""Seconds without any answer after which a server counts as hung."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server answers queries."""

    port: int
    path: str
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """One response."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, empty where there is none."""
        found = self.head.lower().find(f"\r\n{name}:".encode())
        value = self.head[found + len(name) + 3 :].partition(b"\r\n")[0]
        return value.strip().decode() if found >= 0 else ""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one server did in one go: its latencies in seconds, and its last answer."""

    seconds: float
    latencies: tuple[float, ...]
    last: Answer

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


def request(
    address: Address, query: str, accept: str, *, match: str | None = None, **more: str
) -> bytes:
    """A query by GET; `match` is the ETag that the client holds."""
    target = f"{address.path}?{urlencode({'query': query, **more}, quote_via=quote)}"
    lines = [f"GET {target} HTTP/1.1", f"Host: {address.host}:{address.port}", f"Accept: {accept}"]
    if match is not None:
        lines.append(f"If-None-Match: {match}")
    return "\r\n".join([*lines, "", ""]).encode()


class _Connection:
    """One client: it asks, and gathers the response until its end."""

    def __init__(self, address: Address) -> None:
        self.socket = socket.create_connection((address.host, address.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)
        self._filled = self._body = 0
        self._end: int | None = None
        self.started = 0.0

    def ask(self, message: bytes) -> None:
        self._filled = self._body = 0
        self._end = None
        self.started = perf_counter()
        self.socket.sendall(message)

    def receive(self) -> bool:
        """Take what has come; whether that was the end of the response."""
        if self._filled == len(self._buffer):
            self._buffer.extend(bytes(len(self._buffer)))
        with memoryview(self._buffer) as view, view[self._filled :] as free:
            received = self.socket.recv_into(free)
        if received == 0:
            raise ConnectionError(f"the server closed the connection after {self._filled} bytes")
        self._filled += received
        if not self._body:
            self._read_head()
        if self._end is not None:
            return self._filled >= self._end
        return bool(self._body) and self._buffer.endswith(b"\r\n0\r\n\r\n", 0, self._filled)

    def _read_head(self) -> None:
        found = self._buffer.find(b"\r\n\r\n", 0, self._filled)
        if found < 0:
            return
        self._body = found + 4
        head = bytes(self._buffer[: found + 2]).lower()
        if head.startswith(b"http/1.1 304"):
            self._end = self._body
            return
        _, given, rest = head.partition(b"\r\ncontent-length:")
        if given:
            self._end = self._body + int(rest.partition(b"\r\n")[0])

    @property
    def status(self) -> int:
        return int(self._buffer[9:12])

    def answer(self) -> Answer:
        body = bytes(self._buffer[self._body : self._filled])
        head = bytes(self._buffer[: self._body])
        return Answer(self.status, head, body if self._end is not None else _unchunked(body))


def _unchunked(body: bytes) -> bytes:
    parts, place = [], 0
    while True:
        end = body.index(b"\r\n", place)
        size = int(body[place:end], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        place = end + 2 + size + 2


def ask(address: Address, message: bytes) -> Answer:
    """Ask once."""
    connection = _Connection(address)
    try:
        connection.socket.settimeout(_PATIENCE)
        connection.ask(message)
        while not connection.receive():
            pass
        return connection.answer()
    finally:
        connection.socket.close()


def drive(
    address: Address, messages: Iterator[bytes], *, clients: int, seconds: float, status: int = 200
) -> Slice:
    """Let each of `clients` ask one thing after the other for `seconds`.

    Raises `AssertionError` on an answer with another status.
    """
    connections = [_Connection(address) for _ in range(clients)]
    try:
        return _driven(connections, messages, seconds, status)
    finally:
        for connection in connections:
            connection.socket.close()


def _driven(
    connections: list[_Connection], messages: Iterator[bytes], seconds: float, status: int
) -> Slice:
    by_number = {connection.socket.fileno(): connection for connection in connections}
    latencies: list[float] = []
    with epoll() as ready:
        for number in by_number:
            ready.register(number, EPOLLIN)
        started = now = perf_counter()
        for connection in connections:
            connection.ask(next(messages))
        busy = len(connections)
        while busy:
            events = ready.poll(_PATIENCE)
            assert events, f"no answer in {_PATIENCE} s"
            for number, _ in events:
                connection = by_number[number]
                if not connection.receive():
                    continue
                now = perf_counter()
                latencies.append(now - connection.started)
                assert connection.status == status, connection.answer()
                if now - started < seconds:
                    connection.ask(next(messages))
                else:
                    # Another may take so long that the server closes this one as idle.
                    ready.unregister(number)
                    busy -= 1
        return Slice(now - started, tuple(latencies), connection.answer())
