"""What a pool of workers is given: where the data comes from, and how much each query may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from econsec.engine.store import Store
from econsec.engine.upload import UploadLimits

__all__ = ["Limits", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a pool's data comes from.

    Both functions are sent to another process: they are importable, or a
    `functools.partial` of what is. Data in memory is loaded once, and every worker
    sees it copy-on-write. With `reload`, which opens what a commit left on disk,
    each worker loads for itself, and again for a query about another commit.
    """

    load: Callable[[], Store]
    reload: Callable[[int], Store] | None = None

    @property
    def is_shared(self) -> bool:
        """Whether the workers have the data from the process that forks them."""
        return self.reload is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many queries run at once, and what one of them may take.

    One client has at most `workers_per_client` of the workers at once. `spares`
    processes stand by to replace those that are killed, and for the reserved
    query of the readiness check. After `renice_seconds` of CPU time a query goes on at a lower
    priority. `memory_bytes` is address space above what a worker has when it is
    forked. `queue_length` counts the queries that wait. A result of up to
    `buffer_bytes` is buffered whole, so that a failure on the way has a true status.
    `uploads` is what an upload may be. With `network` a worker may open sockets,
    as SERVICE needs.
    """

    workers: int = 4
    workers_per_client: int = 3
    spares: int = 1
    renice_seconds: float = 0.1
    deadline_seconds: float = 30.0
    memory_bytes: int = 1 << 30
    result_bytes: int = 256 << 20
    result_rows: int = 1_000_000
    queue_length: int = 64
    buffer_bytes: int = 1 << 20
    uploads: UploadLimits = field(default_factory=UploadLimits)
    network: bool = False
