"""The application: its parts put together around a store that is handed to it."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from econsec import __version__
from econsec.engine.store import Store
from econsec.settings import Settings
from econsec.web import health, problems, sparql
from econsec.web.tracing import REQUEST_ID, Tracing

__all__ = ["create_app"]


def create_app(settings: Settings, store: Store) -> FastAPI:
    """An application that answers from `store`; the caller opens and closes the store."""
    # FastAPI's own documentation pages load their scripts from other hosts.
    app = FastAPI(title="EconSec", version=__version__, docs_url=None, redoc_url=None)
    problems.install(app)
    sparql.install(app, store=store, settings=settings)
    health.install(app, store=store)
    # Added last, so outermost: an error has CORS headers too.
    app.add_middleware(Tracing)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST", "HEAD", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=[REQUEST_ID],
    )
    return app
