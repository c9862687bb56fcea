"""`/.well-known/void` and `/dcat`: what the data set consists of, and where to get it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.rdf.formats import Format
from econsec.rdf.statements import Statements
from econsec.service import dcat, void
from econsec.service.catalogue import Catalogue
from econsec.service.census import Census
from econsec.service.dumps import FORMATS, Dumps
from econsec.service.statistics import Statistics
from econsec.settings import Settings
from econsec.web.address import own_root
from econsec.web.representations import EXTENSIONS, OPERATION, asked
from econsec.web.routes import add_reading
from econsec.web.whole import whole

__all__ = ["install"]

_DATASET = "/data"
_WAIT_SECONDS = 10.0
_MOST_KEPT = 12


class _WellKnown:
    def __init__(self, backend: Backend, *, census: Census, dumps: Dumps, settings: Settings):
        self._backend = backend
        self._catalogue = Catalogue(backend)
        self._census = census
        self._dumps = dumps
        self._lock = asyncio.Lock()
        self._settings = settings
        self._statistics = Statistics(backend)
        self._written: dict[object, bytes] = {}

    async def void(self, request: Request) -> Response:
        """The VoID description."""
        by, at = asked(request), self._state
        root = own_root(request, self._settings)
        counts = await self._statistics.counts()
        described = void.Described(
            root=root,
            manifested=await self._catalogue.manifested(),
            counts=counts,
            graphs=await self._census.sizes(),
            dumps=[f"{root}/dumps/{name}" for name in await self._dumps.names()],
        )
        state = "void", root, by.format.name, at
        body = await self._known(state, lambda: void.describe(described), by.format)
        return await whole(request, body, by.content_type, headers=by.headers)

    async def dcat(self, request: Request) -> Response:
        """The DCAT catalogue."""
        by, at = asked(request), self._state
        root = own_root(request, self._settings)
        # A large data set is packed meanwhile, and its catalogue has the sizes later.
        release = await self._dumps.release(within=_WAIT_SECONDS)
        described = dcat.Described(
            root=root,
            manifested=await self._catalogue.manifested(),
            names=await self._dumps.names(),
            formats=FORMATS,
            release=release,
        )
        state = "dcat", root, by.format.name, release is None, at
        body = await self._known(state, lambda: dcat.describe(described), by.format)
        return await whole(request, body, by.content_type, headers=by.headers)

    async def dataset(self, request: Request) -> Response:
        """The data set itself is no document; the catalogue describes it."""
        return Response(status_code=303, headers={"Location": dcat.PATH})

    @property
    def _state(self) -> object:
        return self._backend.publication.digest, self._backend.publication.commit

    async def _known(
        self, state: object, describe: Callable[[], Statements], format: Format
    ) -> bytes:
        """A document that was written before, else it is written on another thread."""
        # One at a time: each takes a second, and there is one for each name of the host.
        async with self._lock:
            if state not in self._written:
                written = await asyncio.to_thread(lambda: describe().written(format))
                while len(self._written) >= _MOST_KEPT:
                    self._written.pop(next(iter(self._written)))
                self._written[state] = written
            return self._written[state]


def install(
    app: FastAPI, *, backend: Backend, census: Census, dumps: Dumps, settings: Settings
) -> None:
    """Add the descriptions of the data set to `app`."""
    found = _WellKnown(backend, census=census, dumps=dumps, settings=settings)
    described = (
        (void.PATH, "getVoid", "The VoID description of the data set", found.void),
        (dcat.PATH, "getCatalogue", "The DCAT catalogue of the data set", found.dcat),
    )
    for path, name, summary, answer in described:
        add_reading(app, path, answer, operation_id=name, summary=summary, **OPERATION)
        for extension in EXTENSIONS:
            add_reading(app, f"{path}.{extension}", answer)
    add_reading(app, _DATASET, found.dataset)
