"""What an ontology may not say, because the rules could not draw it.

OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL) reads some constructs
on one side of an inclusion only, and merges individuals for others. An axiom
that would be half drawn, or would merge, is refused by name: silence would
make the inferred graph look complete.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store

from econsec.errors import Refused
from econsec.knowledge.reasoning.axioms import Terminology
from econsec.knowledge.reasoning.expressions import (
    NOTHING,
    THING,
    And,
    Expression,
    MaxCardinality,
    Named,
    Not,
    Only,
    Opaque,
    Or,
    Some,
    render,
)
from econsec.knowledge.reasoning.graph import GraphReader
from econsec.knowledge.reasoning.naming import short
from econsec.rdf.namespaces import OWL, RDF, RDFS

__all__ = ["check"]

_REFUSED_TYPES = {
    "FunctionalProperty": "it merges values instead of reporting them; use sh:maxCount 1",
    "InverseFunctionalProperty": "it merges individuals; check identity with a shape",
    "ReflexiveProperty": "it is not in OWL 2 RL; state the pairs that are meant",
}
_REFUSED_PREDICATES = {
    "hasKey": "it merges individuals; check identity with a shape",
    "sameAs": "it merges individuals; use skos:exactMatch",
}
_ALLOWED_OWL_CLASSES = frozenset({THING.node, NOTHING.node, OWL("NamedIndividual")})
_RESERVED_RDFS = frozenset(
    RDFS(name) for name in ("subClassOf", "subPropertyOf", "domain", "range", "member")
)


def check(terminology: Terminology, *, store: Store, tbox: NamedNode) -> None:
    """Raise `Refused` with every axiom that the rules do not draw, and what to write instead."""
    found = [*_refused_statements(GraphReader(store, tbox)), *_refused_axioms(terminology)]
    if found:
        raise Refused(
            "the ontology says what the OWL 2 RL rules do not draw: "
            + "; ".join(dict.fromkeys(found)),
            source=tbox.value,
        )


def _refused_statements(graph: GraphReader) -> Iterator[str]:
    for name, reason in _REFUSED_TYPES.items():
        for node in graph.instances(OWL(name)):
            yield f"{short(node)} a owl:{name} ({reason})"
    for name, reason in _REFUSED_PREDICATES.items():
        for subject, value in graph.statements(OWL(name)):
            yield f"{short(subject)} owl:{name} {short(value)} ({reason})"


def _refused_axioms(terminology: Terminology) -> Iterator[str]:
    for inclusion in terminology.inclusions:
        for reason in (*_in_condition(inclusion.sub), *_in_consequence(inclusion.sup)):
            yield f"{inclusion.axiom} ({reason})"
    for membership in terminology.memberships:
        for reason in _in_consequence(membership.cls):
            yield f"{membership.axiom} ({reason})"
    for disjointness in terminology.disjoint_classes:
        for pair in disjointness.pairs:
            for reason in (*_in_condition(pair[0]), *_in_condition(pair[1])):
                yield f"{disjointness.axiom} ({reason})"
    yield from _refused_chains(terminology)
    yield from _reserved_terms(terminology)


def _in_condition(expression: Expression) -> Iterator[str]:
    """Why membership in `expression` could not be recognised."""
    match expression:
        case And(members=members) if set(members) != {THING}:
            for member in members:
                yield from _in_condition(member) if member != THING else ()
        case Or(members=members):
            for member in members:
                yield from _in_condition(member)
        case Some(filler=filler) if filler != THING:
            yield from _in_condition(filler)
        case And() | Named(node=THING.node):
            yield "it says something of everything there is"
        case Only() | Not() | MaxCardinality() | Opaque():
            yield (
                f"no rule recognises the members of {render(expression)}: "
                "say it one way, with rdfs:subClassOf from the condition to the class"
            )


def _in_consequence(expression: Expression) -> Iterator[str]:
    """Why what follows from membership in `expression` could not be drawn."""
    match expression:
        case And(members=members):
            for member in members:
                yield from _in_consequence(member)
        case Only(filler=filler):
            yield from _in_consequence(filler)
        case Not(operand=operand):
            yield from _in_condition(operand)
        case MaxCardinality(number=0, filler=filler) if filler != THING:
            yield from _in_condition(filler)
        case MaxCardinality(number=1):
            yield f"{render(expression)} merges individuals: use sh:maxCount 1"


def _refused_chains(terminology: Terminology) -> Iterator[str]:
    for inclusion in terminology.property_inclusions:
        recursive = len(inclusion.chain) > 1 and inclusion.sup in inclusion.chain
        if recursive and not inclusion.transitive:
            yield f"{inclusion.axiom} (the chain contains the property that it makes)"


def _reserved_terms(terminology: Terminology) -> Iterator[str]:
    for expression in terminology.expressions():
        if isinstance(expression, Named) and _is_reserved_class(expression.node):
            yield f"{render(expression)} in an axiom (it belongs to the language itself)"
    for prop in terminology.properties():
        if _is_reserved_property(prop.iri):
            yield f"{prop} in an axiom (it belongs to the language itself)"


def _is_reserved_class(iri: NamedNode) -> bool:
    return iri.value.startswith(OWL) and iri not in _ALLOWED_OWL_CLASSES


def _is_reserved_property(iri: NamedNode) -> bool:
    return iri.value.startswith((OWL, RDF)) or iri in _RESERVED_RDFS
