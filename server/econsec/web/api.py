"""What the OpenAPI description says of errors, in one place."""

from __future__ import annotations

from typing import Any

__all__ = ["PROBLEM", "problems"]

PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
"""The content of every error (RFC 9457)."""

_WHEN = {
    400: "What is sent cannot be read, or asks for too much",
    401: "There is no token, or not a valid one",
    403: "Refused: the service is read-only, the graph is protected, or something is asked for "
    "that is never done here, such as SERVICE and LOAD",
    404: "There is no such graph",
    406: "No format on offer is acceptable",
    412: "If-Match or If-None-Match does not hold",
    413: "More is sent than a limit allows",
    415: "It is sent in a format that is not read here",
    422: "It contradicts the ontology, or would leave new violations in a graph under validation: "
    "`report` has them",
    429: "The client has used up its query seconds",
    503: "A deadline or a limit of memory came, or the service is busy: `retryable` says which",
    507: "The disk is full",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of an operation that may end with these statuses, beside those of all."""
    told = sorted({400, 413, 415, 429, 503, *statuses})
    return {status: {"description": _WHEN[status], **PROBLEM} for status in told}
