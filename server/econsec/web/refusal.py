"""What a connection answers by itself, before or instead of the application."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

__all__ = [
    "FAILED",
    "FULL",
    "LATE_BODY",
    "LATE_HEAD",
    "MALFORMED",
    "PIPELINED",
    "STOPPING",
    "Refusal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a connection takes no (further) request.

    `reason` is a short fixed word for metrics, `limit` the setting that was passed.
    """

    reason: str
    status: HTTPStatus
    detail: str
    limit: str | None = None
    retryable: bool = False

    def response(self, request_id: str, *, headers: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
        """The whole HTTP/1.1 response: a problem (RFC 9457) that ends the connection."""
        body = json.dumps(self._problem(request_id), ensure_ascii=False).encode()
        lines = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}".encode(),
            *(name + b": " + value for name, value in headers),
            b"content-type: application/problem+json",
            b"content-length: %d" % len(body),
            b"cache-control: no-store",
            b"access-control-allow-origin: *",
            b"x-request-id: " + request_id.encode(),
            *([b"retry-after: 1"] if self.retryable else []),
            b"connection: close",
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def _problem(self, request_id: str) -> dict[str, object]:
        problem = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "limit": self.limit,
            "requestId": request_id,
            "retryable": self.retryable,
        }
        return {name: value for name, value in problem.items() if value is not None}


MALFORMED = Refusal(
    reason="malformed", status=HTTPStatus.BAD_REQUEST, detail="the request is not valid HTTP/1.1"
)
LATE_HEAD = Refusal(
    reason="head_timeout",
    status=HTTPStatus.REQUEST_TIMEOUT,
    detail="the head of the request did not come in time (limit head_seconds)",
    limit="head_seconds",
)
LATE_BODY = Refusal(
    reason="body_timeout",
    status=HTTPStatus.REQUEST_TIMEOUT,
    detail="the body of the request did not come in time (limit body_seconds)",
    limit="body_seconds",
)
FULL = Refusal(
    reason="connections",
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    detail="there are too many connections (limit max_connections)",
    limit="max_connections",
    retryable=True,
)
PIPELINED = Refusal(
    reason="pipelined",
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    detail="there are too many requests at once on this connection",
    retryable=True,
)
FAILED = Refusal(
    reason="failed", status=HTTPStatus.INTERNAL_SERVER_ERROR, detail="the service failed"
)
STOPPING = Refusal(
    reason="stopping",
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    detail="the service is shutting down",
    retryable=True,
)
