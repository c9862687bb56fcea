"""The log as people read it: what each commit came to, and whether it can be gone back to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from econsec.engine.location import Location
from econsec.engine.writing.audit import Tip, entries
from econsec.engine.writing.records import Aborted, Commit
from econsec.errors import InvalidInput

__all__ = ["CheckedLog", "JournalEntry", "Outcome", "check_log", "journal"]


class Outcome(StrEnum):
    """What became of a commit."""

    CURRENT = "current"
    KEPT = "kept"
    GONE = "gone"
    ABORTED = "aborted"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A commit; without a `commit` it is a generation that the log knows nothing of.

    `reason` says why it was aborted.
    """

    number: int
    time: datetime
    outcome: Outcome
    commit: Commit | None = None
    reason: str | None = None

    @property
    def is_restorable(self) -> bool:
        """Whether `econsec restore --commit` takes it."""
        return self.outcome in {Outcome.CURRENT, Outcome.KEPT}

    def touches(self, graph: str) -> bool:
        """Whether it may have changed the graph of that name."""
        if self.commit is None:
            return True
        return any(deed.graphs is None or graph in deed.graphs for deed in self.commit.deeds)


def journal(
    location: Location, *, limit: int | None = None, graph: str | None = None
) -> tuple[JournalEntry, ...]:
    """The last `limit` commits, or those that may have changed `graph`, the newest first.

    Raises `InvalidInput` on a log that is not as it was written.
    """
    # Read before the log, which then knows all of these.
    kept = {each.number: each.time for each in location.kept()}
    current = max(kept, default=0)
    unrecorded = dict(kept)
    last: deque[JournalEntry] = deque(maxlen=limit)
    for record in location.records():
        if isinstance(record, Commit):
            unrecorded.pop(record.number, None)
            entry = _entry(record, kept, current=current)
            if graph is None or entry.touches(graph):
                last.append(entry)
        elif isinstance(record, Aborted) and last and last[-1].number == record.number:
            last[-1] = replace(last[-1], outcome=Outcome.ABORTED, reason=record.reason)
    older = (
        JournalEntry(number, time, _outcome(number, kept, current=current))
        for number, time in unrecorded.items()
    )
    return tuple(_newest([*last, *older], limit))


def _newest(found: Iterable[JournalEntry], limit: int | None) -> Iterable[JournalEntry]:
    return sorted(found, key=lambda entry: entry.number, reverse=True)[:limit]


def _entry(commit: Commit, kept: dict[int, datetime], *, current: int) -> JournalEntry:
    outcome = _outcome(commit.number, kept, current=current)
    return JournalEntry(commit.number, commit.time, outcome, commit)


def _outcome(number: int, kept: dict[int, datetime], *, current: int) -> Outcome:
    if number > current:
        return Outcome.PENDING
    if number == current:
        return Outcome.CURRENT
    return Outcome.KEPT if number in kept else Outcome.GONE


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log that is as it was written; `torn` are the bytes of a last line that has no end."""

    records: int
    commit: int
    torn: int


def check_log(location: Location) -> CheckedLog:
    """Check the chain of the log, and that it tells of the published commit.

    Raises `InvalidInput` with the line where it does not.
    """
    current = max((each.number for each in location.kept()), default=0)
    log = location.generations.log
    tip, last = Tip(), 0
    for entry in entries(log):
        tip = entry.tip
        if isinstance(entry.record, Commit):
            last = entry.record.number
    if last < current:
        raise InvalidInput(
            f"the log ends with commit {last}, but commit {current} is published",
            source=str(log),
            line=tip.records + 1,
            remedy="put the file back from a backup",
        )
    size = log.stat().st_size if log.exists() else 0
    return CheckedLog(tip.records, last, torn=size - tip.size)
