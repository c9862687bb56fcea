"""The RDF document about a thing: what is said of it, and what leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from econsec.knowledge.json_ld_context import CONTEXT
from econsec.rdf.formats import JSON_LD, Format
from econsec.rdf.json_ld import compacted
from econsec.rdf.namespaces import DCTERMS, FOAF, RDF, RDFS
from econsec.rdf.statements import Node, Statements, Term, blank, iri, literal
from econsec.service.about import Facts
from econsec.service.contexts import context
from econsec.service.named import Named
from econsec.service.resources import Resource, Statement

__all__ = ["embedded", "json_ld", "node", "term", "written"]


def written(resource: Resource, *, url: str, about: Facts, format: Format) -> bytes:
    """The document at `url`, each statement in its graphs where the format has graphs.

    JSON-LD is for programs that want a thing in short names: it says the same without graphs.
    """
    if format.name == JSON_LD.name:
        return json_ld(resource, url=url, about=about).encode()
    return _stated(resource, url=url, about=about).written(format)


def json_ld(resource: Resource, *, url: str, about: Facts) -> str:
    """The document as JSON-LD with our context, the thing first."""
    found = _stated(resource, url=url, about=about)
    return compacted(found.quads, context(), named=CONTEXT, first=iri(resource.iri))


def embedded(resource: Resource, *, url: str, about: Facts) -> str:
    """What is said of the thing alone, as JSON-LD to go with its page; the rest is linked.

    What leads to a thing is often a hundred times as much.
    """
    values = {each.object.value for each in resource.said if each.object.is_iri}
    labels = {name: resource.labels[name] for name in values & resource.labels.keys()}
    return json_ld(replace(resource, leading=(), labels=labels), url=url, about=about)


def node(thing: Named) -> Node:
    """An IRI or a blank node as RDF has it."""
    return iri(thing.value) if thing.is_iri else blank(thing.value)


def term(thing: Named) -> Term:
    """Anything as RDF has it."""
    if thing.is_literal:
        return literal(thing.value, language=thing.language, datatype=thing.datatype)
    return node(thing)


def _stated(resource: Resource, *, url: str, about: Facts) -> Statements:
    found = Statements()
    for statement in _in_order(resource):
        for graph in statement.graphs:
            found.add(
                node(statement.subject),
                iri(statement.predicate.value),
                term(statement.object),
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
    return found


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
