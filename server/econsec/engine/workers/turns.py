"""Who works and who waits: first come, first served, but no client beyond its share."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.limits import Limits

__all__ = ["Turn", "Turns"]

_RESERVED = 1


@dataclass(slots=True, eq=False)
class Turn:
    """One task's claim to a worker; a `reserved` one is the service asking itself."""

    client: str | None
    reserved: bool
    commit: int | None = None
    started: float = 0.0
    worker: asyncio.Future[WorkerHandle] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Turns:
    """The turns that were taken and those that wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: dict[Turn, None] = {}
        self._working: set[Turn] = set()
        self._shares: Counter[str] = Counter()
        self._reserved = 0

    def __bool__(self) -> bool:
        """Whether anybody works or waits."""
        return bool(self._working or self._waiting)

    def __iter__(self) -> Iterator[Turn]:
        """Those that wait."""
        return iter(tuple(self._waiting))

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def working(self) -> int:
        """How many have a worker."""
        return len(self._working)

    @property
    def commits(self) -> frozenset[int]:
        """The commits that somebody reads, or waits to read."""
        turns = (*self._working, *self._waiting)
        return frozenset(turn.commit for turn in turns if turn.commit is not None)

    def may_start(self, turn: Turn) -> bool:
        """Whether there is a place for it, if there is a worker."""
        if turn.reserved:
            return self._reserved < _RESERVED
        share = self._shares[turn.client] if turn.client is not None else 0
        is_within = share < self._limits.workers_per_client
        return is_within and self.working - self._reserved < self._limits.workers

    def start(self, turn: Turn) -> None:
        """It has a worker."""
        turn.started = asyncio.get_running_loop().time()
        self._working.add(turn)
        self._reserved += turn.reserved
        if turn.client is not None:
            self._shares[turn.client] += 1

    def end(self, turn: Turn) -> None:
        """Its worker is free."""
        self._working.discard(turn)
        self._reserved -= turn.reserved
        if turn.client is not None:
            self._shares[turn.client] -= 1
            self._shares += Counter()  # forgets who has none

    def wait(self, turn: Turn) -> None:
        """It stands in the queue."""
        self._waiting[turn] = None

    def leave(self, turn: Turn) -> None:
        """It waits no more; harmless if it did not."""
        self._waiting.pop(turn, None)

    def crowder(self, turn: Turn) -> Turn | None:
        """The last to wait of the client who has most there, if he has more than `turn`'s."""
        counts = Counter(each.client for each in self._waiting if each.client is not None)
        (client, most), *_ = counts.most_common(1) or [("", 0)]
        if most <= (counts[turn.client] if turn.client is not None else 0) + 1:
            return None
        return next(waiting for waiting in reversed(self._waiting) if waiting.client == client)

    def next(self) -> Turn | None:
        """The first that could start."""
        return next((turn for turn in self._waiting if self._is_next(turn)), None)

    def _is_next(self, turn: Turn) -> bool:
        return not turn.worker.done() and self.may_start(turn)
