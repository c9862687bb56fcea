"""An answer that is there as a whole: tagged, compressed, or not sent where the client has it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request, Response

from econsec.web.conditions import condition, is_fresh
from econsec.web.encoding import GZIP, compressed, takes_gzip

__all__ = ["whole"]


async def whole(
    request: Request,
    body: bytes,
    content_type: str,
    *,
    headers: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The body, compressed for who takes that, or 304 where the client has it.

    The `headers` go before those that are given here. Of an error the body is sent in any
    case. Raises `InvalidInput` on conditions that cannot be read.
    """
    tag = hashlib.sha256(body).hexdigest()[:32]
    given = {
        # Weak, as it is the same for what is compressed.
        "ETag": f'W/"{tag}"',
        "Cache-Control": "public, no-cache",
        "Vary": "Accept-Encoding",
        **(headers or {}),
    }
    if status == HTTPStatus.OK and is_fresh(condition(request), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=given)
    given["Content-Type"] = content_type
    takes = takes_gzip(", ".join(request.headers.getlist("accept-encoding")))
    smaller = await compressed(body) if takes else None
    if smaller is not None:
        given["Content-Encoding"] = GZIP
    return Response(body if smaller is None else smaller, status_code=status, headers=given)
