"""Why a write was not carried out. Whatever is raised, nothing of the request is in the data."""

from __future__ import annotations

from collections.abc import Mapping
from errno import EDQUOT, EFBIG, ENOSPC
from typing import Any, ClassVar

from econsec.errors import EconSecError, NotAvailable, Refused

__all__ = [
    "DiskFull",
    "GraphNotFound",
    "NotConforming",
    "PreconditionFailed",
    "Protected",
    "WriteDeadlineExceeded",
    "WriteMemoryExceeded",
    "WriteQueueFull",
    "WriterLost",
    "is_disk_full",
]

_FULL = frozenset({ENOSPC, EDQUOT, EFBIG})


class PreconditionFailed(EconSecError):
    """If-Match or If-None-Match does not hold of the graph as it is now (RFC 9110, 13.1)."""

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 412
    title: ClassVar[str] = "The graph has changed"


class GraphNotFound(EconSecError):
    """There is no such graph to delete (Graph Store Protocol, 5.4)."""

    status: ClassVar[int] = 404
    title: ClassVar[str] = "There is no such graph"


class NotConforming(EconSecError):
    """The write would leave violations in a graph under validation that were not there before.

    `report` tells of them, as `econsec validate -f json` does.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 422
    title: ClassVar[str] = "The data would not conform to the shapes"
    report: Mapping[str, Any] | None = None


class Protected(Refused):
    """The graph is written by the service itself."""

    title: ClassVar[str] = "The graph is protected"


class WriteQueueFull(NotAvailable):
    """As many requests wait for the writer as may wait."""

    title: ClassVar[str] = "The service is busy"
    limit: ClassVar[str] = "write_queue_length"
    retryable: ClassVar[bool] = True


class WriteDeadlineExceeded(NotAvailable):
    """The deadline came before the request was carried out; it was undone, or never begun."""

    title: ClassVar[str] = "The write took too long"
    limit: ClassVar[str] = "update_deadline_seconds"
    retryable: ClassVar[bool] = False


class WriteMemoryExceeded(NotAvailable):
    """The request needed more memory than one write may have."""

    title: ClassVar[str] = "The write needs too much memory"
    limit: ClassVar[str] = "write_memory_bytes"
    retryable: ClassVar[bool] = False


class WriterLost(NotAvailable):
    """The writer's process ended at the request: the engine crashed, or somebody killed it."""

    title: ClassVar[str] = "The write was lost"
    retryable: ClassVar[bool] = True


class DiskFull(NotAvailable):
    """There is no room for another commit."""

    status: ClassVar[int] = 507
    title: ClassVar[str] = "The disk is full"
    retryable: ClassVar[bool] = True


def is_disk_full(error: BaseException) -> bool:
    """Whether the engine or the system says that there is no room."""
    code = error.errno if isinstance(error, OSError) else None
    return code in _FULL or "No space left on device" in str(error)
