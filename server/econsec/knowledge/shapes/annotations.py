"""What the shapes say of a constraint beyond SHACL: its kind, the law behind it, and a remedy."""

from __future__ import annotations

from datetime import date

from pyoxigraph import Literal, NamedNode

from econsec.knowledge.reports import Finding, LegalBasis, Term, Texts
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.rdf.namespaces import ESH, RDFS, SKOS

__all__ = ["basis_of", "finding_of", "texts_about"]


def finding_of(raw: RawResult, shapes: ShapesGraph) -> Finding | None:
    """The kind of fault, where the constraint or its shape names one."""
    kinds = (
        Finding.of(value.value)
        for value in _annotated(raw, shapes, ESH("finding"))
        if isinstance(value, NamedNode)
    )
    return next((kind for kind in kinds if kind is not None), None)


def texts_about(raw: RawResult, shapes: ShapesGraph, predicate: NamedNode) -> Texts:
    """What is said by language of the constraint, else of its shape: a name, a remedy."""
    for source in (raw.constraint, raw.shape):
        if source is not None and shapes.objects(source, predicate):
            return shapes.texts(source, predicate)
    return {}


def basis_of(raw: RawResult, shapes: ShapesGraph) -> tuple[LegalBasis, ...]:
    """The provisions of the constraint or its shape, else of the shape with targets above it."""
    found = _annotated(raw, shapes, ESH("legalBasis")) or shapes.objects(
        raw.root, ESH("legalBasis")
    )
    return tuple(
        _provision(iri, shapes) for iri in sorted(found, key=str) if isinstance(iri, NamedNode)
    )


def _annotated(raw: RawResult, shapes: ShapesGraph, predicate: NamedNode) -> tuple[Term, ...]:
    for source in (raw.constraint, raw.shape):
        if source is not None and (found := shapes.objects(source, predicate)):
            return found
    return ()


def _provision(iri: NamedNode, shapes: ShapesGraph) -> LegalBasis:
    act, source = shapes.value(iri, ESH("act")), shapes.value(iri, RDFS("seeAlso"))
    article = shapes.value(iri, ESH("article"))
    return LegalBasis(
        iri=iri,
        label=shapes.texts(iri, SKOS("prefLabel")),
        act=act if isinstance(act, NamedNode) else None,
        article=article.value if isinstance(article, Literal) else None,
        in_force_from=_day(shapes.value(iri, ESH("inForceFrom"))),
        source=source if isinstance(source, NamedNode) else None,
    )


def _day(term: Term | None) -> date | None:
    try:
        return date.fromisoformat(term.value) if isinstance(term, Literal) else None
    except ValueError:
        return None
