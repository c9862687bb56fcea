"""The ontology to read: its modules with their terms, and one term with what is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import ONTOLOGY
from econsec.rdf.formats import N_TRIPLES
from econsec.rdf.namespaces import ES, OWL, PREFIXES, RDF, RDFS, SKOS
from econsec.rdf.statements import iri as node
from econsec.rdf.turtle import canonical
from econsec.service.memo import Memo
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.resources import ThingNotFound
from econsec.service.rows import rows
from econsec.service.solutions import each, grouped, iris

__all__ = ["Module", "Ontology", "Term", "TermRead"]

_KINDS = (
    "Class",
    "ObjectProperty",
    "DatatypeProperty",
    "AnnotationProperty",
    "NamedIndividual",
)
_TERMS = Query(f"""
SELECT ?term ?kind ?module ?definition ?broader ?domain ?range WHERE {{ GRAPH {ONTOLOGY} {{
  VALUES ?kind {{ {" ".join(str(OWL(kind)) for kind in _KINDS)} }}
  ?term a ?kind .
  OPTIONAL {{ ?term {RDFS("isDefinedBy")} ?module }}
  OPTIONAL {{ ?term {SKOS("definition")} ?definition }}
  OPTIONAL {{
    ?term {RDFS("subClassOf")}|{RDFS("subPropertyOf")} ?broader FILTER (ISIRI(?broader))
  }}
  OPTIONAL {{ ?term {RDFS("domain")} ?domain FILTER (ISIRI(?domain)) }}
  OPTIONAL {{ ?term {RDFS("range")} ?range FILTER (ISIRI(?range)) }}
  FILTER (STRSTARTS(STR(?term), "{ES}"))
}} }}
""")
_INSTANCES = f"""
SELECT DISTINCT ?instance WHERE {{ ?instance {RDF("type")} %(term)s FILTER (ISIRI(?instance)) }}
ORDER BY ?instance LIMIT 201
"""
_USES = f"""
SELECT (COUNT(*) AS ?count) WHERE {{
  {{ ?subject %(term)s ?object }} UNION {{ ?subject {RDF("type")} %(term)s }}
}}
"""
_MOST_INSTANCES = 200
_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Term:
    """A class, a property or a named individual of the ontology; `kind` is what OWL calls it."""

    term: Named
    kind: str
    module: str
    definition: Labels
    broader: tuple[Named, ...]
    domain: tuple[Named, ...]
    range: tuple[Named, ...]

    @property
    def name(self) -> str:
        """Its local name."""
        return self.term.value.removeprefix(ES)

    @property
    def is_class(self) -> bool:
        """Whether things can be instances of it."""
        return self.kind == "Class"


@dataclass(frozen=True, slots=True)
class Module:
    """A module and its terms: classes first, by name."""

    module: Named
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class TermRead:
    """A term with what refers to it, how often it is used, and its definition as Turtle."""

    term: Term
    narrower: tuple[Term, ...]
    properties: tuple[Term, ...]
    used_by: tuple[Term, ...]
    instances: tuple[Named, ...]
    has_more: bool
    uses: int
    turtle: str


@dataclass(frozen=True, slots=True)
class _Known:
    """The terms by IRI, and the modules that they are in."""

    terms: Mapping[str, Term]
    modules: tuple[Module, ...]


class Ontology:
    """The ontology in the data set of a backend, read once for each commit."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._known = Memo(backend, self._read)

    async def modules(self) -> tuple[Module, ...]:
        """All modules. Raises `EconSecError`."""
        return (await self._known.value()).modules

    async def term(self, name: str) -> TermRead:
        """The term `es:{name}`. Raises `ThingNotFound`."""
        terms = (await self._known.value()).terms
        term = terms.get(ES + name)
        if term is None:
            raise ThingNotFound(f"the ontology has no term {name}")
        commit = self._backend.publication.commit
        spelt = {"term": str(node(term.term.value))}
        description = Query(f"DESCRIBE {spelt['term']}", default_graphs=(ONTOLOGY.value,))
        instances, uses, turtle = await asyncio.gather(
            rows(self._backend, Query(_INSTANCES % spelt), commit=commit),
            rows(self._backend, Query(_USES % spelt), commit=commit),
            self._turtle(description, commit),
        )
        labels = await labels_of(
            self._backend, (row["instance"]["value"] for row in instances), commit=commit
        )
        iri = term.term.value
        return TermRead(
            term=term,
            narrower=_naming(terms.values(), lambda each: each.broader, iri),
            properties=_naming(terms.values(), lambda each: each.domain, iri),
            used_by=_naming(terms.values(), lambda each: each.range, iri),
            instances=tuple(named(row["instance"], labels) for row in instances[:_MOST_INSTANCES]),
            has_more=len(instances) > _MOST_INSTANCES,
            uses=int(uses[0]["count"]["value"]),
            turtle=turtle,
        )

    async def _turtle(self, query: Query, commit: int) -> str:
        reply = await self._backend.run(query, N_TRIPLES, commit=commit)
        return canonical(_PREFIXES + (await reply.whole()).decode())

    async def _read(self, commit: int) -> _Known:
        found = await rows(self._backend, _TERMS, commit=commit)
        labels = await labels_of(self._backend, iris(found), commit=commit)
        terms = _terms(found, labels)
        return _Known(terms, _modules(terms.values(), labels))


def _terms(found: Sequence[Row], labels: Mapping[str, Labels]) -> dict[str, Term]:
    return {
        iri: Term(
            term=named(rows[0]["term"], labels),
            kind=rows[0]["kind"]["value"].removeprefix(OWL),
            module=rows[0]["module"]["value"] if "module" in rows[0] else ES.removesuffix("#"),
            definition={
                row["definition"].get("xml:lang", ""): row["definition"]["value"]
                for row in rows
                if "definition" in row
            },
            broader=each(rows, "broader", labels),
            domain=each(rows, "domain", labels),
            range=each(rows, "range", labels),
        )
        for iri, rows in grouped(found, "term").items()
    }


def _modules(terms: Iterable[Term], labels: Mapping[str, Labels]) -> tuple[Module, ...]:
    held: dict[str, list[Term]] = {}
    for term in terms:
        held.setdefault(term.module, []).append(term)
    return tuple(
        Module(
            Named(module, "uri", labels=labels.get(module, {})),
            tuple(sorted(held[module], key=lambda term: (not term.is_class, term.name))),
        )
        for module in sorted(held)
    )


def _naming(
    terms: Iterable[Term], part: Callable[[Term], Sequence[Named]], iri: str
) -> tuple[Term, ...]:
    """The terms that name an IRI in a part of their definition."""
    return tuple(
        sorted(
            (term for term in terms if any(each.value == iri for each in part(term))),
            key=lambda term: term.name,
        )
    )
