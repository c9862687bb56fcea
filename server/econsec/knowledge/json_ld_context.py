"""The JSON-LD context of the ontology: its terms by their local names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from econsec.knowledge.reading import read_document
from econsec.rdf.namespaces import BASE, DCTERMS, ES, OWL, PREFIXES, RDF, RDFS, SKOS, XSD
from econsec.rdf.notation import short_iri

__all__ = ["CONTEXT", "CONTEXT_FILE", "context_of", "written"]

CONTEXT = BASE + "context.jsonld"
"""The IRI that documents name."""

CONTEXT_FILE = Path("ontology", "context.jsonld")
"""Where it lies below the resources."""

_NAMES = {
    "prefLabel": SKOS("prefLabel"),
    "altLabel": SKOS("altLabel"),
    "definition": SKOS("definition"),
    "example": SKOS("example"),
    "label": RDFS("label"),
    "comment": RDFS("comment"),
    "title": DCTERMS("title"),
    "description": DCTERMS("description"),
}
"""Texts in languages of other vocabularies, which nearly everything has."""

_LANGUAGES = RDF("langString")
_TEXT = XSD("string")


def context_of(ontology: Path) -> dict[str, Any]:
    """The value of `@context` for the Turtle files in a folder, the same for the same files.

    Properties know whether their values are IRIs, of a datatype, or texts by language;
    classes and individuals are names. A prefix that is a term's name is left out. Raises
    `InvalidInput` on a file that cannot be read.
    """
    quads = [
        quad for path in sorted(ontology.glob("*.ttl")) for quad in read_document(path).quads()
    ]
    terms = dict(sorted(_terms(quads)))
    prefixes = {name: iri for name, iri in sorted(PREFIXES.items()) if name not in terms}
    return {"@version": 1.1, **prefixes, **terms}


def written(context: Mapping[str, Any]) -> str:
    """The document that holds the context."""
    return json.dumps({"@context": context}, ensure_ascii=False, indent=2) + "\n"


def _terms(quads: list[Quad]) -> Iterator[tuple[str, Any]]:
    for name, text in _NAMES.items():
        yield name, {"@id": short_iri(text), "@container": "@language"}
    types: dict[NamedNode, set[object]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.predicate == RDF("type"):
            types.setdefault(quad.subject, set()).add(quad.object)
    ranges = _ranges(quads)
    for iri, kinds in types.items():
        own = _name(iri, kinds)
        if own is not None and own not in _NAMES:
            yield own, _definition(iri, kinds, ranges.get(iri, set()))


def _name(iri: NamedNode, kinds: set[object]) -> str | None:
    """A term of ours by its local name; a relation of another vocabulary by its compact IRI."""
    if iri.value.startswith(ES):
        return iri.value.removeprefix(ES)
    short = short_iri(iri)
    return short if OWL("ObjectProperty") in kinds and not short.startswith("<") else None


def _definition(iri: NamedNode, kinds: set[object], ranges: set[object]) -> Any:
    short = short_iri(iri)
    if OWL("ObjectProperty") in kinds:
        return {"@id": short, "@type": "@id"}
    if ranges == {_LANGUAGES}:
        return {"@id": short, "@container": "@language"}
    if len(ranges) == 1 and OWL("DatatypeProperty") in kinds and _TEXT not in ranges:
        (datatype,) = ranges
        if isinstance(datatype, NamedNode) and datatype.value.startswith(XSD):
            return {"@id": short, "@type": short_iri(datatype)}
    return short


def _ranges(quads: list[Quad]) -> dict[NamedNode, set[object]]:
    found: dict[NamedNode, set[object]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.predicate == RDFS("range"):
            found.setdefault(quad.subject, set()).add(quad.object)
    return found
