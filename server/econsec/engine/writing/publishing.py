"""How a commit becomes durable and visible, whoever makes it: one way for all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import pyoxigraph as ox

from econsec.engine.writing.audit import Audit
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.records import Aborted, Commit
from econsec.engine.writing.retention import Retention

__all__ = ["Publisher", "Step", "pass_by"]


class Step(StrEnum):
    """What has been done of a commit."""

    APPLIED = "applied"
    RECORDED = "recorded"
    COPIED = "copied"
    PUBLISHED = "published"


def pass_by(step: Step) -> None:
    """Nothing: the usual observer of the steps."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes stores. `on_step` is called after each step; what it raises, the step raises."""

    generations: Generations
    audit: Audit
    retention: Retention = field(default_factory=Retention)
    on_step: Callable[[Step], None] = pass_by

    def publish(self, store: ox.Store, commit: Commit, *, in_use: Collection[int] = ()) -> None:
        """Record the commit, copy the store to its generation, and point readers to it.

        Raises `OSError` and `RuntimeError`; where the commit is not visible
        then, the log says so as far as the disk lets it.
        """
        self.on_step(Step.APPLIED)
        self.audit.append(commit)
        try:
            self.on_step(Step.RECORDED)
            store.flush()
            store.backup(str(self.generations.folder(commit.number)))
            self.on_step(Step.COPIED)
            self.generations.point_to(commit.number)
        except Exception as error:
            self._abort(commit.number, str(error))
            raise
        self.on_step(Step.PUBLISHED)
        self._retire(commit.number, in_use)

    def _abort(self, number: int, reason: str) -> None:
        if self.generations.current() == number:
            return
        self.generations.remove(number)
        with suppress(OSError):  # the next start makes up for it
            self.audit.append(Aborted(number=number, time=datetime.now(UTC), reason=reason))

    def _retire(self, current: int, in_use: Collection[int]) -> None:
        kept = self.generations.kept()
        for number in self.retention.superfluous(kept, current=current, in_use=in_use):
            self.generations.remove(number)
