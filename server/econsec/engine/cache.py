"""Answers kept whole, as many as fit; the one that was asked for longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

__all__ = ["Cache", "CachedAnswer"]

_OVERHEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """The body of an answer and the headers that it was sent with, by lower-case names."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Cache:
    """At most `max_bytes` of answers by their keys, and of them only those that are small enough.

    One event loop uses it, so it has no lock.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._answers: OrderedDict[Hashable, CachedAnswer] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """The number of answers."""
        return len(self._answers)

    def get(self, key: Hashable) -> CachedAnswer | None:
        """The answer under `key`, if it is still there."""
        answer = self._answers.get(key)
        if answer is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(key)
        return answer

    def put(self, key: Hashable, answer: CachedAnswer) -> None:
        """Keep an answer, unless it alone would take more than an eighth of the room."""
        if key in self._answers or _size(answer) > self._max_bytes // 8:
            return
        self._answers[key] = answer
        self.bytes += _size(answer)
        while self.bytes > self._max_bytes:
            _, oldest = self._answers.popitem(last=False)
            self.bytes -= _size(oldest)


def _size(answer: CachedAnswer) -> int:
    return _OVERHEAD_BYTES + len(answer.body)
