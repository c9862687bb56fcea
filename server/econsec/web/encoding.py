"""Content coding: gzip for who takes it (RFC 9110, 12.5.3)."""

from __future__ import annotations

import asyncio
import gzip

__all__ = ["GZIP", "compressed", "takes_gzip"]

GZIP = "gzip"
_LEVEL = 1
_SMALL, _LARGE = 1_024, 64 * 1_024


def takes_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header allows gzip; an empty one does not."""
    weights: dict[str, str] = {}
    for element in accept_encoding.lower().split(","):
        coding, _, parameter = element.partition(";")
        weights[coding.strip()] = parameter.replace(" ", "").removeprefix("q=")
    weight = weights.get(GZIP, weights.get("x-gzip", weights.get("*", "0")))
    return weight.strip("0.") != "" or weight == ""


async def compressed(body: bytes) -> bytes | None:
    """The body in gzip, `None` where that is not worth it; a large one off the event loop."""
    if len(body) < _SMALL:
        return None
    if len(body) < _LARGE:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)
