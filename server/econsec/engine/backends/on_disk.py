"""A data set on disk: workers read the published generation, and one writer makes the next."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from shutil import disk_usage

from econsec.engine.backends.pools import Pools
from econsec.engine.backends.port import ALIVE, READY_SECONDS, check_alive, read_only
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.location import Location
from econsec.engine.publication import Publication
from econsec.engine.workers import Limits, Reply, Source, Spend, Statistics, Task
from econsec.engine.writing.history import History
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.requests import Receipt, Write
from econsec.engine.writing.writer import Statistics as WriterStatistics
from econsec.engine.writing.writer import Writer
from econsec.errors import EconSecError, NotAvailable
from econsec.rdf.formats import JSON, Format
from econsec.settings import Settings

__all__ = ["OnDisk"]

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_LEAST_FREE_BYTES = 64 << 20


class OnDisk:
    """Reads the location; with `write_limits` it is the one that writes to it.

    Without, it follows what others publish there, a moment later.
    """

    def __init__(
        self,
        location: Location,
        settings: Settings,
        limits: Limits,
        *,
        remote_limits: Limits | None = None,
        write_limits: WriteLimits | None = None,
    ) -> None:
        self._location = location
        self._limits = limits
        self._remote_limits = remote_limits
        self._settings = settings
        self._pools: Pools | None = None
        self._history: History | None = None
        self._follower: asyncio.Task[None] | None = None
        self.publication = Publication()
        self.on_spent: Spend = lambda client, seconds: None
        self.writer = (
            None
            if write_limits is None
            else Writer(location, write_limits, self._publish, in_use=self._in_use)
        )

    @property
    def is_writable(self) -> bool:
        """Whether this is the writer."""
        return self.writer is not None

    @property
    def spool(self) -> Path:
        """Where uploads may lie, on the file system of the data."""
        return self._location.generations.spool

    @property
    def pools(self) -> Pools:
        """The workers. Raises `NotAvailable` before the start."""
        if self._pools is None:
            raise NotAvailable("the service is starting")
        return self._pools

    @property
    def workers(self) -> Statistics | None:
        """The workers."""
        return None if self._pools is None else self._pools.statistics

    @property
    def writing(self) -> WriterStatistics | None:
        """The writer."""
        return None if self.writer is None else self.writer.statistics

    async def start(self) -> None:
        """Take the lock where this is to write, then fork the workers."""
        if self.writer is not None:
            self.publication = await self.writer.start()
        else:
            self._location.open_current()
            self._history = await asyncio.to_thread(self._location.history)
            self.publication = self._history.publication
        self._pools = Pools(self._source(), self._limits, remote=self._remote_limits)
        self._pools.on_spent = self.on_spent
        await self._pools.start()
        if self.writer is None:
            self._follower = asyncio.create_task(self._follow())

    async def close(self, *, drain_seconds: float) -> None:
        """Let changes and queries end, then end the processes."""
        if self._follower is not None:
            self._follower.cancel()
        if self.writer is not None:
            await self.writer.close(drain_seconds=drain_seconds)
        if self._pools is not None:
            await self._pools.close(drain_seconds=drain_seconds)

    async def run(
        self,
        task: Task,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
    ) -> Reply:
        """Carry out a task in a worker."""
        seen = self.publication.commit if commit is None else commit
        return await self.pools.run(task, format, deadline=deadline, commit=seen, client=client)

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Have the writer carry out a change."""
        if self.writer is None:
            raise read_only()
        return await self.writer.submit(write, deadline=deadline)

    async def check_ready(self) -> None:
        """Ask the worker that is kept for this, and the writer."""
        commit = self.publication.commit
        reply = await self.pools.run(
            ALIVE, JSON, deadline=READY_SECONDS, commit=commit, reserved=True
        )
        check_alive(reply)
        if self.writer is not None:
            if not self.writer.ready:
                raise NotAvailable("the writer is not there")
            free = (await asyncio.to_thread(disk_usage, self._location.root)).free
            if free < _LEAST_FREE_BYTES:
                raise NotAvailable(f"the disk has only {free:,} bytes left")

    def _source(self) -> Source:
        newest = partial(_newest, self._location, self._settings)
        return Source(newest, partial(_opened, self._location, self._settings))

    def _in_use(self) -> frozenset[int]:
        return frozenset() if self._pools is None else self._pools.commits

    def _publish(self, publication: Publication) -> None:
        self.publication = publication

    async def _follow(self) -> None:
        """Move to what another process has published."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                history = await asyncio.to_thread(self._published)
                if history is not None and history is not self._history:
                    self._history, self.publication = history, history.publication
            except EconSecError as error:
                _log.warning("the published state cannot be read: %s", error)

    def _published(self) -> History | None:
        if self._location.generations.current() == self.publication.commit:
            return self._history
        return self._location.history(since=self._history)


def _newest(location: Location, settings: Settings) -> EmbeddedStore:
    return EmbeddedStore(location.open_current(), settings)


def _opened(location: Location, settings: Settings, commit: int) -> EmbeddedStore:
    return EmbeddedStore(location.open(commit), settings)
