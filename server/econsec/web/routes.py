"""Addresses that are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Response

__all__ = ["add_reading"]


def add_reading(
    app: FastAPI, path: str, answer: Callable[..., Awaitable[Response]], **described: Any
) -> None:
    """Answer GET and HEAD at `path`.

    The description of the API has the GET where it is `described`, with the arguments
    of FastAPI's own decorators, and the HEAD never.
    """
    app.get(path, **(described or {"include_in_schema": False}))(answer)
    app.head(path, include_in_schema=False)(answer)
