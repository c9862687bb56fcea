"""`/health`: whether the process lives, and whether it can answer."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from econsec.engine.store import Store
from econsec.service.health import check_ready

__all__ = ["install"]


def install(app: FastAPI, *, store: Store) -> None:
    """Add `/health/live` and `/health/ready` to `app`; what is not ready is a 503."""

    @app.head("/health/live", include_in_schema=False)
    @app.get("/health/live", summary="Whether the event loop turns")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.head("/health/ready", include_in_schema=False)
    @app.get("/health/ready", summary="Whether the store answers")
    async def ready() -> dict[str, str]:
        await run_in_threadpool(check_ready, store)
        return {"status": "ready"}
