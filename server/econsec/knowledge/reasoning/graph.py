"""One named graph of a store, read node by node."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.expressions import Node, Term
from econsec.knowledge.reasoning.naming import short
from econsec.rdf.namespaces import RDF

__all__ = ["GraphReader"]

_FIRST, _REST, _NIL, _TYPE = RDF("first"), RDF("rest"), RDF("nil"), RDF("type")


class GraphReader:
    """Reads the graph `iri` of `store`; what it returns is sorted, blank nodes last."""

    def __init__(self, store: Store, iri: NamedNode) -> None:
        self._store = store
        self.iri = iri

    def statements(self, predicate: NamedNode) -> list[tuple[Node, Term]]:
        """Subjects and objects of one predicate."""
        found = self._store.quads_for_pattern(None, predicate, None, self.iri)
        return sorted(((_node(q.subject), q.object) for q in found), key=_order)

    def instances(self, cls: NamedNode) -> list[Node]:
        """Subjects of `rdf:type cls`."""
        found = self._store.quads_for_pattern(None, _TYPE, cls, self.iri)
        return sorted((_node(q.subject) for q in found), key=_blank_last)

    def objects(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """All values of one predicate of one node."""
        return sorted((q.object for q in self._about(subject, predicate)), key=_blank_last)

    def value(self, subject: Node, predicate: NamedNode) -> Term | None:
        """The only value; raises `InvalidInput` if there are several."""
        found = self.objects(subject, predicate)
        if len(found) > 1:
            raise InvalidInput(f"{short(subject)} has {len(found)} values of {short(predicate)}")
        return found[0] if found else None

    def items(self, head: Term) -> tuple[Term, ...]:
        """The members of an RDF list; raises `InvalidInput` where it is broken or circular."""
        return tuple(self._walk(head))

    def _walk(self, head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while head != _NIL:
            first = self.value(head, _FIRST) if isinstance(head, NamedNode | BlankNode) else None
            rest = self.value(head, _REST) if isinstance(head, NamedNode | BlankNode) else None
            if first is None or rest is None or head in seen:
                raise InvalidInput(
                    f"a list in {short(self.iri)} is broken at {short(head)}",
                    remedy="write it in parentheses, as Turtle does: ( es:A es:B )",
                )
            seen.add(head)
            yield first
            head = rest

    def _about(self, subject: Node, predicate: NamedNode) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, predicate, None, self.iri)


def _node(term: Term) -> Node:
    if isinstance(term, NamedNode | BlankNode):
        return term
    raise InvalidInput(f"{term} cannot be the subject of an axiom")


def _blank_last(term: Term) -> tuple[bool, str]:
    return isinstance(term, BlankNode), str(term)


def _order(statement: tuple[Node, Term]) -> tuple[tuple[bool, str], tuple[bool, str]]:
    return _blank_last(statement[0]), _blank_last(statement[1])
