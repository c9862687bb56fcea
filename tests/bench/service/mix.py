"""The queries that every server is asked, and the texts that none of them has seen before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from service.data import BLOCK, NAMESPACE, Shape

__all__ = ["JSON", "N_TRIPLES", "RUNAWAY", "Probe", "rows", "the_mix"]

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_CONSTANT, _SERIAL = "CONSTANT", "SERIAL"
_STRIDE = 7_919
"""A prime, so that successive constants are far from each other and all have their turn."""

_PREFIXES = (
    f"PREFIX b: <{NAMESPACE}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
)
RUNAWAY = _PREFIXES + (
    "SELECT * { { SELECT ?d ?x { ?d b:amount ?x } LIMIT 2000 } "
    "{ SELECT ?p ?y { ?p b:weight ?y } LIMIT 2000 } } ORDER BY ?x ?y LIMIT 1"
)
"""Four million combinations, sorted: longer than any server should let it run."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A kind of query, in as many texts as there are constants to put into it.

    `rows` is the size of the answer where it is the same for every constant.
    """

    name: str
    template: str
    constants: int
    scale: int = 1
    accept: str = JSON
    rows: int | None = None

    @property
    def text(self) -> str:
        """Always the same."""
        return _PREFIXES + self.template.replace(_CONSTANT, str(self._constant(1)))

    @property
    def pattern(self) -> str:
        """The text with blanks for `filled` to fill in."""
        return f"{_PREFIXES}{self.template}\n# {_SERIAL}"

    def filled(self, request: bytes) -> Iterator[bytes]:
        """Never the same twice: `request`, made of `pattern`, with another constant each time,
        and with a number in a comment for when all constants have had their turn.
        """
        for number in count(1):
            constant = b"%d" % self._constant(number)
            yield request.replace(_CONSTANT.encode(), constant).replace(
                _SERIAL.encode(), b"%d" % number
            )

    def _constant(self, number: int) -> int:
        return number * _STRIDE % self.constants * self.scale


def the_mix(shape: Shape) -> tuple[Probe, ...]:
    """From the smallest answers to the largest."""
    of_law = f"?d b:under <{NAMESPACE}law/CONSTANT>"
    designation = f"<{NAMESPACE}designation/CONSTANT>"
    product = f"<{NAMESPACE}product/CONSTANT>"
    return (
        Probe(
            "ASK",
            f"ASK {{ {designation} b:by ?country . ?country a b:Country }}",
            shape.designations,
            rows=1,
        ),
        Probe(
            "point lookup", f"SELECT ?p ?o {{ {designation} ?p ?o }}", shape.designations, rows=8
        ),
        Probe("describe", f"DESCRIBE {product}", shape.designations, accept=N_TRIPLES),
        Probe(
            "3-hop path",
            f"SELECT ?country {{ {designation} b:designates/b:suppliedBy/b:locatedIn ?country }}",
            shape.designations,
        ),
        Probe(
            "property path +",
            f"SELECT ?input {{ {product} b:hasInput+ ?input }}",
            shape.blocks,
            scale=BLOCK,
            rows=BLOCK - 1,
        ),
        Probe(
            "star join",
            f"SELECT * {{ ?d b:by <{NAMESPACE}country/CONSTANT> ; b:under ?law ; "
            "b:designates ?product ; b:date ?date ; b:amount ?amount }",
            shape.countries,
        ),
        Probe(
            "OPTIONAL + language",
            f"SELECT ?p ?en ?ja {{ ?p b:category <{NAMESPACE}category/CONSTANT> ; "
            'rdfs:label ?en FILTER(LANG(?en) = "en") '
            'OPTIONAL { ?p rdfs:label ?ja FILTER(LANG(?ja) = "ja") } }',
            shape.categories,
        ),
        Probe(
            "ORDER BY LIMIT",
            f"SELECT ?d ?amount {{ {of_law} ; b:amount ?amount }} "
            "ORDER BY DESC(?amount) ?d LIMIT 10",
            shape.laws,
            rows=10,
        ),
        Probe(
            "GROUP BY",
            "SELECT ?country (COUNT(*) AS ?n) (SUM(?amount) AS ?total) "
            f"{{ {of_law} ; b:by ?country ; b:amount ?amount }} GROUP BY ?country",
            shape.laws,
        ),
        Probe(
            "CONTAINS",
            'SELECT ?p ?label { ?p rdfs:label ?label FILTER(CONTAINS(?label, " CONSTANT ")) }',
            shape.designations,
            rows=1,
        ),
        Probe(
            "CONSTRUCT 1,000",
            f"CONSTRUCT {{ ?d ?p ?o }} {{ {of_law} ; ?p ?o }} LIMIT 1000",
            shape.laws,
            accept=N_TRIPLES,
            rows=1_000,
        ),
        Probe(
            "10,000 rows",
            "SELECT ?d ?p ?o { ?d b:amount ?amount ; ?p ?o FILTER(?amount != CONSTANT) } "
            "LIMIT 10000",
            10**9,
            rows=10_000,
        ),
    )


def rows(body: bytes, accept: str) -> int:
    """The rows or triples of an answer; a boolean counts as one."""
    if accept == N_TRIPLES:
        return body.count(b"\n")
    answer = json.loads(body)
    return 1 if "boolean" in answer else len(answer["results"]["bindings"])
