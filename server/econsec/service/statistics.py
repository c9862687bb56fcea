"""What a data set consists of, in numbers that its own queries give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.namespaces import BASE, GRAPH, RDF
from econsec.service.memo import Memo
from econsec.service.named import Row
from econsec.service.rows import rows

__all__ = ["URI_SPACE", "ClassUse", "Counts", "Links", "PropertyUse", "Statistics"]

URI_SPACE = f"{BASE}id/"
"""Where the entities of the data set have their IRIs."""

_MOST_ROWS = 50_000
_DETAILED = 2_000_000
"""Triples up to which the properties of each class are counted: they take the longest."""

_EXAMPLES = 3
_COUNTS = Query("""
SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
       (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o }
""")
_ENTITIES = Query(f"""
SELECT (COUNT(DISTINCT ?s) AS ?entities) WHERE {{
  ?s ?p ?o FILTER (ISIRI(?s) && STRSTARTS(STR(?s), "{URI_SPACE}"))
}}
""")
_CLASSES = Query(f"""
SELECT ?class (COUNT(?s) AS ?entities) WHERE {{
  ?s {RDF("type")} ?class FILTER (ISIRI(?class))
}} GROUP BY ?class ORDER BY ?class LIMIT {_MOST_ROWS}
""")
_PROPERTIES = Query(f"""
SELECT ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
       (COUNT(DISTINCT ?o) AS ?objects)
WHERE {{ ?s ?property ?o }} GROUP BY ?property ORDER BY ?property LIMIT {_MOST_ROWS}
""")
_DATATYPES = Query(f"""
SELECT ?property ?datatype (COUNT(*) AS ?triples) WHERE {{
  ?s ?property ?o FILTER (ISLITERAL(?o)) BIND (DATATYPE(?o) AS ?datatype)
}} GROUP BY ?property ?datatype ORDER BY ?property ?datatype LIMIT {_MOST_ROWS}
""")
_OF_CLASSES = Query(f"""
SELECT ?class ?property (COUNT(*) AS ?triples) WHERE {{
  ?s {RDF("type")} ?class ; ?property ?o FILTER (ISIRI(?class))
}} GROUP BY ?class ?property ORDER BY ?class ?property LIMIT {_MOST_ROWS}
""")
_DATATYPES_OF_CLASSES = Query(f"""
SELECT ?class ?property ?datatype (COUNT(*) AS ?triples) WHERE {{
  ?s {RDF("type")} ?class ; ?property ?o FILTER (ISIRI(?class) && ISLITERAL(?o))
  BIND (DATATYPE(?o) AS ?datatype)
}} GROUP BY ?class ?property ?datatype ORDER BY ?class ?property ?datatype LIMIT {_MOST_ROWS}
""")
_LINKS = Query(f"""
SELECT ?predicate ?target (COUNT(*) AS ?triples) WHERE {{
  GRAPH {GRAPH("alignment")} {{ ?s ?predicate ?o }}
  FILTER (ISIRI(?s) && ISIRI(?o) && !STRSTARTS(STR(?o), "{URI_SPACE}"))
  BIND (REPLACE(STR(?o), "^(https?://[^#]*[#/])[^#/]+$", "$1") AS ?target)
}} GROUP BY ?predicate ?target ORDER BY ?target ?predicate LIMIT {_MOST_ROWS}
""")
_RICHEST = Query(f"""
SELECT ?thing (COUNT(*) AS ?triples) WHERE {{
  ?thing ?p ?o FILTER (ISIRI(?thing) && STRSTARTS(STR(?thing), "{URI_SPACE}"))
}} GROUP BY ?thing ORDER BY DESC(?triples) ?thing LIMIT {_EXAMPLES}
""")


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """The triples of a property; `datatypes` are those of its literals, with their number.

    `subjects` and `objects` are `None` where they are not counted: within a class.
    """

    iri: str
    triples: int
    subjects: int | None
    objects: int | None
    datatypes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClassUse:
    """The entities of a class and what is said of them."""

    iri: str
    entities: int
    properties: tuple[PropertyUse, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Links by a predicate to IRIs that begin with `target`."""

    predicate: str
    target: str
    triples: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The default graph in numbers; `examples` are the things of which most is said."""

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: tuple[ClassUse, ...]
    properties: tuple[PropertyUse, ...]
    links: tuple[Links, ...]
    examples: tuple[str, ...]
    is_detailed: bool


class Statistics:
    """Counts by queries through the workers, once for each commit."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._counts = Memo(backend, self._count)

    async def counts(self) -> Counts:
        """The numbers now. Raises `EconSecError` where a count takes more than a query may."""
        return await self._counts.value()

    async def _count(self, commit: int) -> Counts:
        # One after the other, so that a count leaves the other workers to who asks questions.
        (whole,), (entities,) = await self._rows(commit, _COUNTS, _ENTITIES)
        classes, properties, datatypes, links, richest = await self._rows(
            commit, _CLASSES, _PROPERTIES, _DATATYPES, _LINKS, _RICHEST
        )
        is_detailed = _number(whole, "triples") <= _DETAILED
        detail = (_OF_CLASSES, _DATATYPES_OF_CLASSES) if is_detailed else ()
        of_classes, of_literals = await self._rows(commit, *detail) or ([], [])
        uses = _grouped(of_classes, "class")
        literals = _grouped(of_literals, "class")
        return Counts(
            triples=_number(whole, "triples"),
            subjects=_number(whole, "subjects"),
            objects=_number(whole, "objects"),
            entities=_number(entities, "entities"),
            classes=tuple(
                ClassUse(
                    iri=row["class"]["value"],
                    entities=_number(row, "entities"),
                    properties=_uses(
                        uses.get(row["class"]["value"], []),
                        literals.get(row["class"]["value"], []),
                    ),
                )
                for row in classes
            ),
            properties=_uses(properties, datatypes),
            links=tuple(
                Links(
                    predicate=row["predicate"]["value"],
                    target=row["target"]["value"],
                    triples=_number(row, "triples"),
                )
                for row in links
            ),
            examples=tuple(row["thing"]["value"] for row in richest if "thing" in row),
            is_detailed=is_detailed,
        )

    async def _rows(self, commit: int, *queries: Query) -> list[list[Row]]:
        return [[*await rows(self._backend, query, commit=commit)] for query in queries]


def _uses(found: Iterable[Row], literals: Iterable[Row]) -> tuple[PropertyUse, ...]:
    datatypes = _grouped(literals, "property")
    return tuple(
        PropertyUse(
            iri=row["property"]["value"],
            triples=_number(row, "triples"),
            subjects=_number(row, "subjects") if "subjects" in row else None,
            objects=_number(row, "objects") if "objects" in row else None,
            datatypes={
                each["datatype"]["value"]: _number(each, "triples")
                for each in datatypes.get(row["property"]["value"], [])
                if "datatype" in each
            },
        )
        for row in found
        if "property" in row
    )


def _grouped(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in found:
        if name in row:
            groups.setdefault(row[name]["value"], []).append(row)
    return groups


def _number(row: Row, name: str) -> int:
    return int(row[name]["value"])
