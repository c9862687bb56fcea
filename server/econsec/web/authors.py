"""Who asks for a change: known before anything of what he sends is read."""

from __future__ import annotations

from fastapi import Request

from econsec.engine.backends import Backend, read_only
from econsec.errors import Refused
from econsec.service.tokens import Tokens, Unauthenticated
from econsec.service.update import Author

__all__ = ["Authors"]


class Authors:
    """Those whom a backend lets write."""

    def __init__(self, backend: Backend, tokens: Tokens) -> None:
        self._backend = backend
        self._tokens = tokens

    def author(self, request: Request) -> Author:
        """Who sent the request.

        Raises `Refused` where nobody may write, and `Unauthenticated`.
        """
        if not self._backend.is_writable:
            raise read_only()
        return Author(
            agent=self._tokens.agent(request.headers.getlist("authorization")),
            request_id=request.state.request_id,
            client=request.state.client,
        )

    def knows(self, request: Request) -> bool:
        """Whether the request is from one who may write."""
        if "authorization" not in request.headers:
            return False
        try:
            self.author(request)
        except (Refused, Unauthenticated):
            return False
        return True
