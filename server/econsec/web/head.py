"""The limits on the head of a request, which the parser of HTTP has none of."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from econsec.web.limits import ConnectionLimits
from econsec.web.refusal import Refusal

__all__ = ["HeadMeter", "head_fault"]


class HeadMeter:
    """Counts the head of one request as it comes in; each method says what is too much."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._target = 0
        self._header_bytes = 0
        self._headers = 0
        self._unparsed = 0

    def target(self, size: int) -> Refusal | None:
        """A further piece of the request target."""
        self._target += size
        return self._too_long() if self._target > self._limits.target_bytes else None

    def header(self, size: int) -> Refusal | None:
        """A further header of `size` bytes."""
        self._headers += 1
        self._header_bytes += size
        if self._headers > self._limits.headers:
            return _too_large(f"there are more than {self._limits.headers} headers", "max_headers")
        too_large = self._header_bytes > self._limits.header_bytes
        return self._too_many_bytes() if too_large else None

    def unfinished(self, size: int) -> Refusal | None:
        """Bytes of a head that has not ended; the parser keeps an unfinished header to itself."""
        self._unparsed += size
        most = self._limits.target_bytes + self._limits.header_bytes
        return self._too_many_bytes() if self._unparsed > most else None

    def _too_long(self) -> Refusal:
        return Refusal(
            reason="target_too_long",
            status=HTTPStatus.REQUEST_URI_TOO_LONG,
            detail=f"the URL has more than {self._limits.target_bytes} bytes; send it by POST",
        )

    def _too_many_bytes(self) -> Refusal:
        most = self._limits.header_bytes
        return _too_large(f"the headers have more than {most} bytes", "max_header_bytes")


def head_fault(version: str, headers: Sequence[tuple[bytes, bytes]]) -> Refusal | None:
    """What a server must not accept in a head that the parser takes (RFC 9112, 2.3, 3.2, 6.1)."""
    if version not in {"1.0", "1.1"}:
        return Refusal(
            reason="version",
            status=HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
            detail="the server speaks HTTP/1.1",
        )
    names = [name for name, _ in headers]
    hosts = names.count(b"host")
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return _malformed(f"the request has {hosts} Host headers instead of one")
    if version == "1.0" and b"transfer-encoding" in names:
        return _malformed("HTTP/1.0 has no Transfer-Encoding")
    return None


def _malformed(detail: str) -> Refusal:
    return Refusal(reason="malformed", status=HTTPStatus.BAD_REQUEST, detail=detail)


def _too_large(detail: str, limit: str) -> Refusal:
    return Refusal(
        reason="headers_too_large",
        status=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        detail=f"{detail} (limit {limit})",
        limit=limit,
    )
