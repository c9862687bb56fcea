"""What a service asks of its own data set."""

from __future__ import annotations

import json
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.formats import JSON

__all__ = ["ask", "rows"]


async def rows(
    backend: Backend, query: Query, *, commit: int | None = None
) -> list[dict[str, Any]]:
    """The bindings as in the JSON results format (3.2.1). Raises `EconSecError`."""
    reply = await backend.run(query, JSON, commit=commit)
    found: list[dict[str, Any]] = json.loads(await reply.whole())["results"]["bindings"]
    return found


async def ask(backend: Backend, query: Query, *, commit: int | None = None) -> bool:
    """Whether an ASK query is true. Raises `EconSecError`."""
    reply = await backend.run(query, JSON, commit=commit)
    found: bool = json.loads(await reply.whole())["boolean"]
    return found
