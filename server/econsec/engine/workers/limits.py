"""What a pool of workers is given: where the data comes from, and how much each query may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from econsec.engine.store import Store

__all__ = ["Limits", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a pool's data comes from.

    `load` is sent to another process, so it is an importable function or a
    `functools.partial` of one. `shared` data is in memory: it is loaded once, and
    every worker sees it copy-on-write. What is not shared, such as a store on disk,
    each worker opens for itself.
    """

    load: Callable[[], Store]
    shared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many queries run at once, and what one of them may take.

    `spares` processes stand by to replace those that are killed. `memory_bytes`
    is address space above what a worker has when it is forked. `queue_length`
    counts the queries that wait. A result of up to `buffer_bytes` is buffered
    whole, so that a failure on the way has a true status.
    """

    workers: int = 2
    spares: int = 1
    deadline_seconds: float = 30.0
    memory_bytes: int = 1 << 30
    result_bytes: int = 256 << 20
    result_rows: int = 1_000_000
    queue_length: int = 64
    buffer_bytes: int = 1 << 20
