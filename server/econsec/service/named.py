"""RDF terms as people read them: with what they are called in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

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
_MOST_KEPT = 50_000
"""Things whose labels are kept, at some 300 bytes each."""

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
) -> dict[str, Labels]:
    """What IRIs are called, by IRI and language; `skos:prefLabel` goes before `rdfs:label`,
    and this before `dcterms:title`, which graphs and modules have.

    What a commit calls a thing is asked once: most things of a page are on others, too.
    Precondition: they come from the store, so that they can be written in a query.
    Raises `EconSecError`.
    """
    wanted = set(iris)
    known = _known_labels(backend, commit)
    unknown = wanted - known.keys()
    found = await _asked(backend, unknown, commit=commit) if unknown else {}
    for iri in unknown:
        known[iri] = found.get(iri, {})
    return {iri: known[iri] for iri in sorted(wanted) if known[iri]}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What things are called in one state of the data."""

    state: object
    labels: dict[str, Labels]


_kept: WeakKeyDictionary[Backend, _Kept] = WeakKeyDictionary()


def _known_labels(backend: Backend, commit: int | None) -> dict[str, Labels]:
    publication = backend.publication
    state = publication.digest, publication.commit if commit is None else commit
    kept = _kept.get(backend)
    if kept is None or kept.state != state or len(kept.labels) > _MOST_KEPT:
        kept = _kept[backend] = _Kept(state, {})
    return kept.labels


async def _asked(
    backend: Backend, iris: Iterable[str], *, commit: int | None
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for part in _parts(sorted(iris)):
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
