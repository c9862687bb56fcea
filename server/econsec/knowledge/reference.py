"""Reference pages in Markdown, written from the ontology, the query catalogue and the settings.

The pages say nothing that the sources do not: `econsec reference --check`
holds the committed pages against what the sources give today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from econsec.knowledge.catalogue import Parameter, QueryFile, read_catalogue
from econsec.knowledge.reading import read_document
from econsec.rdf.namespaces import ES, OWL, PREFIXES, RDF, RDFS, SKOS
from econsec.rdf.notation import short_iri
from econsec.settings import SETTINGS, Setting

__all__ = ["ontology_page", "pages", "queries_page", "settings_page"]

_NOTICE = "<!-- Written by `econsec reference`; do not edit by hand. -->"
_KINDS = (
    ("Classes", OWL("Class")),
    ("Object properties", OWL("ObjectProperty")),
    ("Datatype properties", OWL("DatatypeProperty")),
    ("Annotation properties", OWL("AnnotationProperty")),
    ("Individuals", OWL("NamedIndividual")),
)
_RELATIONS = (
    ("is a", RDFS("subClassOf")),
    ("sub-property of", RDFS("subPropertyOf")),
    ("inverse of", OWL("inverseOf")),
    ("domain", RDFS("domain")),
    ("range", RDFS("range")),
    ("disjoint with", OWL("disjointWith")),
)
_LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class _Source:
    """The ontology's triples, with the few look-ups that the page needs."""

    store: ox.Store

    def objects(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.NamedNode]:
        found = (q.object for q in self.store.quads_for_pattern(subject, predicate, None))
        return sorted((o for o in found if isinstance(o, ox.NamedNode)), key=str)

    def subjects(self, predicate: ox.NamedNode, value: ox.NamedNode) -> list[ox.NamedNode]:
        found = (q.subject for q in self.store.quads_for_pattern(None, predicate, value))
        return sorted((s for s in found if isinstance(s, ox.NamedNode)), key=str)

    def text(self, subject: ox.NamedNode, predicate: ox.NamedNode, language: str) -> str:
        for quad in self.store.quads_for_pattern(subject, predicate, None):
            if isinstance(quad.object, ox.Literal) and quad.object.language == language:
                return quad.object.value
        return ""

    def chains(self, term: ox.NamedNode) -> list[str]:
        heads = self.store.quads_for_pattern(term, OWL("propertyChainAxiom"), None)
        return sorted(" ∘ ".join(short_iri(n) for n in self._members(q.object)) for q in heads)

    def _members(self, head: object) -> Iterable[ox.NamedNode]:
        while isinstance(head, ox.BlankNode):
            first = next(self.store.quads_for_pattern(head, RDF("first"), None)).object
            if isinstance(first, ox.NamedNode):
                yield first
            head = next(self.store.quads_for_pattern(head, RDF("rest"), None)).object


def pages(root: Path) -> dict[str, str]:
    """The file name and text of each page, from the `ontology/` and `queries/` under `root`.

    Raises `InvalidInput` where one of them cannot be read.
    """
    documents = [read_document(path) for path in sorted((root / "ontology").glob("*.ttl"))]
    triples = [quad.triple for document in documents for quad in document.quads()]
    return {
        "ontology.md": ontology_page(triples),
        "queries.md": queries_page(read_catalogue(root / "queries")),
        "settings.md": settings_page(SETTINGS),
    }


def ontology_page(triples: Iterable[ox.Triple]) -> str:
    """The terms of the ontology by module, with labels, definitions and simple axioms."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    source = _Source(store)
    lines = ["# Ontology reference", "", _NOTICE, "", f"Namespace `es:` = `{ES}`.", ""]
    for module in source.subjects(RDF("type"), OWL("Ontology")):
        terms = source.subjects(RDFS("isDefinedBy"), module)
        if terms:
            lines += _module(source, module, terms)
    return "\n".join(lines).rstrip() + "\n"


def _module(source: _Source, module: ox.NamedNode, terms: Sequence[ox.NamedNode]) -> Iterable[str]:
    dcterms = PREFIXES["dcterms"]
    for part in ("title", "description"):
        pair = [source.text(module, ox.NamedNode(dcterms + part), lang) for lang in _LANGUAGES]
        yield f"## {' / '.join(pair)}" if part == "title" else "  \n".join(pair)
        yield ""
    for heading, kind in _KINDS:
        members = [term for term in terms if kind in source.objects(term, RDF("type"))]
        if members:
            yield from (f"### {heading}", "")
            for term in members:
                yield from _term(source, term)


def _term(source: _Source, term: ox.NamedNode) -> Iterable[str]:
    names = " / ".join(source.text(term, SKOS("prefLabel"), lang) for lang in _LANGUAGES)
    yield f"- **`{short_iri(term)}`** {names}  "
    for language in _LANGUAGES:
        yield f"  {source.text(term, SKOS('definition'), language)}  "
    axioms = [
        f"{name} " + ", ".join(f"`{short_iri(value)}`" for value in values)
        for name, relation in _RELATIONS
        if (values := source.objects(term, relation))
    ]
    if OWL("TransitiveProperty") in source.objects(term, RDF("type")):
        axioms.append("transitive")
    axioms += [f"follows from `{chain}`" for chain in source.chains(term)]
    if axioms:
        yield f"  *{'; '.join(axioms)}*"
    yield ""


def queries_page(catalogue: Mapping[str, Sequence[QueryFile]]) -> str:
    """The query catalogue by kind: name, title, description and parameters."""
    lines = ["# Query catalogue", "", _NOTICE, ""]
    for kind, queries in catalogue.items():
        lines += [f"## {kind.capitalize()} ({len(queries)})", ""]
        for query in queries:
            lines.append(f"- **`{query.name}`** {query.title['en']} / {query.title['ja']}  ")
            lines += [f"  {query.description['en']}  ", f"  {query.description['ja']}"]
            lines += [line for each in query.parameters for line in _parameter(each)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _parameter(parameter: Parameter) -> Iterable[str]:
    value = "required" if parameter.default is None else f"default `{parameter.default}`"
    yield f"  - `{parameter.name}` ({parameter.type}, {value})  "
    yield f"    {parameter.description['en']}  "
    yield f"    {parameter.description['ja']}"


def settings_page(settings: Iterable[Setting]) -> str:
    """The environment variables that set up the service."""
    lines = [
        "# Settings",
        _NOTICE,
        "Each is a variable of the environment. What is unknown or out of range stops the start. "
        "Sizes are in bytes, times in seconds.",
        "\n".join(
            [
                "| variable | default | takes | what it is for |",
                "|---|---|---|---|",
                *(_setting(setting) for setting in settings),
            ]
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _setting(setting: Setting) -> str:
    default = f"`{setting.written}`" if setting.written else ""
    return f"| `{setting.variable}` | {default} | {setting.values} | {setting.about} |"
