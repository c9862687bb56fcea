"""Where the focus nodes of a report stand in the documents that were validated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode, Triple

from econsec.knowledge.reading import Document
from econsec.knowledge.reports import Place, Report, Result
from econsec.rdf.namespaces import GRAPH

__all__ = ["UNNAMED", "locate", "places_of"]

UNNAMED = GRAPH("unnamed")
"""The graph, while data are judged, of what stands in none."""


def locate(report: Report, documents: Iterable[Document]) -> Report:
    """The report with the place of each result whose focus node a document describes.

    Of several documents that describe a node, the first is named. What a document says
    outside named graphs stands in no graph: its own address there is one of this machine.
    Precondition: the documents have been read without an error.
    """
    read = tuple(documents)
    wanted = {r.focus for r in report.results if isinstance(r.focus, NamedNode | BlankNode)}
    places = places_of(wanted, read)
    names = {NamedNode(each.base): each.name for each in read if each.base is not None}

    def located(result: Result) -> Result:
        place = result.place
        if isinstance(result.focus, NamedNode | BlankNode):
            place = places.get(result.focus, place)
        if result.graph == UNNAMED:
            return replace(result, graph=None, place=place)
        if result.graph in names:
            return replace(result, graph=None, place=place or Place(names[result.graph]))
        return replace(result, place=place)

    return replace(report, results=tuple(map(located, report.results)))


def places_of(
    nodes: Iterable[NamedNode | BlankNode], documents: Iterable[Document]
) -> dict[NamedNode | BlankNode, Place]:
    """The first place at which each node is described, for those that are.

    It has no line in a document whose syntax has none.
    """
    wanted = set(nodes)
    places: dict[NamedNode | BlankNode, Place] = {}
    for document in documents:
        open = wanted - places.keys()
        found = document.lines_of(open) or dict.fromkeys(_described(open, document))
        places |= {node: Place(document.name, line) for node, line in found.items()}
    return places


def _described(
    nodes: Collection[NamedNode | BlankNode], document: Document
) -> Iterator[NamedNode | BlankNode]:
    """Those of the nodes that a document says anything of."""
    if nodes:
        subjects = (quad.subject for quad in document.quads())
        yield from (node for node in subjects if not isinstance(node, Triple) and node in nodes)
