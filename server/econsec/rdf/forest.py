"""A graph seen as named subjects with trees of anonymous nodes hanging from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from econsec.errors import InvalidInput
from econsec.rdf.namespaces import RDF

__all__ = ["Forest", "Object", "Subject"]

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal
_Properties = dict[NamedNode, dict[Object, None]]

_FIRST, _REST, _NIL = RDF("first"), RDF("rest"), RDF("nil")


class Forest:
    """The distinct triples of a graph, by subject and predicate.

    Raises `InvalidInput` on a triple term (RDF 1.2): bracket notation cannot
    hold the blank nodes inside one.
    """

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self._subjects: dict[Subject, _Properties] = {}
        self._parents: dict[BlankNode, list[Subject]] = {}
        for triple in triples:
            self._add(triple)

    def _add(self, triple: Triple | Quad) -> None:
        subject, predicate, object = triple.subject, triple.predicate, triple.object
        if isinstance(subject, Triple) or isinstance(object, Triple):
            raise InvalidInput(
                "triple terms (RDF 1.2) have no canonical form here",
                remedy="give the statement an IRI of its own and describe that",
            )
        objects = self._subjects.setdefault(subject, {}).setdefault(predicate, {})
        if object not in objects:
            objects[object] = None
            if isinstance(object, BlankNode):
                self._parents.setdefault(object, []).append(subject)

    def roots(self) -> list[Subject]:
        """The subjects that stand on their own: those with IRIs, and anonymous ones that
        nothing refers to."""
        return [subject for subject in self._subjects if subject not in self._parents]

    def properties(self, subject: Subject) -> Mapping[NamedNode, Iterable[Object]]:
        """What is said of the subject, in the order it was read."""
        return self._subjects.get(subject, {})

    def collection(self, head: BlankNode) -> list[Object] | None:
        """The members of a well-formed RDF collection, else `None` (RDF Schema 1.1, 5.2)."""
        members: list[Object] = []
        cell: Object = head
        while cell != _NIL:
            properties = self._subjects.get(cell, {}) if isinstance(cell, BlankNode) else {}
            if properties.keys() != {_FIRST, _REST}:
                return None
            first, rest = list(properties[_FIRST]), list(properties[_REST])
            if len(first) > 1 or len(rest) > 1:
                return None
            members.append(first[0])
            cell = rest[0]
        return members

    def shared(self) -> BlankNode | None:
        """An anonymous node that two statements refer to, if there is one."""
        return next((node for node, parents in self._parents.items() if len(parents) > 1), None)

    def circular(self) -> BlankNode | None:
        """An anonymous node that leads back to itself, if there is one.

        Precondition: no node is `shared`, so each has at most one parent.
        """
        rooted: set[Subject] = set()
        for node in self._parents:
            path: set[Subject] = set()
            above: Subject = node
            while isinstance(above, BlankNode) and above in self._parents and above not in rooted:
                if above in path:
                    return node
                path.add(above)
                above = self._parents[above][0]
            rooted |= path
        return None
