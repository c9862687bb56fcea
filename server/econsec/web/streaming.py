"""An answer that is sent as it comes, and that is given up when nobody takes it any more."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from econsec.engine.workers import Reply

__all__ = ["StreamedReply"]


class StreamedReply(StreamingResponse):
    """Frees the worker of the reply however the sending ends.

    A generator around the reply could not: one that never began has nothing to
    end, and that is how it goes where the client leaves before the first byte.
    """

    def __init__(self, reply: Reply, *, headers: Mapping[str, str]) -> None:
        super().__init__(reply, headers=headers)
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with closing(self._reply):
            await super().__call__(scope, receive, send)
