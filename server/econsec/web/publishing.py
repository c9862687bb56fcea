"""What the service publishes for machines beside its things, put together."""

from __future__ import annotations

from fastapi import FastAPI

from econsec.engine.backends import Backend
from econsec.service.about import About
from econsec.service.catalogue import Catalogue
from econsec.service.census import Census
from econsec.service.dumps import Dumps
from econsec.service.spool import Spool
from econsec.settings import Settings
from econsec.web import (
    context,
    dumps,
    graph_documents,
    ontology_documents,
    source_files,
    well_known,
)
from econsec.web.ontology_documents import Page
from econsec.web.pages.rendering import Renderer

__all__ = ["install"]


def install(
    app: FastAPI,
    *,
    backend: Backend,
    about: About,
    renderer: Renderer,
    spool: Spool,
    settings: Settings,
    ontology_page: Page | None = None,
) -> None:
    """Add the context, the descriptions, the dumps, the ontology and the graphs to `app`."""
    census = Census(backend)
    files = Dumps(backend, about=about, census=census, spool=spool, settings=settings)
    context.install(app)
    well_known.install(app, backend=backend, census=census, dumps=files, settings=settings)
    dumps.install(app, dumps=files, about=about, renderer=renderer)
    # Before the ontology, whose folders have files of other graphs.
    source_files.install(app, catalogue=Catalogue(backend))
    ontology_documents.install(app, backend=backend, settings=settings, page=ontology_page)
    graph_documents.install(app, backend=backend, settings=settings)
