"""The RDF document about a thing: what is said of it, and what leads to it."""

from __future__ import annotations

from collections.abc import Iterator

from econsec.rdf.formats import Format
from econsec.rdf.namespaces import DCTERMS, FOAF, RDF, RDFS
from econsec.rdf.statements import Node, Statements, Term, blank, iri, literal
from econsec.service.about import Facts
from econsec.service.named import Named
from econsec.service.resources import Resource, Statement

__all__ = ["written"]


def written(resource: Resource, *, url: str, about: Facts, format: Format) -> bytes:
    """The document at `url`, each statement in its graphs where the format has graphs."""
    found = Statements()
    for statement in _in_order(resource):
        for graph in statement.graphs:
            found.add(
                _node(statement.subject),
                iri(statement.predicate.value),
                _term(statement.object),
                graph=iri(graph),
            )
    for name, labels in sorted(resource.labels.items()):
        if name != resource.iri:
            texts = (literal(text, language=tag or None) for tag, text in labels.items())
            found.add(iri(name), RDFS("label"), *texts)
    document = iri(url)
    found.add(document, RDF("type"), FOAF("Document"))
    found.add(document, FOAF("primaryTopic"), iri(resource.iri))
    if about.licence is not None:
        found.add(document, DCTERMS("license"), iri(about.licence))
    return found.written(format)


def _in_order(resource: Resource) -> Iterator[Statement]:
    """Statements about the thing first, then those of each other subject together."""
    own = [each for each in resource.said if each.subject.value == resource.iri]
    rest = [each for each in resource.said if each.subject.value != resource.iri]
    yield from sorted(own, key=_key)
    yield from sorted(rest, key=_key)
    yield from sorted(resource.leading, key=_key)


def _key(statement: Statement) -> tuple[str, bool, str, str]:
    is_type = statement.predicate.value == RDF("type").value
    return (
        statement.subject.value,
        not is_type,
        statement.predicate.value,
        statement.object.value,
    )


def _node(thing: Named) -> Node:
    return iri(thing.value) if thing.is_iri else blank(thing.value)


def _term(thing: Named) -> Term:
    if thing.is_literal:
        return literal(thing.value, language=thing.language, datatype=thing.datatype)
    return _node(thing)
