"""`/health`: whether the process lives, and whether it can answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI

from econsec.engine.backends import Backend
from econsec.errors import NotAvailable
from econsec.web.api import problems

__all__ = ["Shared", "install"]


class Shared:
    """A check that runs once for all who ask meanwhile: who floods it learns no more."""

    def __init__(self, check: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._check = check
        self._running: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Raise what the check raises."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._check())
        await asyncio.shield(self._running)


def install(app: FastAPI, *, backend: Backend) -> None:
    """Add `/health/live` and `/health/ready` to `app`; what is not ready is a 503."""

    check = Shared(backend.check_ready)

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
        await check()
        return {"status": "ready"}
