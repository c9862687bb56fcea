"""Graphs of a SPARQL endpoint elsewhere, read whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence

from econsec.engine.store import Query
from econsec.errors import InvalidInput, NotAvailable
from econsec.knowledge.manifest import graph_name
from econsec.knowledge.reading import Document, document
from econsec.rdf.formats import JSON, N_TRIPLES
from econsec.service.endpoint import ask
from econsec.service.query import Choice

__all__ = ["fetched"]

_PATTERN = "{ ?s ?p ?o }"


def fetched(endpoint: str, graphs: Sequence[str]) -> list[Document]:
    """The graphs of an endpoint, or without any named its default graph.

    Many endpoints cut long answers without a word, so that each graph is counted too.
    Raises `InvalidInput` on a graph that is not there, `NotAvailable` on an answer that
    is not whole, and what `service.endpoint.ask` raises.
    """
    if not graphs:
        # A default graph may be a union, in which a triple counts more than once.
        counted = f"{{ SELECT DISTINCT ?s ?p ?o {_PATTERN} }}"
        return [_read(endpoint, endpoint, _PATTERN, counted=counted)]
    found = []
    for graph in dict.fromkeys(graphs):
        within = f"{{ GRAPH {graph_name(graph)} {_PATTERN} }}"
        read = _read(endpoint, graph, within, counted=within)
        if not read.data:
            raise InvalidInput(f"there is no graph {graph}, or it is empty", source=endpoint)
        found.append(read)
    return found


def _read(endpoint: str, name: str, pattern: str, *, counted: str) -> Document:
    construct = Query(f"CONSTRUCT {_PATTERN} WHERE {pattern}")
    body = ask(construct, _the(N_TRIPLES.name), endpoint=endpoint).body
    found = document(body.strip(), name=name, format=N_TRIPLES, base=name)
    sent, there = len({*found.quads()}), _count(endpoint, counted)
    if sent < there:
        raise NotAvailable(
            f"of {there} triples in {name} the endpoint sends {sent}: its answer is cut",
            source=endpoint,
            remedy="validate a dump of it",
        )
    return found


def _count(endpoint: str, pattern: str) -> int:
    count = Query(f"SELECT (COUNT(*) AS ?n) WHERE {pattern}")
    rows = json.loads(ask(count, _the(JSON.name), endpoint=endpoint).body)["results"]["bindings"]
    return int(rows[0]["n"]["value"])


def _the(name: str) -> Choice:
    return lambda offered: next(format for format in offered if format.name == name)
