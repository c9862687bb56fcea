"""The SPARQL 1.1 Service Description: what this endpoint offers, and what it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import Field, dataclass, fields
from typing import Any

from econsec.engine.publication import Publication
from econsec.engine.store import GraphSize
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.formats import READABLE, Form, Format, offered
from econsec.rdf.namespaces import (
    DCTERMS,
    ENTAILMENT,
    FILE_FORMATS,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SPARQL,
    VOID,
)
from econsec.rdf.statements import Iri, Statements, Term, iri, literal
from econsec.settings import Settings

__all__ = ["Described", "describe", "format_name", "published"]

_FORMAT_NAMES = {
    "JSON": "SPARQL_Results_JSON",
    "XML": "SPARQL_Results_XML",
    "CSV": "SPARQL_Results_CSV",
    "TSV": "SPARQL_Results_TSV",
    "RDF/XML": "RDF_XML",
}
"""The formats whose names at w3.org/ns/formats are not ours."""

_UNITS = {
    "_bytes": "bytes",
    "_seconds": "seconds",
    "_rows": "rows",
    "_triples": "triples",
    "_reads": "triples read",
}
_SERVICE = {
    "en": "Queries are matched against the triples that are stored (simple entailment); no "
    "entailment regime is claimed. SERVICE and LOAD are refused: nothing is fetched. The "
    "properties below are the limits; a request that passes one is told which.",
    "ja": "クエリは格納されたトリプルとそのまま照合される(単純含意)。含意レジームは提供しない。"
    "SERVICE と LOAD は拒否され、外部からは何も取得しない。以下のプロパティは制限値であり、"
    "超えた要求にはどの制限かを知らせる。",
}
_MERGE = {
    "en": "An RDF merge, not a union: each triple of the published named graphs stands here once, "
    "with what follows from the ontology by rules of OWL 2 RL; infer=false leaves the inferred "
    "triples out. The service derives it from the named graphs; it cannot be written to.",
    "ja": "和集合ではなく RDF マージである。公開された名前付きグラフの各トリプルが一度だけ現れ、"
    "OWL 2 RL の規則によりオントロジーから導かれるトリプルが加わる。infer=false を指定すると"
    "推論されたトリプルは除かれる。サービスが名前付きグラフから導出するため、書き込みはできない。",
}
_PLAIN = {
    "en": "The triples that stand in no named graph; nothing is derived.",
    "ja": "どの名前付きグラフにも属さないトリプル。推論は行わない。",
}
_INFERRED = {
    "en": "What follows from the other graphs by the rules, and is not stated in any of them.",
    "ja": "規則によって他のグラフから導かれ、どのグラフにも明示されていないトリプル。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a description is of: an endpoint (its URL), its settings, and the data behind it."""

    endpoint: str
    settings: Settings
    publication: Publication
    graphs: Sequence[GraphSize]
    is_writable: bool


def describe(described: Described) -> Statements:
    """The description as RDF. The graphs are named by fragments of the endpoint's URL."""
    found = Statements()
    service = _part(described, "service")
    found.add(service, RDF("type"), SD("Service"))
    found.add(service, SD("endpoint"), iri(described.endpoint))
    found.add(service, SD("supportedLanguage"), *_languages(described))
    found.add(service, SD("supportedVersion"), SPARQL("version-1.1"), SPARQL("version-1.2"))
    found.add(service, SD("resultFormat"), *_formats(_results()))
    if described.is_writable:
        found.add(service, SD("inputFormat"), *_formats(READABLE))
    found.add(service, SD("feature"), SD("EmptyGraphs"))
    found.add(service, SD("defaultEntailmentRegime"), ENTAILMENT("Simple"))
    found.add(service, RDFS("comment"), *_texts(_SERVICE))
    found.add(service, SD("defaultDataset"), _part(described, "dataset"))
    _add_dataset(found, described)
    _add_limits(found, described)
    return found


def published(settings: Settings) -> tuple[Field[Any], ...]:
    """The settings that are limits: whatever is a number, but not an address."""
    return tuple(
        setting
        for setting in fields(settings)
        if setting.name != "port" and isinstance(getattr(settings, setting.name), int | float)
    )


def _add_dataset(found: Statements, described: Described) -> None:
    dataset = _part(described, "dataset")
    found.add(dataset, RDF("type"), SD("Dataset"))
    found.add(dataset, OWL("versionInfo"), literal(str(described.publication.commit)))
    if described.publication.time is not None:
        found.add(dataset, DCTERMS("modified"), literal(described.publication.time))
    named = [size for size in described.graphs if size.iri is not None]
    for size in described.graphs:
        if size.iri is None:
            default = _part(described, "default-graph")
            found.add(dataset, SD("defaultGraph"), default)
            _add_default_graph(found, described, graph=default, triples=size.triples)
    nodes = [_part(described, f"graph-{number}") for number in range(1, len(named) + 1)]
    found.add(dataset, SD("namedGraph"), *nodes)
    for node, size in zip(nodes, named, strict=True):
        _add_named_graph(found, described, node=node, size=size)


def _add_default_graph(
    found: Statements, described: Described, *, graph: Iri, triples: int
) -> None:
    is_merge = described.settings.default_graph == "merge"
    found.add(graph, RDF("type"), SD("Graph"))
    found.add(graph, VOID("triples"), literal(triples))
    found.add(graph, RDFS("comment"), *_texts(_MERGE if is_merge else _PLAIN))


def _add_named_graph(
    found: Statements, described: Described, *, node: Iri, size: GraphSize
) -> None:
    content = iri(f"{node.value}-content")
    found.add(node, RDF("type"), SD("NamedGraph"))
    found.add(node, SD("name"), iri(str(size.iri)))
    found.add(node, SD("graph"), content)
    found.add(content, RDF("type"), SD("Graph"))
    found.add(content, VOID("triples"), literal(size.triples))
    if size.iri == INFERRED.value:
        commit = str(described.publication.inferred_at)
        found.add(content, OWL("versionInfo"), literal(commit))
        found.add(content, RDFS("comment"), *_texts(_INFERRED))


def _add_limits(found: Statements, described: Described) -> None:
    service = _part(described, "service")
    for setting in published(described.settings):
        limit = _part(described, setting.name)
        found.add(service, SCHEMA("additionalProperty"), limit)
        found.add(limit, RDF("type"), SCHEMA("PropertyValue"))
        found.add(limit, SCHEMA("name"), literal(setting.name))
        found.add(limit, SCHEMA("value"), literal(getattr(described.settings, setting.name)))
        for suffix, unit in _UNITS.items():
            if setting.name.endswith(suffix):
                found.add(limit, SCHEMA("unitText"), literal(unit))


def _languages(described: Described) -> Iterator[Term]:
    # SPARQL 1.2 names the language here and its version apart; 1.1 knows both as one.
    yield from (SD("SPARQLQuery"), SD("SPARQL11Query"))
    if described.is_writable:
        yield from (SD("SPARQLUpdate"), SD("SPARQL11Update"))


def _results() -> tuple[Format, ...]:
    return (*offered(Form.SOLUTIONS), *offered(Form.GRAPH))


def _formats(formats: Iterable[Format]) -> Iterator[Term]:
    for format in formats:
        yield FILE_FORMATS(format_name(format))


def format_name(format: Format) -> str:
    """The name of a format in w3.org/ns/formats."""
    return _FORMAT_NAMES.get(format.name, format.name)


def _texts(texts: dict[str, str]) -> Iterator[Term]:
    for language, text in texts.items():
        yield literal(text, language=language)


def _part(described: Described, name: str) -> Iri:
    return iri(f"{described.endpoint}#{name}")
