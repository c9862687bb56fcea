"""A data set in memory that nobody changes while it is served."""

from __future__ import annotations

from econsec.engine.backends.pools import Pools
from econsec.engine.backends.port import ALIVE, READY_SECONDS, check_alive, read_only
from econsec.engine.publication import Publication
from econsec.engine.workers import Reply, Spend, Statistics, Task
from econsec.engine.writing.requests import Receipt, Write
from econsec.rdf.formats import JSON, Format

__all__ = ["Fixed"]


class Fixed:
    """Workers that share one data set."""

    is_writable = False
    writing = None

    def __init__(self, pools: Pools, publication: Publication) -> None:
        self._pools = pools
        self.publication = publication

    @property
    def on_spent(self) -> Spend:
        """Who hears what was spent."""
        return self._pools.on_spent

    @on_spent.setter
    def on_spent(self, spend: Spend) -> None:
        self._pools.on_spent = spend

    @property
    def workers(self) -> Statistics | None:
        """The workers."""
        return self._pools.statistics

    async def start(self) -> None:
        """Load the data and fork the workers."""
        await self._pools.start()

    async def close(self, *, drain_seconds: float) -> None:
        """End the workers."""
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
        return await self._pools.run(task, format, deadline=deadline, client=client)

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Raise `Refused`."""
        raise read_only()

    async def check_ready(self) -> None:
        """Ask the worker that is kept for this."""
        reply = await self._pools.run(ALIVE, JSON, deadline=READY_SECONDS, reserved=True)
        check_alive(reply)
