"""`/chokepoints`: the map of them, from left to right, and the same as lists."""

from __future__ import annotations

import json
from collections.abc import Iterable

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.service.chokepoints import Chokepoint, chokepoints
from econsec.service.named import Named
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.view import View
from econsec.web.routes import add_reading

__all__ = ["install"]


class _Page:
    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._backend = backend
        self._renderer = renderer

    async def read(self, request: Request) -> Response:
        """The page."""
        view = self._renderer.view(request)
        found = await chokepoints(self._backend)
        return await self._renderer.respond(
            request,
            "chokepoints.html.j2",
            view=view,
            chokepoints=sorted(found, key=lambda each: view.name(each.item).text.casefold()),
            picture=json.dumps(_picture(view, found), ensure_ascii=False),
        )


def install(app: FastAPI, *, backend: Backend, renderer: Renderer) -> None:
    """Add `/chokepoints` to `app`."""
    page = _Page(backend, renderer)
    add_reading(app, "/chokepoints", renderer.kept(page.read))


def _picture(view: View, found: Iterable[Chokepoint]) -> dict[str, list[dict[str, str]]]:
    """What goes into what, who acts on it, and the chains at the end; for the script that draws."""
    nodes: dict[str, dict[str, str]] = {}
    edges: dict[tuple[str, str, str], dict[str, str]] = {}

    def draw(thing: Named, kind: str) -> str:
        shown = {"id": thing.value, "label": view.name(thing).text, "kind": kind}
        address = view.href(thing.value)
        known = nodes.setdefault(
            thing.value, shown if address is None else {**shown, "href": address}
        )
        if kind == "chokepoint":
            known["kind"] = kind
        return thing.value

    def link(source: str, target: str, label: str) -> None:
        edges[source, target, label] = {"source": source, "target": target, "label": label}

    for each in found:
        item = draw(each.item, "chokepoint")
        for flow in each.flows:
            link(draw(flow.source, "good"), draw(flow.target, "good"), "")
        for chain in each.chains:
            link(item, draw(chain, "chain"), "")
        for holder in {j.value: j for i in each.instruments for j in i.jurisdictions}.values():
            link(draw(holder, "actor"), item, view.t("chokepoints.acts"))
    return {"nodes": list(nodes.values()), "edges": list(edges.values())}
