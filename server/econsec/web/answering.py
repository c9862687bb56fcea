"""Answers as they are sent: from the cache, compressed, or in a stream that may break."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from econsec.engine.backends import Backend
from econsec.engine.cache import Cache, CachedAnswer
from econsec.service.answers import Prepared, evaluate
from econsec.service.receipts import COMPLETE, TRUNCATED
from econsec.settings import Settings
from econsec.web.encoding import GZIP, compressed
from econsec.web.streaming import StreamedReply

__all__ = ["Answering", "cache_key", "response"]


class Answering:
    """Evaluates what is not in the cache; who asks for what is being evaluated waits for it."""

    def __init__(self, backend: Backend, cache: Cache, settings: Settings) -> None:
        self._backend = backend
        self._settings = settings
        self._cache = cache
        self._flights: dict[str, asyncio.Future[bool]] = {}

    async def answer(
        self, prepared: Prepared, headers: Mapping[str, str], *, gzip: bool, shared: bool
    ) -> Response:
        """The answer with these headers and its own; a `shared` one may be another's.

        Raises `EconSecError`.
        """
        if prepared.key is None or not shared:
            return await self._evaluated(prepared, headers, gzip=gzip, key=None)
        key = cache_key(prepared.key, gzip=gzip)
        while (flight := self._flights.get(key)) is not None:
            # Its leader may have left; then the next one leads.
            if await asyncio.shield(flight):
                break
        found = self._cache.get(key)
        if found is not None:
            return response(found)
        if flight is not None:  # it failed, or was too large to keep
            return await self._evaluated(prepared, headers, gzip=gzip, key=key)
        return await self._led(prepared, headers, gzip=gzip, key=key)

    async def _led(
        self, prepared: Prepared, headers: Mapping[str, str], *, gzip: bool, key: str
    ) -> Response:
        """Evaluate while others wait for it."""
        flight = self._flights[key] = asyncio.get_running_loop().create_future()
        try:
            answer = await self._evaluated(prepared, headers, gzip=gzip, key=key)
        except asyncio.CancelledError:
            flight.set_result(False)
            raise
        except BaseException:
            flight.set_result(True)
            raise
        else:
            flight.set_result(True)
            return answer
        finally:
            del self._flights[key]

    async def _evaluated(
        self, prepared: Prepared, headers: Mapping[str, str], *, gzip: bool, key: str | None
    ) -> Response:
        evaluated = await evaluate(prepared, backend=self._backend, settings=self._settings)
        reply = evaluated.reply
        said = {**headers, TRUNCATED: "true"} if evaluated.is_truncated else {**headers}
        if reply.body is None:
            return StreamedReply(reply, headers=said)
        small = await compressed(reply.body) if gzip else None
        body = reply.body if small is None else small
        whole = {**said, "Content-Length": str(len(body))}
        if not evaluated.is_truncated:
            whole[COMPLETE] = "true"
        if small is not None:
            whole["Content-Encoding"] = GZIP
        raw = tuple((name.lower().encode(), value.encode()) for name, value in whole.items())
        answer = CachedAnswer(raw, body)
        if key is not None:
            self._cache.put(key, answer)
        return response(answer)


def cache_key(key: str, *, gzip: bool) -> str:
    """The key of a query's answer in the coding that it is sent in."""
    return f"{key}+{GZIP}" if gzip else key


def response(answer: CachedAnswer) -> Response:
    """An answer that is there already."""
    made = Response(answer.body)
    made.raw_headers = [*answer.headers]
    return made
