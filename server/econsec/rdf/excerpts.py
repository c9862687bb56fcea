"""Parts of a graph: what is said of some of its subjects, and the blank nodes that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from econsec.errors import InvalidInput
from econsec.rdf.formats import JSON_LD, TURTLE, Format
from econsec.rdf.json_ld import Context, compacted
from econsec.rdf.namespaces import PREFIXES
from econsec.rdf.statements import Iri, Node
from econsec.rdf.turtle import serialise

__all__ = ["Parts", "Statement", "of_file", "written"]

Statement = Triple


class Parts:
    """A graph by its subjects."""

    def __init__(self, n_triples: bytes) -> None:
        self._said: dict[object, list[Triple]] = {}
        self._inner: set[object] = set()
        for quad in parse(n_triples, RdfFormat.N_TRIPLES):
            self._said.setdefault(quad.subject, []).append(quad.triple)
            if isinstance(quad.object, BlankNode):
                self._inner.add(quad.object)

    def all(self) -> list[Triple]:
        """The whole graph."""
        return [triple for triples in self._said.values() for triple in triples]

    def holds(self, triples: Iterable[Triple]) -> bool:
        """Whether these are all in the graph, as far as that can be said of them one by one."""
        known = {*self.all()}
        return all(
            triple in known
            for triple in triples
            if not isinstance(triple.subject, BlankNode)
            and not isinstance(triple.object, BlankNode)
        )

    def subjects(self, predicate: Iri, value: Iri) -> set[str]:
        """The IRIs of which `predicate` has `value`."""
        return {
            triple.subject.value
            for triple in self.all()
            if triple.predicate == predicate
            and triple.object == value
            and isinstance(triple.subject, NamedNode)
        }

    def about(self, iris: Collection[str]) -> list[Triple]:
        """What is said of `iris`, and the statements without a name that are about them alone."""
        wanted = {NamedNode(each) for each in iris}
        found = [triple for each in wanted for triple in self._reached(each)]
        for subject in self._said:
            if isinstance(subject, BlankNode) and subject not in self._inner:
                axiom = [*self._reached(subject)]
                if any(triple.object in wanted for triple in axiom):
                    found += axiom
        return found

    def _reached(self, start: Node) -> Iterator[Triple]:
        waiting, seen = [start], {start}
        while waiting:
            for triple in self._said.get(waiting.pop(), ()):
                yield triple
                if isinstance(triple.object, BlankNode) and triple.object not in seen:
                    seen.add(triple.object)
                    waiting.append(triple.object)


def of_file(path: Path) -> list[Triple]:
    """What a Turtle file states. Precondition: it is one of ours."""
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


def written(triples: Iterable[Triple], format: Format, *, context: Context, named: str) -> bytes:
    """The document: canonical Turtle, JSON-LD by the context that is `named`, or any other."""
    ordered = sorted(triples, key=str)
    if format.engine == JSON_LD.engine:
        return compacted(ordered, context, named=named).encode()
    if format.engine == TURTLE.engine:
        try:
            return serialise(ordered).encode()
        except InvalidInput:
            pass  # blank nodes that brackets cannot express
    document: bytes = serialize(ordered, format=format.engine, prefixes=PREFIXES)  # type: ignore
    return document
