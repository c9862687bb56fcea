"""Who takes gzip, and what is worth it."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from econsec.web.encoding import compressed, takes_gzip


@pytest.mark.parametrize(
    "header",
    ["gzip", "GZIP", "br, gzip", "gzip;q=1.0", "gzip; q=0.001", "*", "x-gzip", "br;q=0,*;q=0.1"],
)
def test_who_takes_gzip(header: str) -> None:
    assert takes_gzip(header)


@pytest.mark.parametrize(
    "header", ["", "br", "identity", "gzip;q=0", "gzip;q=0.000", "gzip; q=0, *", "*;q=0", ";", "gz"]
)
def test_who_does_not(header: str) -> None:
    assert not takes_gzip(header)


@pytest.mark.parametrize("size", [1_024, 65_535, 65_536, 1_000_000])
def test_a_body_is_compressed(size: int) -> None:
    packed = asyncio.run(compressed(b"x" * size))
    assert packed is not None and gzip.decompress(packed) == b"x" * size
    assert packed == asyncio.run(compressed(b"x" * size))


def test_a_small_body_is_not() -> None:
    assert asyncio.run(compressed(b"x" * 1_023)) is None
