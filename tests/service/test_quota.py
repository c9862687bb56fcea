"""The quota of query seconds: who has used it up, until when, and what headers say."""

from __future__ import annotations

import re

import pytest

from econsec.service.quota import Quota, QuotaExceeded


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quota(clock: Clock) -> Quota:
    return Quota(30, clients=3, clock=clock)


def test_a_quota_is_used_up_and_comes_back_evenly(quota: Quota, clock: Clock) -> None:
    quota.spend("a", 29.5)
    quota.check("a")
    quota.spend("a", 10.5)
    with pytest.raises(QuotaExceeded) as caught:
        quota.check("a")
    error = caught.value
    assert (error.status, error.limit, error.retryable) == (429, "quota_seconds", True)
    assert error.headers["Retry-After"] == "21"
    clock.now += 20
    with pytest.raises(QuotaExceeded):
        quota.check("a")
    clock.now += 1
    quota.check("a")


def test_the_wait_that_is_named_is_long_enough(quota: Quota, clock: Clock) -> None:
    for spent in (30, 31.7, 47.3):
        quota.spend("a", spent)
        with pytest.raises(QuotaExceeded) as caught:
            quota.check("a")
        clock.now += int(caught.value.headers["Retry-After"])
        quota.check("a")


def test_nobody_saves_up_more_than_a_minute(quota: Quota, clock: Clock) -> None:
    quota.spend("a", 1)
    clock.now += 3_600
    quota.spend("a", 30)
    with pytest.raises(QuotaExceeded):
        quota.check("a")


def test_one_client_does_not_pay_for_another(quota: Quota) -> None:
    quota.spend("a", 100)
    quota.check("b")


def test_the_memory_is_bounded_and_asking_does_not_fill_it(quota: Quota) -> None:
    for number in range(1_000):
        quota.check(f"asker {number}")
        quota.headers(f"asker {number}")
    assert len(quota) == 0
    for number in range(1_000):
        quota.spend(f"spender {number}", 1)
    assert len(quota) == 3


def test_who_keeps_asking_is_not_forgotten(quota: Quota) -> None:
    quota.spend("debtor", 100)
    for number in range(100):
        with pytest.raises(QuotaExceeded):
            quota.check("debtor")
        quota.spend(f"other {number}", 1)


def test_the_headers_are_those_of_the_draft(quota: Quota, clock: Clock) -> None:
    assert quota.headers("a") == {
        "RateLimit-Policy": '"query-seconds";q=30;qu="query-seconds";w=60',
        "RateLimit": '"query-seconds";r=30;t=0',
    }
    quota.spend("a", 10.5)
    assert quota.headers("a")["RateLimit"] == '"query-seconds";r=20;t=21'
    quota.spend("a", 29.5)
    with pytest.raises(QuotaExceeded) as caught:
        quota.check("a")
    assert caught.value.headers["RateLimit"] == '"query-seconds";r=0;t=21'
    assert caught.value.headers["Retry-After"] == "21"


def test_the_remainder_is_never_negative_or_broken(quota: Quota, clock: Clock) -> None:
    for spent in (0, 0.001, 12.3, -5, 17.69, 0.009, 400):
        quota.spend("a", spent)
        clock.now += 0.37
        limit = quota.headers("a")["RateLimit"]
        assert re.fullmatch(r'"query-seconds";r=\d+;t=\d+', limit), limit


def test_there_may_be_no_quota(clock: Clock) -> None:
    quota = Quota(0, clock=clock)
    quota.spend("a", 1_000)
    quota.check("a")
    assert quota.headers("a") == {}
