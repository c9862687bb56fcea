"""The cache of answers keeps what was asked for last, and no more than fits."""

from __future__ import annotations

from econsec.engine.cache import Cache, CachedAnswer

KIB = 1024


def answer(size: int) -> CachedAnswer:
    return CachedAnswer(((b"etag", b'"x"'),), b"x" * size)


def test_what_is_put_is_found() -> None:
    cache = Cache(100 * KIB)
    cache.put("a", answer(10))
    assert cache.get("a") == answer(10)
    assert cache.get("b") is None
    assert (len(cache), cache.hits, cache.misses) == (1, 1, 1)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache = Cache(32 * KIB)
    for key in "abcdefgh":
        cache.put(key, answer(3 * KIB))
    assert cache.bytes == 8 * 4 * KIB
    assert cache.get("a") is not None
    cache.put("i", answer(3 * KIB))
    assert cache.get("b") is None
    assert cache.get("a") is not None and cache.get("i") is not None
    assert cache.bytes == 8 * 4 * KIB


def test_an_answer_that_would_crowd_out_the_others_is_not_kept() -> None:
    cache = Cache(32 * KIB)
    cache.put("large", answer(3 * KIB + 1))
    assert (len(cache), cache.bytes) == (0, 0)


def test_an_answer_that_is_there_counts_once() -> None:
    cache = Cache(32 * KIB)
    cache.put("a", answer(10))
    cache.put("a", answer(20))
    assert cache.get("a") == answer(10)
    assert cache.bytes == KIB + 10


def test_a_cache_without_room_keeps_nothing() -> None:
    cache = Cache(0)
    cache.put("a", answer(0))
    assert cache.get("a") is None
