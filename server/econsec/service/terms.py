"""The classes and properties that queries are written with, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import ONTOLOGY
from econsec.rdf.namespaces import OWL, RDF, RDFS, SKOS
from econsec.service.memo import Memo
from econsec.service.rows import rows

__all__ = ["CLASS", "PROPERTY", "Term", "Terms"]

CLASS, PROPERTY = "class", "property"

_CLASSES = " ".join(str(each) for each in (OWL("Class"), RDFS("Class"), RDFS("Datatype")))
_PROPERTIES = " ".join(
    str(each)
    for each in (
        OWL("ObjectProperty"),
        OWL("DatatypeProperty"),
        OWL("AnnotationProperty"),
        RDF("Property"),
    )
)
_QUERY = Query(
    f"""
SELECT ?term ?kind ?label ?isOther WHERE {{
  GRAPH {ONTOLOGY} {{
    {{ VALUES ?type {{ {_CLASSES} }} BIND("{CLASS}" AS ?kind) ?term a ?type }}
    UNION
    {{ VALUES ?type {{ {_PROPERTIES} }} BIND("{PROPERTY}" AS ?kind) ?term a ?type }}
    FILTER(ISIRI(?term))
    OPTIONAL {{
      {{ ?term {SKOS("prefLabel")}|{RDFS("label")} ?label BIND(false AS ?isOther) }}
      UNION
      {{ ?term {SKOS("altLabel")} ?label BIND(true AS ?isOther) }}
    }}
  }}
}}
"""
)
# The words of RDF itself, which no ontology declares.
_OF_RDF = {
    CLASS: ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology"),
    PROPERTY: ("label", "comment", "subClassOf", "subPropertyOf", "domain", "range", "seeAlso"),
}


@dataclass(slots=True)
class Term:
    """A class or a property; `labels` are by language, `others` its alternative names."""

    iri: str
    kind: str
    labels: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


class Terms:
    """The terms of a backend's ontology, read once for each state of it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._terms = Memo(backend, self._read, graph=ONTOLOGY)

    async def known(self) -> tuple[Term, ...]:
        """The terms by IRI. Raises `EconSecError` where the store does not answer."""
        return await self._terms.value()

    async def _read(self, commit: int) -> tuple[Term, ...]:
        return _terms(await rows(self._backend, _QUERY, commit=commit))


def _terms(found: list[dict[str, Any]]) -> tuple[Term, ...]:
    terms = {(iri, kind): Term(iri, kind) for kind, iri in _standard()}
    for row in sorted(found, key=_order):
        kind, iri = row["kind"]["value"], row["term"]["value"]
        _note(terms.setdefault((iri, kind), Term(iri, kind)), row)
    return tuple(terms[key] for key in sorted(terms))


def _standard() -> list[tuple[str, str]]:
    """Kinds and IRIs."""
    return [
        (PROPERTY, RDF("type").value),
        *((PROPERTY, RDFS(name).value) for name in _OF_RDF[PROPERTY]),
        *((CLASS, OWL(name).value) for name in _OF_RDF[CLASS]),
    ]


def _note(term: Term, row: Mapping[str, Mapping[str, str]]) -> None:
    if "label" not in row:
        return
    label = row["label"]["value"]
    if row["isOther"]["value"] == "true":
        if label not in term.others:
            term.others.append(label)
    else:
        term.labels.setdefault(row["label"].get("xml:lang", ""), label)


def _order(row: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    return row["term"]["value"], row.get("label", {}).get("value", "")
