"""`/doc/…`: a thing, with what is said of it and where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from econsec.engine.backends import Backend
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import GRAPH, RDF, RDFS, SKOS
from econsec.service.highlights import highlights
from econsec.service.named import Named
from econsec.service.resources import Resource, Statement
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.view import View
from econsec.web.variants import PAGE, VARIANTS

__all__ = ["ThingPage"]

_IN_THE_HEAD = {
    RDF("type").value,
    RDFS("label").value,
    SKOS("prefLabel").value,
    SKOS("definition").value,
}
"""What the page shows above its statements."""

_DRAWN = 60
"""Neighbours in the picture; the lists have all of them."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or what leads to the thing, and the graphs that say so."""

    thing: Named
    graphs: tuple[Named, ...]
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A property and its values."""

    predicate: Named
    found: tuple[Value, ...]


class ThingPage:
    """The page of any thing that the data set knows."""

    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._backend = backend
        self._renderer = renderer

    async def respond(
        self,
        request: Request,
        resource: Resource,
        *,
        path: str,
        headers: Mapping[str, str],
        json_ld: str,
    ) -> Response:
        """The page, with the same as JSON-LD in it. Raises `EconSecError`."""
        view = self._renderer.view(request)
        return await self._renderer.respond(
            request,
            "thing.html.j2",
            view=view,
            headers=headers,
            thing=resource,
            json_ld=json_ld,
            highlights=await highlights(self._backend, resource.iri),
            said=_groups(view, resource, _own(resource), by_object=True),
            leading=_groups(view, resource, resource.leading, by_object=False),
            picture=json.dumps(_picture(view, resource), ensure_ascii=False),
            formats=[
                (format.name, f"/doc/{path}.{format.extensions[0]}")
                for format in VARIANTS
                if format.name != PAGE.name
            ],
        )


def _own(resource: Resource) -> list[Statement]:
    return [
        statement
        for statement in resource.said
        if statement.subject.value == resource.iri and statement.predicate.value not in _IN_THE_HEAD
    ]


def _groups(
    view: View, resource: Resource, statements: Iterable[Statement], *, by_object: bool
) -> list[Group]:
    """Statements by property, what is stated before what only follows."""
    found: dict[str, list[Value]] = {}
    predicates: dict[str, Named] = {}
    for statement in statements:
        predicates[statement.predicate.value] = statement.predicate
        value = Value(
            thing=statement.object if by_object else statement.subject,
            graphs=tuple(
                Named(graph, "uri", labels=resource.labels.get(graph, {}))
                for graph in statement.graphs
                if graph != INFERRED.value
            ),
            is_inferred=statement.is_inferred,
        )
        found.setdefault(statement.predicate.value, []).append(value)
    groups = [
        Group(predicates[name], tuple(sorted(values, key=lambda each: _order(view, each))))
        for name, values in found.items()
    ]
    return sorted(
        groups,
        key=lambda group: (
            all(value.is_inferred for value in group.found),
            view.name(group.predicate).text.casefold(),
        ),
    )


def _order(view: View, value: Value) -> tuple[bool, str]:
    return value.is_inferred, view.name(value.thing).text.casefold()


def _picture(view: View, resource: Resource) -> dict[str, list[dict[str, str]]]:
    """Nodes and edges of the neighbourhood, for the script that draws them."""
    nodes = {resource.iri: {"id": resource.iri, "label": view.name(resource.named).text}}
    edges = []
    for statement in (*_own(resource), *resource.leading):
        other = statement.object if statement.subject.value == resource.iri else statement.subject
        if not other.is_iri or other.value.startswith(GRAPH) or len(nodes) > _DRAWN:
            continue
        address = view.href(other.value)
        nodes.setdefault(
            other.value,
            {
                "id": other.value,
                "label": view.name(other).text,
                **({"href": address} if address else {}),
            },
        )
        edges.append(
            {
                "source": statement.subject.value,
                "target": statement.object.value,
                "label": view.name(statement.predicate).text,
            }
        )
    return {"nodes": list(nodes.values()), "edges": edges}
