"""Validations that a worker of the service carries out."""

from __future__ import annotations

from econsec.engine.backends import Backend
from econsec.engine.validation import Validation
from econsec.engine.workers import Reply
from econsec.errors import InvalidInput
from econsec.rdf.formats import TURTLE
from econsec.settings import Settings

__all__ = ["judge", "most_results"]


async def judge(
    task: Validation,
    *,
    backend: Backend,
    settings: Settings,
    seconds: float | None = None,
    client: str | None = None,
) -> Reply:
    """The report; the truth in its head is the verdict.

    It is made within `seconds`, or the deadline of a query. Raises `EconSecError`.
    """
    if seconds is not None and not 0 < seconds <= settings.max_deadline_seconds:
        raise InvalidInput(
            f"a deadline of {seconds:g} s is not offered",
            remedy=f"the limit max_deadline_seconds is {settings.max_deadline_seconds}",
        )
    # The task says what the report is written as; the format is for other tasks.
    return await backend.run(
        task,
        TURTLE,
        deadline=settings.deadline_seconds if seconds is None else seconds,
        commit=backend.publication.commit,
        client=client,
    )


def most_results(asked: int | None, settings: Settings) -> int:
    """How many results a report may list. Raises `InvalidInput` on more than are offered."""
    most = settings.max_validation_results
    if asked is None:
        return most
    if asked > most:
        raise InvalidInput(
            f"a report of up to {asked} results is not offered",
            remedy=f"the limit max_validation_results is {most}",
        )
    return asked
