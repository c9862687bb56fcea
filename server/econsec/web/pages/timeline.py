"""`/timeline`: what happened when, and what was in force on a day."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.errors import InvalidInput
from econsec.service.named import Named
from econsec.service.timeline import Entry, timeline
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.parameters import single
from econsec.web.routes import add_reading

__all__ = ["install"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class _Page:
    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._backend = backend
        self._renderer = renderer

    async def read(self, request: Request) -> Response:
        """The page."""
        given = fields(request)
        view = self._renderer.view(request)
        kind = single(given, "kind") or None
        found = await timeline(self._backend, _day(single(given, "asOf") or None))
        shown = [each for each in found.entries if kind in {None, each.kind.value}]
        return await self._renderer.respond(
            request,
            "timeline.html.j2",
            view=view,
            timeline=found,
            years=[(year, list(each)) for year, each in groupby(shown, key=lambda e: e.year)],
            kinds=view.in_order(_kinds(found.entries)),
            kind=kind,
        )


def install(app: FastAPI, *, backend: Backend, renderer: Renderer) -> None:
    """Add `/timeline` to `app`."""
    page = _Page(backend, renderer)
    add_reading(app, "/timeline", renderer.kept(page.read))


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise InvalidInput(
            f"the parameter 'asOf' is a day such as 2023-01-31, not {text!r}"
        ) from error
    return text


def _kinds(entries: tuple[Entry, ...]) -> list[Named]:
    return list({each.kind.value: each.kind for each in entries}.values())
