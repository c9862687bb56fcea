"""The files that the named graphs are read from, by the IRIs that the manifest has for them."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from econsec.errors import EconSecError
from econsec.paths import resources
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import BASE, VOID
from econsec.service.catalogue import Catalogue
from econsec.web.routes import add_reading
from econsec.web.whole import whole

__all__ = ["FileNotFound", "install"]

_PATHS = (
    "/data/{path:path}",
    "/ontology/alignment/{path:path}",
    "/ontology/vocab/{path:path}",
    "/ontology/econsec.ttl",
    "/shapes/{file}.ttl",
)
_SUFFIX = ".ttl"


class FileNotFound(EconSecError):
    """No graph is read from a file of this name."""

    exit_code = 3
    status = 404
    title = "There is no such file"


class _SourceFiles:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def read(self, request: Request) -> Response:
        """A packaged file, if the manifest of the data set lists it as a dump of a graph."""
        path = request.scope["path"].lstrip("/")
        body = await asyncio.to_thread(_content, path) if await self._is_listed(path) else None
        if body is None:
            raise FileNotFound(f"no graph is read from <{BASE}{path}>", remedy="see /dumps/")
        return await whole(request, body, TURTLE.content_type)

    async def _is_listed(self, path: str) -> bool:
        name = BASE + quote(path)
        manifested = await self._catalogue.manifested()
        return any(
            entry.predicate == VOID("dataDump").value and entry.object.value == name
            for entry in manifested.entries
        )


def install(app: FastAPI, *, catalogue: Catalogue) -> None:
    """Add the files to `app`."""
    files = _SourceFiles(catalogue)
    for path in _PATHS:
        add_reading(app, path, files.read)


def _content(path: str) -> bytes | None:
    root = resources().resolve()
    file = (root / path).resolve()
    is_ours = file.is_relative_to(root) and file.suffix == _SUFFIX and file.is_file()
    return file.read_bytes() if is_ours else None
