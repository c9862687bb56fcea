"""The update operation of the SPARQL 1.1 Protocol, without HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from econsec.engine.backends import Backend
from econsec.engine.updates import check_update
from econsec.engine.writing.requests import Receipt, UpdateWrite
from econsec.settings import Settings

__all__ = ["Author", "Update", "update"]

_LONG_TEXT = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who asks for a change: the name of his token, the request, and where it comes from."""

    agent: str
    request_id: str
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update as it came; the graphs are those of `using-graph-uri`, `using-named-graph-uri`.

    `base` resolves the relative IRIs of the text.
    """

    text: str
    base: str | None = None
    using_graphs: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


async def update(request: Update, *, by: Author, backend: Backend, settings: Settings) -> Receipt:
    """Guard the text, then have it carried out; the receipt says that it is durable and visible.

    Raises `EconSecError`: on a text that is refused, that cannot be read, that
    contradicts the graphs of the protocol, and that fails while it is carried out.
    """
    read = partial(
        check_update,
        request.text,
        settings,
        base=request.base,
        protocol_graphs=(*request.using_graphs, *request.using_named),
    )
    traits = await asyncio.to_thread(read) if len(request.text) > _LONG_TEXT else read()
    return await backend.write(
        UpdateWrite(
            agent=by.agent,
            request_id=by.request_id,
            text=request.text,
            base=request.base,
            using_graphs=request.using_graphs,
            using_named=request.using_named,
            graphs=traits.graphs,
        )
    )
