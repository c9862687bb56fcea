"""Which generations stay, so that a data set can be put back to an earlier commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Generation", "Retention"]


@dataclass(frozen=True, slots=True, order=True)
class Generation:
    """A kept state: the number of its commit, and when it was made (UTC)."""

    number: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Retention:
    """The last `last` generations stay, then the last of each hour and of each day."""

    last: int = 100
    hourly: int = 48
    daily: int = 30

    def superfluous(
        self, generations: Iterable[Generation], *, current: int, in_use: Collection[int] = ()
    ) -> tuple[int, ...]:
        """The numbers of those that may go; never the current one or one in use.

        Hours and days are counted back from the newest generation, so that time
        without commits takes nothing away.
        """
        ordered = sorted(generations, reverse=True)
        kept = {current, *in_use, *(each.number for each in ordered[: self.last])}
        kept |= _last_of_each(ordered, _hour, within=timedelta(hours=self.hourly))
        kept |= _last_of_each(ordered, _day, within=timedelta(days=self.daily))
        return tuple(sorted(each.number for each in ordered if each.number not in kept))


def _last_of_each(
    ordered: list[Generation], period: Callable[[datetime], datetime], *, within: timedelta
) -> set[int]:
    """Of each period, the newest generation: the state that it ended with."""
    if not ordered:
        return set()
    earliest = period(ordered[0].time) - within
    newest: dict[datetime, int] = {}
    for each in ordered:
        if period(each.time) > earliest:
            newest.setdefault(period(each.time), each.number)
    return set(newest.values())


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _day(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)
