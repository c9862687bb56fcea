"""The answer to a query as it comes from a worker."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from econsec.engine.workers.frames import Kind
from econsec.engine.workers.lease import Lease
from econsec.rdf.formats import Form, Format

__all__ = ["Head", "Reply", "received"]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known before the first byte.

    `truth` is the boolean of an ASK, or the verdict of a validation; else it is `None`.
    A `truncated` report leaves out results.
    """

    form: Form
    truth: bool | None
    format: Format
    truncated: bool = False


class Reply:
    """An answer: whole in `body` when it is small, else (`body` is `None`) in chunks, once.

    Chunks come as fast as they are taken, and the deadline holds for all of them.
    A failure on the way is raised by the iterator. Close what is not read to its end.
    """

    def __init__(self, head: Head, chunks: Sequence[bytes], lease: Lease | None) -> None:
        self.head = head
        self.body = b"".join(chunks) if lease is None else None
        self._chunks = [*chunks]
        self._lease = lease

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The chunks. Raises `EconSecError` in the middle: the answer is then not complete."""
        while self._chunks:
            yield self._chunks.pop(0)
        if self._lease is None:
            return
        while (frame := await self._lease.next()).kind is not Kind.END:
            yield frame.payload

    def prepend(self, data: bytes) -> None:
        """Let the answer begin with `data`; nothing of it is read yet."""
        self._chunks.insert(0, data)
        if self.body is not None:
            self.body = data + self.body

    async def whole(self) -> bytes:
        """All of the answer, whose worker is free then. Raises what the iterator raises."""
        async with self:
            return b"".join([chunk async for chunk in self])

    def close(self) -> None:
        """Free the worker of an answer that is not read to its end; harmless after it."""
        if self._lease is not None:
            self._lease.abandon()

    async def __aenter__(self) -> Reply:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


async def received(lease: Lease, format: Format, *, buffer_bytes: int) -> Reply:
    """Read until the answer is whole or has more than `buffer_bytes`."""
    said = json.loads((await lease.next()).payload)
    head = Head(
        form=Form(said["form"]),
        truth=said["truth"],
        format=format,
        truncated=said["truncated"],
    )
    chunks: list[bytes] = []
    size = 0
    while size <= buffer_bytes:
        frame = await lease.next()
        if frame.kind is Kind.END:
            return Reply(head, chunks, None)
        chunks.append(frame.payload)
        size += len(frame.payload)
    return Reply(head, chunks, lease)
