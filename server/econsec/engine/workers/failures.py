"""Why a task got no answer, and how a worker tells the process that asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from econsec.errors import EconSecError, InvalidInput, NotAvailable

__all__ = [
    "DeadlineExceeded",
    "DeadlineInQueue",
    "MemoryExceeded",
    "QueueFull",
    "ResultTooLarge",
    "TooManyRows",
    "WorkerLost",
    "decoded",
    "encoded",
]

_FIELDS = ("detail", "source", "line", "column", "remedy")


class DeadlineExceeded(NotAvailable):
    """The task was still running at its deadline; its worker was killed."""

    title: ClassVar[str] = "The work took too long"
    limit: ClassVar[str] = "deadline_seconds"
    retryable: ClassVar[bool] = False


class DeadlineInQueue(DeadlineExceeded):
    """The deadline came while the task waited for a worker; it never started."""

    title: ClassVar[str] = "The service is busy"
    retryable: ClassVar[bool] = True


class MemoryExceeded(NotAvailable):
    """The task needed more memory than one task may have."""

    title: ClassVar[str] = "The work needs too much memory"
    limit: ClassVar[str] = "memory_bytes"
    retryable: ClassVar[bool] = False


class WorkerLost(NotAvailable):
    """The process that worked on the task ended: the engine crashed, or somebody killed it."""

    title: ClassVar[str] = "The work was lost"
    retryable: ClassVar[bool] = True


class QueueFull(NotAvailable):
    """All workers are busy, and as many tasks wait as may wait."""

    title: ClassVar[str] = "The service is busy"
    limit: ClassVar[str] = "queue_length"
    retryable: ClassVar[bool] = True


class ResultTooLarge(InvalidInput):
    """The result has more bytes than the setting `limit` allows."""

    title: ClassVar[str] = "The result is too large"
    limit: ClassVar[str] = "result_bytes"


class TooManyRows(InvalidInput):
    """The result has more rows than the setting `limit` allows."""

    title: ClassVar[str] = "The result has too many rows"
    limit: ClassVar[str] = "result_rows"


def encoded(error: EconSecError) -> bytes:
    """An error as bytes; plain data, so that whoever reads it need not trust the sender."""
    fields = {name: getattr(error, name) for name in _FIELDS}
    return json.dumps({"type": _name(type(error)), **fields}).encode()


def decoded(data: bytes) -> EconSecError:
    """The error that `encoded` wrote, of its own class where this process knows it."""
    fields = json.loads(data)
    named = {_name(known): known for known in _known(EconSecError)}
    error_type = named.get(fields.pop("type"), EconSecError)
    error = error_type.__new__(error_type)
    # Of a subclass the signature is unknown; the fields are those of the root.
    EconSecError.__init__(error, **fields)
    return error


def _name(error_type: type[EconSecError]) -> str:
    return f"{error_type.__module__}.{error_type.__qualname__}"


def _known(root: type[EconSecError]) -> Iterator[type[EconSecError]]:
    yield root
    for child in root.__subclasses__():
        yield from _known(child)
