"""How long queries of one client may run within a minute."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from econsec.errors import EconSecError

__all__ = ["Quota", "QuotaExceeded"]

_WINDOW = 60
_POLICY = '"query-seconds"'


class QuotaExceeded(EconSecError):
    """The client has used up its time; `headers` say when there is some again."""

    status: ClassVar[int] = 429
    title: ClassVar[str] = "The quota is used up"
    limit: ClassVar[str] = "quota_seconds"
    retryable: ClassVar[bool] = True

    def __init__(self, detail: str, *, wait: int, headers: Mapping[str, str]) -> None:
        super().__init__(detail, remedy=f"ask again in {wait} s")
        self.headers: Mapping[str, str] = {"Retry-After": str(wait), **headers}


@dataclass(slots=True)
class _Account:
    """What is left, in query seconds, at a time; negative after a query that took more."""

    left: float
    time: float


class Quota:
    """Each client has `seconds` of queries a minute, that come back evenly; 0 is no quota.

    What a query costs is known when it has ended, so that the last one may take more
    than is left; the next waits until that is made up for. Of the clients, the
    `clients` that asked last are remembered.
    """

    def __init__(
        self, seconds: int, *, clients: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._most = clients
        self._clock = clock
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    def check(self, client: str) -> None:
        """Raise `QuotaExceeded` where nothing is left for the client."""
        if self._seconds == 0 or self._left(client) > 0:
            return
        wait = self._wait(client)
        detail = (
            f"the queries of this client took more than {self._seconds} s in a minute "
            "(limit quota_seconds)"
        )
        raise QuotaExceeded(detail, wait=wait, headers=self.headers(client))

    def spend(self, client: str, seconds: float) -> None:
        """Take what a query has cost from what the client has."""
        if self._seconds == 0:
            return
        left = self._left(client) - max(seconds, 0)
        self._accounts[client] = _Account(left, self._clock())
        self._accounts.move_to_end(client)
        while len(self._accounts) > self._most:
            self._accounts.popitem(last=False)

    def headers(self, client: str) -> dict[str, str]:
        """RateLimit-Policy and RateLimit of an answer to the client; none without a quota.

        See https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/, 3 and 4.
        Its registry of units has none for time yet; without `qu` they would be requests.
        """
        if self._seconds == 0:
            return {}
        left = self._left(client)
        until = self._wait(client) if left <= 0 else math.ceil((self._seconds - left) / self._rate)
        return {
            "RateLimit-Policy": f'{_POLICY};q={self._seconds};qu="query-seconds";w={_WINDOW}',
            "RateLimit": f"{_POLICY};r={math.ceil(max(left, 0))};t={until}",
        }

    def __len__(self) -> int:
        """The number of clients that are remembered."""
        return len(self._accounts)

    @property
    def _rate(self) -> float:
        return self._seconds / _WINDOW

    def _left(self, client: str) -> float:
        account = self._accounts.get(client)
        if account is None:
            return self._seconds
        # One who keeps asking is remembered, or flooding would wipe his debt.
        self._accounts.move_to_end(client)
        return min(self._seconds, account.left + (self._clock() - account.time) * self._rate)

    def _wait(self, client: str) -> int:
        """Whole seconds after which there is something left."""
        return math.floor(-self._left(client) / self._rate) + 1
