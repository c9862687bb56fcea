"""The workers of a data set: those without a network, and the few that SERVICE may use."""

from __future__ import annotations

from econsec.engine.store import Query
from econsec.engine.workers import Limits, Pool, Reply, Source, Spend, Statistics, Task
from econsec.errors import Refused
from econsec.rdf.formats import Format

__all__ = ["Pools"]


class Pools:
    """Two pools over one source; without `remote` limits there is only the first.

    `on_spent` hears the client of each task that ended, and the seconds that it took.
    """

    def __init__(self, source: Source, limits: Limits, *, remote: Limits | None = None) -> None:
        self._ordinary = Pool(source, limits, on_spent=self._spent)
        self._remote = None if remote is None else Pool(source, remote, on_spent=self._spent)
        self.on_spent: Spend = lambda client, seconds: None

    @property
    def statistics(self) -> Statistics:
        """The workers without a network."""
        return self._ordinary.statistics

    @property
    def commits(self) -> frozenset[int]:
        """The commits that tasks read, or wait to read."""
        return frozenset().union(*(pool.commits for pool in self._all))

    def launch(self) -> None:
        """Begin to load the data now. Raises what `Pool.launch` raises."""
        for pool in self._all:
            pool.launch()

    async def start(self) -> None:
        """Fork the workers. Raises what `Pool.start` raises."""
        for pool in self._all:
            await pool.start()

    async def close(self, *, drain_seconds: float) -> None:
        """End the workers."""
        for pool in self._all:
            await pool.close(drain_seconds=drain_seconds)

    async def run(
        self,
        task: Task,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
        reserved: bool = False,
    ) -> Reply:
        """Carry out a task in a worker of the right kind. Raises what `Pool.run` raises."""
        pool: Pool | None = self._ordinary
        if isinstance(task, Query) and task.remote:
            pool = self._remote
        if pool is None:
            raise Refused("SERVICE is not offered here")
        return await pool.run(
            task, format, deadline=deadline, commit=commit, client=client, reserved=reserved
        )

    @property
    def _all(self) -> tuple[Pool, ...]:
        return (self._ordinary,) if self._remote is None else (self._ordinary, self._remote)

    def _spent(self, client: str, seconds: float) -> None:
        self.on_spent(client, seconds)
