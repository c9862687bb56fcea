"""`/ontology`, its modules and versions, and `/vocab`: what the data set is written in, as RDF."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.formats import Format
from econsec.rdf.namespaces import BASE, SKOS
from econsec.service.ontologies import Ontologies
from econsec.settings import Settings
from econsec.web.representations import (
    EXTENSIONS,
    OPERATION,
    asked,
    is_for_reading,
)
from econsec.web.routes import add_reading
from econsec.web.whole import whole

__all__ = ["Page", "install"]

Page = Callable[[Request], Awaitable[Response]]
"""What answers who asks for a page instead."""

_ONTOLOGY = "/ontology"
_VOCABULARIES = "/vocab"
_SCHEMES = Query(f"""
CONSTRUCT {{ ?scheme ?predicate ?object }} WHERE {{
  ?scheme a {SKOS("ConceptScheme")} ; ?predicate ?object FILTER (!ISBLANK(?object))
}}
""")


class _Documents:
    def __init__(self, backend: Backend, *, settings: Settings, page: Page | None) -> None:
        self._backend = backend
        self._ontologies = Ontologies(backend, settings)
        self._page = page

    async def ontology(self, request: Request) -> Response:
        """An ontology by its IRI: the path says which."""
        by = asked(request)
        if self._page is not None and by.path == _ONTOLOGY and is_for_reading(by.format):
            return await self._page(request)
        name = BASE + by.path.lstrip("/")
        body = await self._ontologies.document(name, by.format)
        return await whole(request, body, by.content_type, headers=by.headers)

    async def schemes(self, request: Request) -> Response:
        """The concept schemes of the data set."""
        by = asked(request)
        body = await self._answered(by.format)
        return await whole(request, body, by.content_type, headers=by.headers)

    async def _answered(self, format: Format) -> bytes:
        reply = await self._backend.run(_SCHEMES, format)
        return await reply.whole()


def install(
    app: FastAPI, *, backend: Backend, settings: Settings, page: Page | None = None
) -> None:
    """Add the documents to `app`; `page` answers who wants to read `/ontology`."""
    documents = _Documents(backend, settings=settings, page=page)
    operations = (
        (_ONTOLOGY, "getOntology", "The ontology", documents.ontology),
        (_VOCABULARIES, "getConceptSchemes", "The concept schemes", documents.schemes),
    )
    for path, name, summary, answer in operations:
        add_reading(app, path, answer, operation_id=name, summary=summary, **OPERATION)
        for extension in EXTENSIONS:
            add_reading(app, f"{path}.{extension}", answer)
    add_reading(app, _ONTOLOGY + "/{path:path}", documents.ontology)
