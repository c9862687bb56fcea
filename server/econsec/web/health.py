"""`/health`: whether the process lives, and whether it can answer."""

from __future__ import annotations

from fastapi import FastAPI

from econsec.engine.backends import Backend
from econsec.errors import NotAvailable
from econsec.web.api import problems

__all__ = ["install"]


def install(app: FastAPI, *, backend: Backend) -> None:
    """Add `/health/live` and `/health/ready` to `app`; what is not ready is a 503."""

    @app.head("/health/live", include_in_schema=False)
    @app.get("/health/live", summary="Whether the event loop turns")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.head("/health/ready", include_in_schema=False)
    @app.get(
        "/health/ready",
        summary="Whether tasks, and changes where they are offered, can be carried out",
        responses=problems(),
    )
    async def ready() -> dict[str, str]:
        if app.state.stopping:
            raise NotAvailable("the service is shutting down")
        await backend.check_ready()
        return {"status": "ready"}
