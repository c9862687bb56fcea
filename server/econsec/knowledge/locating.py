"""Where the focus nodes of a report stand in the documents that were validated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode

from econsec.knowledge.reading import Document
from econsec.knowledge.reports import Place, Report

__all__ = ["locate", "places_of"]


def locate(report: Report, documents: Iterable[Document]) -> Report:
    """The report with the place of each result whose focus node a document describes.

    Of several documents that describe a node, the first is named. Precondition: the
    documents have been read without an error.
    """
    wanted = {r.focus for r in report.results if isinstance(r.focus, NamedNode | BlankNode)}
    places = places_of(wanted, documents)
    results = (
        replace(result, place=places.get(result.focus, result.place))
        if isinstance(result.focus, NamedNode | BlankNode)
        else result
        for result in report.results
    )
    return replace(report, results=tuple(results))


def places_of(
    nodes: Iterable[NamedNode | BlankNode], documents: Iterable[Document]
) -> dict[NamedNode | BlankNode, Place]:
    """The first place at which each node is described, for those that are."""
    wanted = set(nodes)
    places: dict[NamedNode | BlankNode, Place] = {}
    for document in documents:
        for node, line in document.lines_of(wanted - places.keys()).items():
            places[node] = Place(document.name, line)
    return places
