"""RDF terms as people read them: with what they are called in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.namespaces import DCTERMS, RDFS, SKOS, XSD
from econsec.service.rows import rows

__all__ = ["Labels", "Named", "Row", "labels_of", "named"]

Labels = Mapping[str, str]
"""A text in each language, by language tag."""

Row = Mapping[str, Mapping[str, str]]
"""One solution: the terms of the JSON results format (3.2.2) by variable."""

_AT_ONCE = 400
_STRING = XSD("string").value
_LABELS = f"""
SELECT ?thing ?label ?rank WHERE {{
  VALUES ?thing {{ %s }}
  {{ ?thing {SKOS("prefLabel")} ?label BIND(0 AS ?rank) }}
  UNION {{ ?thing {RDFS("label")} ?label BIND(1 AS ?rank) }}
  UNION {{ GRAPH ?any {{ ?thing {DCTERMS("title")} ?label }} BIND(2 AS ?rank) }}
}}
"""


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI, a blank node or a literal. Of an IRI, `labels` say what it is called."""

    value: str
    kind: str
    """`uri`, `bnode` or `literal`, as the JSON results format has it."""
    language: str | None = None
    datatype: str | None = None
    labels: Labels = field(default_factory=dict)

    @property
    def is_iri(self) -> bool:
        """Whether it can be linked to."""
        return self.kind == "uri"

    @property
    def is_literal(self) -> bool:
        """Whether it is a value."""
        return self.kind == "literal"

    @property
    def is_text(self) -> bool:
        """Whether it is a value that is meant to be read."""
        return self.is_literal and self.datatype in {None, _STRING}


def named(term: Mapping[str, str], labels: Mapping[str, Labels] | None = None) -> Named:
    """A term of a solution, with the labels of `labels_of`."""
    known = {} if labels is None else labels
    return Named(
        value=term["value"],
        kind=term["type"],
        language=term.get("xml:lang"),
        datatype=term.get("datatype"),
        labels=known.get(term["value"], {}) if term["type"] == "uri" else {},
    )


async def labels_of(
    backend: Backend, iris: Iterable[str], *, commit: int | None = None
) -> dict[str, dict[str, str]]:
    """What IRIs are called, by IRI and language; `skos:prefLabel` goes before `rdfs:label`,
    and this before `dcterms:title`, which graphs and modules have.

    Precondition: they come from the store, so that they can be written in a query.
    Raises `EconSecError`.
    """
    ordered = sorted(set(iris))
    found: dict[str, dict[str, str]] = {}
    for part in _parts(ordered):
        text = _LABELS % " ".join(f"<{iri}>" for iri in part)
        for row in sorted(await rows(backend, Query(text), commit=commit), key=_rank):
            labels = found.setdefault(row["thing"]["value"], {})
            labels.setdefault(row["label"].get("xml:lang", ""), row["label"]["value"])
    return found


def _rank(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["rank"]["value"], row["label"]["value"]


def _parts(iris: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(iris), _AT_ONCE):
        yield iris[start : start + _AT_ONCE]
