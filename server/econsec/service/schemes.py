"""Concept schemes: with a scheme come its concepts."""

from __future__ import annotations

from dataclasses import replace

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.namespaces import SKOS
from econsec.rdf.statements import iri
from econsec.service.named import named
from econsec.service.resources import Resource, Statement
from econsec.service.rows import rows

__all__ = ["is_scheme", "with_concepts"]

_MOST = 20_000
_CONCEPTS = f"""
SELECT ?graph ?concept ?predicate ?object WHERE {{
  ?concept {SKOS("inScheme")} %(scheme)s .
  GRAPH ?graph {{ ?concept ?predicate ?object }}
}} ORDER BY ?concept ?predicate ?object LIMIT {_MOST + 1}
"""


def is_scheme(resource: Resource) -> bool:
    """Whether it is a scheme of concepts."""
    return any(each.value == SKOS("ConceptScheme").value for each in resource.types)


async def with_concepts(backend: Backend, resource: Resource) -> Resource:
    """The scheme and all that is said of its concepts. Raises `EconSecError`."""
    query = Query(_CONCEPTS % {"scheme": str(iri(resource.iri))})
    found = await rows(backend, query)
    statements = tuple(
        Statement(
            subject=named(row["concept"]),
            predicate=named(row["predicate"]),
            object=named(row["object"]),
            graphs=(row["graph"]["value"],),
        )
        for row in found[:_MOST]
    )
    return replace(
        resource,
        leading=(*resource.leading, *statements),
        is_truncated=resource.is_truncated or len(found) > _MOST,
    )
