"""What one connection may cost."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ConnectionLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Sizes in bytes, times in seconds.

    `head_seconds` runs from the first byte of a head (of a new connection: from
    its start) to its end. A body has `body_seconds`, and one second more for
    every `body_bytes_per_second` that have come. A client that reads an answer
    must take some of it within every `send_seconds`. Between two requests a
    connection may be idle for `keep_alive_seconds`. After a refusal, what the
    client still sends is let go for `linger_seconds`, so that it can read why.
    """

    connections: int = 500
    target_bytes: int = 212_992
    header_bytes: int = 32_768
    headers: int = 100
    pipelined: int = 16
    head_seconds: float = 10
    body_seconds: float = 30
    body_bytes_per_second: int = 16_384
    send_seconds: float = 30
    keep_alive_seconds: float = 5
    linger_seconds: float = 2
