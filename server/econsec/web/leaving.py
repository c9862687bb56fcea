"""Clients who leave before their answer is there: nobody works for them any longer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import Request

__all__ = ["cancelled_when_left", "leave"]

_ON_LEFT = "on_left"


@contextmanager
def cancelled_when_left(request: Request) -> Iterator[None]:
    """Cancel this task where the client leaves meanwhile; for what only he has use for."""
    task = asyncio.current_task()
    assert task is not None
    state = request.scope["state"]
    state[_ON_LEFT] = task.cancel
    try:
        yield
    finally:
        state.pop(_ON_LEFT, None)


def leave(scope: Mapping[str, Any]) -> None:
    """The client of the request has left."""
    on_left = scope.get("state", {}).pop(_ON_LEFT, None)
    if on_left is not None:
        on_left()
