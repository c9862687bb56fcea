"""The answer to a change that is durable and visible."""

from __future__ import annotations

from fastapi import Response

from econsec.engine.writing.requests import Receipt

__all__ = ["COMMIT", "VERSION", "committed"]

COMMIT = "EconSec-Commit"
"""The number of the commit."""

VERSION = "EconSec-Version"
"""The version that the change made; in quotes, the entity tag of what it changed."""


def committed(receipt: Receipt, *, location: str | None = None) -> Response:
    """201 for what was not there before, else 204.

    Without ETag: what was sent is not what is kept byte by byte (RFC 9110, 9.3.4).
    """
    headers = {COMMIT: str(receipt.version.commit), VERSION: str(receipt.version)}
    if location is not None:
        headers["Location"] = location
    return Response(status_code=201 if receipt.created else 204, headers=headers)
