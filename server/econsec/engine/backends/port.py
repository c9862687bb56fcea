"""The port to a running data set: it answers at once many and, where it may, is written to."""

from __future__ import annotations

from typing import Protocol

from econsec.engine.publication import Publication
from econsec.engine.store import Query
from econsec.engine.workers import Reply, Spend, Statistics, Task
from econsec.engine.writing.requests import Receipt, Write
from econsec.engine.writing.writer import Statistics as WriterStatistics
from econsec.errors import NotAvailable, Refused
from econsec.rdf.formats import Format

__all__ = ["ALIVE", "READY_SECONDS", "Backend", "check_alive", "read_only"]

ALIVE = Query("ASK {}")
"""What any working store affirms."""

READY_SECONDS = 5.0
"""The deadline of the question whether a data set is ready."""


class Backend(Protocol):
    """What the services ask of the data set, from the event loop that it was started on.

    `on_spent` hears the client of each task that ended, and the seconds that it took.
    """

    on_spent: Spend

    @property
    def publication(self) -> Publication:
        """The commit that the next task sees."""

    @property
    def is_writable(self) -> bool:
        """Whether `write` is carried out here."""

    @property
    def workers(self) -> Statistics | None:
        """The workers, where there are some."""

    @property
    def writing(self) -> WriterStatistics | None:
        """The writer, where there is one."""

    async def start(self) -> None:
        """Open the data set. Raises `EconSecError` where that is not possible."""

    async def close(self, *, drain_seconds: float) -> None:
        """Take nothing new, let what runs end for a while, then end it."""

    async def run(
        self,
        task: Task,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
    ) -> Reply:
        """Carry out a task of `client` within `deadline` seconds; raises `EconSecError`.

        It sees `commit`, or the published one where none is named.
        """

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Carry out a change; it is durable and visible then. Raises `EconSecError`."""

    async def check_ready(self) -> None:
        """Raise `NotAvailable` where tasks, or changes, cannot be carried out now."""


def check_alive(reply: Reply) -> None:
    """Raise `NotAvailable` unless this affirms `ALIVE`."""
    if reply.head.truth is not True:
        raise NotAvailable("the store gives no right answer")


def read_only() -> Refused:
    """What a data set says that cannot be written to."""
    return Refused(
        "this service is read-only",
        remedy="serve a location with --location and --token-file to write to it",
    )
