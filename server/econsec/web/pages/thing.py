"""`/doc/…`: a thing, with what is said of it and where."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import Request, Response

from econsec.rdf.namespaces import GRAPH
from econsec.rdf.statements import iri as node
from econsec.service.highlights import Highlights
from econsec.service.resources import Resource
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.statements import divided, kinds, own, referring
from econsec.web.pages.view import View
from econsec.web.variants import PAGE, VARIANTS

__all__ = ["ThingPage"]

_CSV = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?property ?property_name ?value ?value_name WHERE {{
  {thing} ?property ?value .
  OPTIONAL {{ ?property rdfs:label ?property_name FILTER (LANG(?property_name) = "{language}") }}
  OPTIONAL {{ ?value rdfs:label ?value_name FILTER (LANG(?value_name) = "{language}") }}
}}
ORDER BY ?property ?value"""

_DRAWN = 60
"""Neighbours in the picture; the lists have all of them."""


class ThingPage:
    """The page of any thing that the data set knows."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def respond(
        self,
        request: Request,
        resource: Resource,
        *,
        path: str,
        headers: Mapping[str, str],
        json_ld: str,
        highlights: Highlights,
    ) -> Response:
        """The page, with the thing as JSON-LD in it. Raises `EconSecError`."""
        view = self._renderer.view(request)
        stated = divided(view, resource, own(resource), by_object=True)
        leading = divided(view, resource, referring(resource), by_object=False)
        return await self._renderer.respond(
            request,
            "thing.html.j2",
            view=view,
            headers=headers,
            thing=resource,
            kinds=kinds(resource),
            json_ld=json_ld,
            highlights=highlights,
            said=stated,
            leading=leading,
            picture=json.dumps(_picture(view, resource), ensure_ascii=False),
            csv=_CSV.format(thing=node(resource.iri), language=view.content.value),
            formats=[
                (format.name, f"/doc/{path}.{format.extensions[0]}")
                for format in VARIANTS
                if format.name != PAGE.name
            ],
        )


def _picture(view: View, resource: Resource) -> dict[str, list[dict[str, str]]]:
    """Nodes and edges of the neighbourhood, for the script that draws them."""
    nodes = {resource.iri: {"id": resource.iri, "label": view.name(resource.named).text}}
    edges = []
    for statement in (*own(resource), *resource.leading):
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
