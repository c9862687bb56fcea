"""Which generations stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from econsec.engine.writing.retention import Generation, Retention

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def made(*hours_ago: float) -> list[Generation]:
    """Generations from the oldest to the newest."""
    return [
        Generation(number, NOW - timedelta(hours=hours))
        for number, hours in enumerate(hours_ago, start=1)
    ]


def kept(retention: Retention, generations: list[Generation], **more) -> list[int]:
    current = more.pop("current", generations[-1].number)
    gone = retention.superfluous(generations, current=current, **more)
    return [each.number for each in generations if each.number not in gone]


def test_the_last_ones_stay() -> None:
    assert kept(Retention(2, 0, 0), made(0.3, 0.2, 0.1, 0)) == [3, 4]


def test_the_last_of_each_hour() -> None:
    times = made(3.2, 3.1, 2.2, 2.1, 1.2, 1.1, 0.1, 0)
    assert kept(Retention(1, 3, 0), times) == [4, 6, 8]


def test_the_last_of_each_day() -> None:
    times = made(49, 48, 25, 24, 1, 0)
    assert kept(Retention(1, 0, 2), times) == [4, 6]


def test_together() -> None:
    times = made(49, 48, 25, 24, 2, 1, 0.1, 0)
    assert kept(Retention(2, 2, 3), times) == [2, 4, 6, 7, 8]


def test_the_current_one_always_stays() -> None:
    assert kept(Retention(1, 0, 0), made(3, 2, 1), current=1) == [1, 3]


def test_and_those_in_use() -> None:
    assert kept(Retention(1, 0, 0), made(3, 2, 1, 0), in_use=(2,)) == [2, 4]


def test_time_without_commits_takes_nothing_away() -> None:
    old = [Generation(each.number, each.time - timedelta(days=900)) for each in made(25, 24, 1, 0)]
    assert kept(Retention(1, 0, 2), old) == [2, 4]


@pytest.mark.parametrize("count", [0, 1, 100])
def test_few_generations_all_stay(count: int) -> None:
    generations = made(*reversed([number / 100 for number in range(count)]))
    assert Retention().superfluous(generations, current=count) == ()


def test_two_months_of_commits_every_ten_minutes() -> None:
    times = made(*(number / 6 for number in reversed(range(6 * 24 * 60))))
    # The last hundred hold 17 of the hours and 2 of the days, the other hours one more day.
    assert len(kept(Retention(), times)) == 100 + (48 - 17) + (30 - 3)
