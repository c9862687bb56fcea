"""The engine's terms as rdflib's and back: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from econsec.errors import Refused
from econsec.knowledge.lexical import is_well_formed
from econsec.knowledge.reports import Term
from econsec.rdf.namespaces import XSD

__all__ = ["as_graph", "from_rdflib", "to_rdflib"]

_STRING = XSD("string")


class _IllTyped(RdflibLiteral):
    """A literal that says that its text is not of its datatype.

    rdflib would take `"1e3"^^xsd:decimal` for well-formed, and complain in the
    log about what it does notice.
    """

    __slots__ = ()

    @classmethod
    def of(cls, literal: Literal) -> _IllTyped:
        """The same text and datatype, never converted to a value."""
        made = cls(literal.value)
        made._datatype = URIRef(literal.datatype.value)
        made._value = None
        return made

    @property
    def ill_typed(self) -> bool:
        """Always; rdflib and pySHACL ask for it."""
        return True


def as_graph(statements: Iterable[Triple | Quad]) -> Graph:
    """The merge of the statements as one rdflib graph; every literal keeps its text.

    Raises `Refused` for a triple term, which RDF 1.1 and SHACL do not know.
    """
    graph = Graph()
    for statement in statements:
        subject, object = statement.subject, statement.object
        if isinstance(subject, Triple) or isinstance(object, Triple):
            raise Refused(f"triple terms are not validated: {statement}")
        graph.add((to_rdflib(subject), URIRef(statement.predicate.value), to_rdflib(object)))
    return graph


def to_rdflib(term: Term) -> URIRef | BNode | RdflibLiteral:
    """The rdflib term that is written alike."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language is not None:
        return RdflibLiteral(term.value, lang=term.language)
    if term.datatype == _STRING:
        return RdflibLiteral(term.value)
    if not is_well_formed(term):
        return _IllTyped.of(term)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def from_rdflib(node: Node) -> Term:
    """The engine's term that is written alike."""
    if isinstance(node, URIRef):
        return NamedNode(node)
    if isinstance(node, BNode):
        return BlankNode(node)
    if not isinstance(node, RdflibLiteral):
        raise TypeError(f"not an RDF term: {node!r}")
    if node.language is not None:
        return Literal(str(node), language=node.language)
    datatype = NamedNode(node.datatype) if node.datatype is not None else _STRING
    return Literal(str(node), datatype=datatype)
