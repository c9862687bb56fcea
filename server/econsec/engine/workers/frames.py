"""Length-prefixed frames over a stream socket, the way a query and its answer travel."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

__all__ = ["Frame", "FrameReader", "Kind", "framed", "receive"]

_HEADER = Struct("<BI")
_READ = 256 * 1024


class Kind(IntEnum):
    """What a frame carries. A worker says HELLO once; an answer is HEAD, CHUNK…, END or ERROR."""

    HELLO = 1
    JOB = 2
    HEAD = 3
    CHUNK = 4
    END = 5
    ERROR = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    payload: bytes


def framed(kind: Kind, payload: bytes | bytearray = b"") -> bytes:
    """A frame as it goes over the wire."""
    return _HEADER.pack(kind, len(payload)) + payload


def receive(sock: socket.socket) -> Frame:
    """The next frame of a blocking socket. Raises `EOFError` when the other side has gone."""
    kind, length = _HEADER.unpack(_exactly(sock, _HEADER.size))
    return Frame(Kind(kind), _exactly(sock, length))


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return bytes(data)


class FrameReader:
    """The frames that arrive on a non-blocking socket; one caller at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()

    async def next(self) -> Frame:
        """Wait for a frame. Raises `EOFError` when the other side has gone."""
        await self._fill(_HEADER.size)
        _, length = _HEADER.unpack_from(self._buffer)
        await self._fill(_HEADER.size + length)
        frame = self.arrived()
        assert frame is not None
        return frame

    def arrived(self) -> Frame | None:
        """The next frame if it has come whole already: a small answer comes in one piece."""
        if len(self._buffer) < _HEADER.size:
            return None
        kind, length = _HEADER.unpack_from(self._buffer)
        end = _HEADER.size + length
        if len(self._buffer) < end:
            return None
        payload = bytes(memoryview(self._buffer)[_HEADER.size : end])
        del self._buffer[:end]
        return Frame(Kind(kind), payload)

    async def _fill(self, size: int) -> None:
        loop = asyncio.get_running_loop()
        while len(self._buffer) < size:
            more = await loop.sock_recv(self._sock, _READ)
            if not more:
                raise EOFError
            self._buffer += more
