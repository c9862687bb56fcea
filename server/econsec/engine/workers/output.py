"""Where the engine writes an answer: into frames, within the limits of a result."""

from __future__ import annotations

from collections.abc import Callable

from econsec.engine.workers.failures import ResultTooLarge, TooManyRows
from econsec.engine.workers.frames import Kind, framed
from econsec.engine.workers.limits import Limits
from econsec.engine.workers.rows import RowCounter

__all__ = ["Output"]

_CHUNK = 64 * 1024


class Output:
    """A binary file for the engine's writer. Sending blocks while the reader is slow."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        *,
        head: bytes,
        rows: RowCounter | None,
        limits: Limits,
    ) -> None:
        self._send = send
        self._unsent = head
        self._rows = rows
        self._limits = limits
        self._size = 0
        self._chunk = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes. Raises `ResultTooLarge` and `TooManyRows`."""
        self._size += len(data)
        if self._size > self._limits.result_bytes:
            limit = self._limits.result_bytes
            raise ResultTooLarge(f"the result has more than {limit} bytes (limit result_bytes)")
        if self._rows is not None and self._rows.feed(data) > self._limits.result_rows:
            limit = self._limits.result_rows
            raise TooManyRows(f"the result has more than {limit} rows (limit result_rows)")
        self._chunk += data
        if len(self._chunk) >= _CHUNK:
            self._send(self._taken())
        return len(data)

    def flush(self) -> None:
        """Nothing: a small answer goes out in one piece at its end."""

    def finish(self, *, retiring: bool) -> None:
        """Send what is left, and the end of the answer."""
        self._send(self._taken() + framed(Kind.END, b"retiring" if retiring else b""))

    def _taken(self) -> bytes:
        frames = self._unsent + (framed(Kind.CHUNK, self._chunk) if self._chunk else b"")
        self._unsent = b""
        self._chunk.clear()
        return frames
