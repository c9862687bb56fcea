"""The URL that a request was sent to, as its client knows it."""

from __future__ import annotations

from fastapi import Request

from econsec.errors import InvalidInput
from econsec.settings import Settings

__all__ = ["own_root", "own_url"]


def own_url(request: Request, settings: Settings) -> str:
    """The request's URL without its query, its path as it was sent.

    Its root is the setting `public_url`, or without one the Host header: a
    service behind a proxy is told what it is called. Raises `InvalidInput` on a
    Host that makes no URL.
    """
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return own_root(request, settings) + path.partition(b"?")[0].decode("ascii", errors="replace")


def own_root(request: Request, settings: Settings) -> str:
    """What stands before every path of the service. Raises `InvalidInput` as `own_url` does."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not host or set(host) & set('/?#@\\<>" '):
        raise InvalidInput(f"the header Host is {host!r}, which names no host")
    return f"{request.scope['scheme']}://{host}"
