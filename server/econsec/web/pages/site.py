"""All pages, put together."""

from __future__ import annotations

from fastapi import FastAPI

from econsec.engine.backends import Backend
from econsec.engine.cache import Cache
from econsec.service.about import About
from econsec.settings import Settings
from econsec.web import assets
from econsec.web.pages import api_docs, chokepoints, home, source, timeline, validate
from econsec.web.pages.rendering import Renderer

__all__ = ["install"]


def install(
    app: FastAPI, *, backend: Backend, about: About, cache: Cache, settings: Settings
) -> Renderer:
    """Add the pages to `app`; what renders them is for other routes that have pages, too."""
    built = assets.Assets.read()
    renderer = Renderer(backend, about, assets=built, cache=cache, settings=settings)
    assets.install(app, built)
    for page in (home, chokepoints, timeline, source):
        page.install(app, backend=backend, renderer=renderer)
    api_docs.install(app, renderer=renderer)
    validate.install(app, renderer=renderer)
    return renderer
