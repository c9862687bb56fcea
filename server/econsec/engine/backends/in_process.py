"""A store in this process, for tests and for systems without worker processes."""

from __future__ import annotations

import asyncio
from io import BytesIO
from time import perf_counter

from econsec.engine.backends.port import ALIVE, check_alive, read_only
from econsec.engine.publication import Publication
from econsec.engine.store import Answer, Store
from econsec.engine.upload import Upload, UploadLimits, parsed
from econsec.engine.validation import Validation, ValidationAnswer, validated
from econsec.engine.workers import Reply, Spend, Task
from econsec.engine.workers.reply import Head
from econsec.engine.writing.requests import Receipt, Write
from econsec.errors import NotAvailable
from econsec.rdf.formats import JSON, Format

__all__ = ["InProcess"]


class InProcess:
    """Tasks run on other threads: no deadline is enforced, and no limit of memory."""

    is_writable = False
    workers = None
    writing = None

    def __init__(self, store: Store, publication: Publication | None = None) -> None:
        self._store = store
        self.on_spent: Spend = lambda client, seconds: None
        self.publication = Publication() if publication is None else publication

    async def start(self) -> None:
        """Nothing: whoever made the store has opened it."""

    async def close(self, *, drain_seconds: float) -> None:
        """Nothing: whoever made the store closes it."""

    async def run(
        self,
        task: Task,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
    ) -> Reply:
        """Carry out a task on another thread, to its end."""
        started = perf_counter()
        try:
            return await asyncio.to_thread(self._answered, task, format)
        finally:
            if client is not None:
                self.on_spent(client, perf_counter() - started)

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Raise `Refused`."""
        raise read_only()

    async def check_ready(self) -> None:
        """Ask the store."""
        try:
            reply = await self.run(ALIVE, JSON)
        except Exception as error:
            raise NotAvailable("the store does not answer") from error
        check_alive(reply)

    def _answered(self, task: Task, format: Format) -> Reply:
        answer = self._begun(task)
        body = BytesIO()
        is_truncated = isinstance(answer, ValidationAnswer) and answer.is_truncated
        head = Head(answer.form, answer.truth(), format, truncated=is_truncated)
        answer.write(body, format)
        return Reply(head, [body.getvalue()], None)

    def _begun(self, task: Task) -> Answer:
        if isinstance(task, Upload):
            return parsed(task)
        if isinstance(task, Validation):
            return validated(task, self._store, UploadLimits())
        return self._store.query(task)
