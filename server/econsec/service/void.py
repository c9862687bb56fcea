"""The VoID description of the data set (https://www.w3.org/TR/void/), from its own numbers.

The datatypes of a property are partitions by http://ldf.fi/void-ext#, which VoID
itself has no terms for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from econsec.engine.store import GraphSize
from econsec.rdf.formats import Form, offered
from econsec.rdf.namespaces import (
    BASE,
    DCTERMS,
    FILE_FORMATS,
    FOAF,
    PREFIXES,
    RDF,
    RDFS,
    VOID,
    VOID_EXT,
)
from econsec.rdf.statements import Iri, Statements, iri, literal
from econsec.service.catalogue import Manifested
from econsec.service.description import format_name
from econsec.service.documents import node, term
from econsec.service.statistics import URI_SPACE, Counts, Links, PropertyUse

__all__ = ["PATH", "Described", "dataset_of", "describe"]

PATH = "/.well-known/void"
_FLAT = "The properties of each class are not counted: the data set is too large for it."
_TITLE = {"en": "What the EconSec data set consists of", "ja": "EconSecデータセットの構成"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a description is of; `root` is what stands before the paths of the service.

    `graphs` are all graphs with their sizes, `dumps` the URLs of the files.
    """

    root: str
    manifested: Manifested
    counts: Counts
    graphs: Sequence[GraphSize]
    dumps: Sequence[str]

    def part(self, *names: str) -> Iri:
        """A node of the description itself, the same one for the same names."""
        kind, *rest = names
        mark = hashlib.sha256(" ".join(rest).encode()).hexdigest()[:12]
        return iri(f"{self.root}{PATH}#{kind}-{mark}")


def dataset_of(manifested: Manifested, root: str) -> Iri:
    """The data set by the IRI that its manifest has for it, else by one of the service."""
    return iri(manifested.iri or f"{root}{PATH}#dataset")


def describe(described: Described) -> Statements:
    """The description as RDF."""
    found = Statements()
    dataset = dataset_of(described.manifested, described.root)
    document = iri(described.root + PATH)
    found.add(document, RDF("type"), VOID("DatasetDescription"), FOAF("Document"))
    found.add(document, DCTERMS("title"), *(literal(t, language=k) for k, t in _TITLE.items()))
    found.add(document, FOAF("primaryTopic"), dataset)
    found.add(dataset, RDF("type"), VOID("Dataset"))
    _add_counts(found, described, dataset)
    _add_access(found, described, dataset)
    for use in described.counts.properties:
        _add_property(found, described, dataset, use, within="")
    for each in described.counts.classes:
        partition = described.part("class", each.iri)
        found.add(dataset, VOID("classPartition"), partition)
        found.add(partition, VOID("class"), iri(each.iri))
        found.add(partition, VOID("entities"), literal(each.entities))
        for use in each.properties:
            _add_property(found, described, partition, use, within=each.iri)
    for links in described.counts.links:
        _add_links(found, described, dataset, links)
    _add_graphs(found, described, dataset)
    return found.by_subject()


def _add_counts(found: Statements, described: Described, dataset: Iri) -> None:
    counts = described.counts
    numbers = {
        "triples": counts.triples,
        "entities": counts.entities,
        "distinctSubjects": counts.subjects,
        "distinctObjects": counts.objects,
        "classes": len(counts.classes),
        "properties": len(counts.properties),
    }
    for name, number in numbers.items():
        found.add(dataset, VOID(name), literal(number))
    if not counts.is_detailed:
        found.add(dataset, RDFS("comment"), literal(_FLAT, language="en"))


def _add_access(found: Statements, described: Described, dataset: Iri) -> None:
    found.add(dataset, VOID("uriSpace"), literal(URI_SPACE))
    found.add(dataset, VOID("exampleResource"), *map(iri, described.counts.examples))
    found.add(dataset, VOID("sparqlEndpoint"), iri(f"{described.root}/sparql"))
    found.add(dataset, VOID("dataDump"), *map(iri, described.dumps))
    formats = (FILE_FORMATS(format_name(format)) for format in offered(Form.GRAPH))
    found.add(dataset, VOID("feature"), *formats)
    found.add(dataset, VOID("vocabulary"), *map(iri, _vocabularies(described.counts)))


def _add_property(
    found: Statements, described: Described, whole: Iri, use: PropertyUse, *, within: str
) -> None:
    partition = described.part("property", use.iri, within)
    found.add(whole, VOID("propertyPartition"), partition)
    found.add(partition, VOID("property"), iri(use.iri))
    found.add(partition, VOID("triples"), literal(use.triples))
    if use.subjects is not None and use.objects is not None:
        found.add(partition, VOID("distinctSubjects"), literal(use.subjects))
        found.add(partition, VOID("distinctObjects"), literal(use.objects))
    for datatype, triples in use.datatypes.items():
        part = described.part("datatype", use.iri, within, datatype)
        found.add(partition, VOID_EXT("datatypePartition"), part)
        found.add(part, VOID_EXT("datatype"), iri(datatype))
        found.add(part, VOID("triples"), literal(triples))


def _add_links(found: Statements, described: Described, dataset: Iri, links: Links) -> None:
    linkset = described.part("links", links.predicate, links.target)
    target = described.part("target", links.target)
    found.add(dataset, VOID("subset"), linkset)
    found.add(linkset, RDF("type"), VOID("Linkset"))
    found.add(linkset, VOID("linkPredicate"), iri(links.predicate))
    found.add(linkset, VOID("subjectsTarget"), dataset)
    found.add(linkset, VOID("objectsTarget"), target)
    found.add(linkset, VOID("triples"), literal(links.triples))
    found.add(target, RDF("type"), VOID("Dataset"))
    found.add(target, VOID("uriSpace"), literal(links.target))


def _add_graphs(found: Statements, described: Described, dataset: Iri) -> None:
    """The manifest as it is, and the number of triples of each graph."""
    for entry in described.manifested.entries:
        found.add(node(entry.subject), iri(entry.predicate), term(entry.object))
    for size in described.graphs:
        if size.iri is not None:
            graph = iri(size.iri)
            found.add(dataset, VOID("subset"), graph)
            found.add(graph, RDF("type"), VOID("Dataset"))
            found.add(graph, VOID("triples"), literal(size.triples))


def _vocabularies(counts: Counts) -> list[str]:
    """The namespaces of the classes and properties, as far as they are known or can be told."""
    used = [*(each.iri for each in counts.classes), *(each.iri for each in counts.properties)]
    return sorted({_namespace(each, PREFIXES.values()) for each in used})


def _namespace(name: str, known: Iterable[str]) -> str:
    fitting = [each for each in known if name.startswith(each) and each != BASE]
    cut = max(name.rfind("#"), name.rfind("/")) + 1
    return max(fitting, key=len, default=name[:cut] or name)
