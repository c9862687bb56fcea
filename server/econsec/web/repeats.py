"""The short way of a GET that was answered before: from the cache, past all routing."""

from __future__ import annotations

from collections import OrderedDict

from starlette.types import ASGIApp, Receive, Scope, Send

from econsec.engine.backends import Backend
from econsec.engine.cache import Cache, CachedAnswer

__all__ = ["ANSWER_KEY", "Repeats"]

ANSWER_KEY = "answer_key"
"""Where a route leaves the key of the answer that it gave, in the state of the request."""

_MOST = 16_384
_NOTHING = b""

_Raw = tuple[bytes, ...]


class Repeats:
    """Remembers which answer a request had, by its bytes, until the next commit."""

    def __init__(self, app: ASGIApp, *, path: str, backend: Backend, cache: Cache) -> None:
        self._app = app
        self._path = path
        self._backend = backend
        self._cache = cache
        self._keys: OrderedDict[_Raw, str] = OrderedDict()
        self._publication: object = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = self._raw(scope)
        if raw is None:
            await self._app(scope, receive, send)
            return
        answer = self._answer(raw)
        if answer is not None:
            await _send(answer, scope, send)
            return
        await self._app(scope, receive, send)
        key = scope["state"].get(ANSWER_KEY)
        if key is not None:
            self._keys[raw] = key
            if len(self._keys) > _MOST:
                self._keys.popitem(last=False)

    def _raw(self, scope: Scope) -> _Raw | None:
        """All of a request that its answer can depend on; `None` for one that is not repeatable."""
        if scope["type"] != "http" or scope["path"] != self._path:
            return None
        if scope["method"] != "GET" or not scope["query_string"]:
            return None
        accept = encoding = host = _NOTHING
        for name, value in scope["headers"]:
            match name:
                case b"accept":
                    accept += b"," + value
                case b"accept-encoding":
                    encoding += b"," + value
                case b"host":
                    host += value
                case b"authorization":
                    return None
        return (scope["query_string"], accept, encoding, host)

    def _answer(self, raw: _Raw) -> CachedAnswer | None:
        publication = self._backend.publication
        if publication is not self._publication:
            self._keys.clear()
            self._publication = publication
        key = self._keys.get(raw)
        if key is None:
            return None
        answer = self._cache.get(key)
        if answer is None:
            del self._keys[raw]
        else:
            self._keys.move_to_end(raw)
        return answer


async def _send(answer: CachedAnswer, scope: Scope, send: Send) -> None:
    if _is_known(answer, scope):
        kept = [(name, value) for name, value in answer.headers if not name.startswith(b"content-")]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*answer.headers]})
    await send({"type": "http.response.body", "body": answer.body})


def _is_known(answer: CachedAnswer, scope: Scope) -> bool:
    """Whether the client has the answer: If-None-Match compares weakly."""
    sent = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
    if sent is None:
        return False
    return sent == b"*" or any(
        name == b"etag" and value.removeprefix(b"W/") in sent for name, value in answer.headers
    )
