"""The view of a data set that an OWL 2 DL reasoner can read.

HermiT stops at every datatype outside the OWL 2 datatype map, and a date is
outside. What is taken away here can only make the view say less: whatever is
found inconsistent in it is inconsistent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from econsec.knowledge.reasoning.axioms import Terminology
from econsec.knowledge.reasoning.expressions import Named
from econsec.rdf.namespaces import OWL, RDF, RDFS, XSD

__all__ = ["UNSUPPORTED_DATATYPES", "View", "ontology_view", "whole_view"]

UNSUPPORTED_DATATYPES = frozenset(
    XSD(name)
    for name in (
        "date",
        "time",
        "gYear",
        "gYearMonth",
        "gMonth",
        "gMonthDay",
        "gDay",
        "duration",
        "dayTimeDuration",
        "yearMonthDuration",
    )
)
"""XML Schema datatypes that are not in the OWL 2 datatype map (OWL 2 Syntax, 4)."""

_TYPE = RDF("type")
_PROPERTY_KINDS = frozenset(
    OWL(name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)


@dataclass(frozen=True, slots=True)
class View:
    """Triples without dates, without ontology headers, with every term declared."""

    triples: tuple[Triple, ...]

    @property
    def classes(self) -> int:
        """How many classes with an IRI are declared."""
        return len(
            {
                triple.subject
                for triple in self.triples
                if isinstance(triple.subject, NamedNode)
                and (triple.predicate, triple.object) == (_TYPE, OWL("Class"))
            }
        )

    @property
    def links(self) -> int:
        """How many triples have no literal: those that a reader may not lose or change."""
        return sum(not isinstance(triple.object, Literal) for triple in self.triples)

    def ntriples(self) -> bytes:
        """The view as an N-Triples document."""
        written = serialize(self.triples, format=RdfFormat.N_TRIPLES)
        assert written is not None
        return written


def whole_view(store: Store, terminology: Terminology, *, inferred: NamedNode) -> View:
    """The default graph without the triples of the graph `inferred`."""
    return _view(
        (
            quad
            for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
            if Quad(quad.subject, quad.predicate, quad.object, inferred) not in store
        ),
        terminology,
    )


def ontology_view(store: Store, terminology: Terminology, *, tbox: NamedNode) -> View:
    """The graph `tbox`."""
    return _view(store.quads_for_pattern(None, None, None, tbox), terminology)


def _view(quads: Iterable[Quad], terminology: Terminology) -> View:
    triples = [quad.triple for quad in quads]
    # Headers hold imports, which must not be fetched, and notes.
    headers = {
        triple.subject
        for triple in triples
        if (triple.predicate, triple.object) == (_TYPE, OWL("Ontology"))
    }
    kept = [
        _readable(triple)
        for triple in triples
        if triple.subject not in headers and not _has_unsupported_literal(triple)
    ]
    return View(tuple(sorted({*kept, *_declarations(kept, terminology)}, key=str)))


def _has_unsupported_literal(triple: Triple) -> bool:
    value = triple.object
    return isinstance(value, Literal) and value.datatype in UNSUPPORTED_DATATYPES


def _readable(triple: Triple) -> Triple:
    """`rdfs:range xsd:date` says no more than that there is a literal."""
    if triple.object in UNSUPPORTED_DATATYPES:
        return Triple(triple.subject, triple.predicate, RDFS("Literal"))
    return triple


def _declarations(triples: Iterable[Triple], terminology: Terminology) -> Iterator[Triple]:
    """Declare what the axioms use: the OWL API takes an undeclared property for an annotation."""
    for expression in terminology.expressions():
        if isinstance(expression, Named) and not expression.node.value.startswith(OWL):
            yield Triple(expression.node, _TYPE, OWL("Class"))
    kinds = {
        triple.subject: triple.object
        for triple in triples
        if triple.predicate == _TYPE and triple.object in _PROPERTY_KINDS
    }
    with_literals = {t.predicate for t in triples if isinstance(t.object, Literal)}
    for iri in {prop.iri for prop in terminology.properties()} - set(kinds):
        if iri.value.startswith(RDFS):
            continue
        kin = (kinds[other] for other in _kin(iri, terminology) if other in kinds)
        used_as = OWL("DatatypeProperty" if iri in with_literals else "ObjectProperty")
        yield Triple(iri, _TYPE, next(kin, used_as))


def _kin(iri: NamedNode, terminology: Terminology) -> Iterator[NamedNode]:
    """The properties that stand in one inclusion with `iri`: they are of its kind."""
    for inclusion in terminology.property_inclusions:
        group = [prop.iri for prop in (*inclusion.chain, inclusion.sup)]
        if iri in group:
            yield from group
