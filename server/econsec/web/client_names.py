"""How a client is named where people read it."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache

__all__ = ["ClientNames"]


class ClientNames:
    """The address, a keyed hash that cannot be traced back after a restart, or nothing."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        # A hash without a key is undone by hashing all addresses.
        self._key = secrets.token_bytes(32)
        self._hash = lru_cache(maxsize=1_024)(self._hashed)

    def __call__(self, client: str | None) -> str | None:
        """The name of a client."""
        if client is None or self._shown == "none":
            return None
        if self._shown == "address":
            return client
        return self._hash(client)

    def _hashed(self, client: str) -> str:
        return hmac.digest(self._key, client.encode(), "sha256").hex()[:16]
