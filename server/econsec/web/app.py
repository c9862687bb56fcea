"""The application: its parts put together around a data set that is handed to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from econsec import __version__
from econsec.engine.backends import Backend
from econsec.engine.cache import Cache
from econsec.errors import EconSecError
from econsec.service.about import About
from econsec.service.clients import Clients
from econsec.service.quota import Quota
from econsec.service.receipts import NAMES
from econsec.service.search import Search
from econsec.service.spool import Spool
from econsec.service.tokens import Tokens
from econsec.settings import Settings
from econsec.web import (
    dumps,
    graph_store,
    health,
    linked_data,
    problems,
    protection,
    publishing,
    search,
    shapes,
    sparql,
    validation,
)
from econsec.web.access_log import AccessLog
from econsec.web.allowance import Allowance
from econsec.web.answering import Answering
from econsec.web.authors import Authors
from econsec.web.cors import CrossOrigin
from econsec.web.description import Descriptions
from econsec.web.metrics import Metrics, Sources
from econsec.web.metrics import install as install_metrics
from econsec.web.observing import Observing
from econsec.web.pages import editor, ontology, site
from econsec.web.pages.errors import ErrorPages
from econsec.web.pages.ontology import OntologyPages
from econsec.web.pages.shapes import ShapePages
from econsec.web.receipts import VERSION
from econsec.web.repeats import Repeats
from econsec.web.tracing import REQUEST_ID, Tracing
from econsec.web.update import Updates

__all__ = ["create_app"]

_LAST_SECONDS = 1.0
"""What is left to end when the server has let the requests end already."""

_EXPOSED = (
    *NAMES,
    VERSION,
    REQUEST_ID,
    validation.CONFORMS,
    dumps.CANONICAL_HASH,
    dumps.DIGEST,
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
)


def create_app(
    settings: Settings,
    backend: Backend,
    *,
    tokens: Tokens | None = None,
    spool: Spool | None = None,
) -> FastAPI:
    """An application over `backend`, which it starts and closes.

    Where the start fails, `app.state.failure` has the error, and nobody should ask.
    Who is about to end it sets `app.state.stopping`. `app.state.metrics` are its metrics.
    `tokens` say who may write, and uploads go through `spool` on their way.
    """
    tokens = Tokens() if tokens is None else tokens
    spool = Spool() if spool is None else spool

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await backend.start()
        except EconSecError as error:
            app.state.failure = error
        try:
            yield
        finally:
            await backend.close(drain_seconds=_LAST_SECONDS)

    # FastAPI's own documentation pages load their scripts from other hosts.
    app = FastAPI(
        title="EconSec", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.state.failure = None
    app.state.stopping = False
    cache, about, quota = Cache(settings.cache_bytes), About(backend), Quota(settings.quota_seconds)
    backend.on_spent = quota.spend
    metrics = app.state.metrics = Metrics(
        Sources(
            publication=lambda: backend.publication,
            version=lambda: about.known.version,
            pool=lambda: backend.workers,
            cache=lambda: cache,
            writer=lambda: backend.writing,
        )
    )
    authors = Authors(backend, tokens)
    updates = Updates(backend, authors, settings=settings)
    renderer = site.install(app, backend=backend, about=about, cache=cache, settings=settings)
    page = editor.EditorPage(backend, renderer)
    endpoint = sparql.Endpoint(
        backend=backend,
        settings=settings,
        about=about,
        answering=Answering(backend, cache, settings),
        authors=authors,
        descriptions=Descriptions(backend, settings=settings),
        page=page,
        updates=updates,
    )
    sparql.install(app, endpoint)
    editor.install(app, page)
    updates.install(app)
    graph_store.install(app, backend=backend, tokens=tokens, spool=spool, settings=settings)
    protection.install(app, backend=backend, tokens=tokens, spool=spool, settings=settings)
    validation.install(app, backend=backend, spool=spool, settings=settings)
    ontology_pages = OntologyPages(backend, renderer)
    ontology.install(app, ontology_pages)
    found = Search(backend)
    problems.install(app, pages=ErrorPages(renderer, found))
    search.install(app, backend=backend, search=found, renderer=renderer)
    publishing.install(
        app,
        backend=backend,
        about=about,
        renderer=renderer,
        spool=spool,
        settings=settings,
        ontology_page=ontology_pages.whole,
    )
    # After the files of the shapes, whose names no shape has.
    shapes.install(app, pages=ShapePages(backend, renderer))
    linked_data.install(
        app, backend=backend, about=about, renderer=renderer, settings=settings, search=found
    )
    health.install(app, backend=backend)
    install_metrics(app, metrics)
    # What is added last is outermost.
    app.add_middleware(Repeats, path=sparql.PATH, backend=backend, cache=cache)
    app.add_middleware(Allowance, quota=quota)
    clients = Clients(settings.trusted_proxies, header=settings.proxy_header)
    app.add_middleware(Tracing, clients=clients)
    # An error that nobody foresaw may be read by any page, too.
    app.add_middleware(CrossOrigin, exposed=_EXPOSED)
    log = AccessLog(client=settings.log_client, query_text=settings.log_query_text)
    app.add_middleware(
        Observing, observers=[metrics, log], on_start=metrics.note_start, paths={sparql.PATH}
    )
    return app
