"""Constraints in SPARQL find the same by both engines where literals are written in odd ways."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from econsec.errors import Refused
from econsec.knowledge.shapes import Engine, validate

PREFIXES = """
@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TYPED = "sh:targetClass :T"
VALUES = "sh:targetObjectsOf :p"
OTHERS, ANY = ":p :b ; :q 1.50, 1.5", "$this ?pr ?value"
TWICE = ':p 2 ; :q "2"^^xsd:int'
CASES = [
    # Constants, which a store rewrites as well
    (TYPED, ":p 1.5", "{ $this :p 1.50 }"),
    (TYPED, ":p 01", "{ $this :p 1 }"),
    (TYPED, ':p "1"^^xsd:boolean', "{ $this :p true }"),
    (TYPED, ':p "5"^^xsd:nonNegativeInteger', "{ $this a :T FILTER NOT EXISTS { $this :p 5 } }"),
    (TYPED, ":p 01", "{ $this :p ?w FILTER(SAMETERM(?w, 1)) }"),
    (TYPED, ":p 1", "{ $this :p ?w FILTER(STR(1.50) = '1.50') }"),
    (TYPED, ":p 1", '{ $this :p "01"^^xsd:integer }'),
    # Focus nodes that are literals
    (VALUES, ":p 1.50", "{ FILTER(STR($this) = '1.50') }"),
    (VALUES, ":p 1.50", "{ FILTER(STRLEN(STR($this)) < 4) }"),
    (VALUES, ":p 1.50 ; :q 1.5", "{ ?s :q $this }"),
    (VALUES, ':p "text"', "{ FILTER(BOUND($this)) }"),
    # What is calculated, and only equals what is written otherwise
    (
        TYPED,
        ':p 1 ; :q "5"^^xsd:nonNegativeInteger',
        "{ $this :p ?v ; :q ?w BIND(5 AS ?five) FILTER(DATATYPE(?five) != xsd:integer) }",
    ),
    (
        TYPED,
        ':p 1, 4 ; :q "5"^^xsd:nonNegativeInteger',
        "{ $this :p ?v, ?r ; :q ?w FILTER(?v != ?r && DATATYPE(?v + ?r) != xsd:integer) }",
    ),
    # Values behind predicates that the query does not name
    (TYPED, OTHERS, f"?value {{ {ANY} FILTER(?pr IN (:p) || ISLITERAL(?value)) }}"),
    (TYPED, OTHERS, f"?value {{ {ANY} FILTER(ISIRI(?value) && true || true) }}"),
    (TYPED, ":a·b 1.50, 1.5", "?value { $this :a·b ?value }"),
    (TYPED, TWICE, "?x { $this :p|:q ?x }"),
    (TYPED, TWICE, "{ $this :p|:q ?x } GROUP BY $this HAVING(COUNT(DISTINCT ?x) > 1)"),
    (TYPED, TWICE, "?x { $this ?pr ?x FILTER(?pr IN (:p, :q)) }"),
]


def found(target: str, data: str, select: str, engine: Engine) -> Counter[tuple[object, ...]]:
    shapes = f"""{PREFIXES}
    :Names sh:declare
        [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ],
        [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] .
    :Shape a sh:NodeShape ; {target} ; sh:sparql [ sh:message "m" ; sh:prefixes :Names ;
        sh:select \"\"\"SELECT $this {select}\"\"\" ] ."""
    report = validate(read(f"{PREFIXES} :a a :T ; {data} ."), shapes=read(shapes), engine=engine)
    return Counter((r.focus, r.value, r.component, r.shape) for r in report.results)


def read(text: str) -> list[Quad]:
    return list(parse(text, RdfFormat.TURTLE))


@pytest.mark.parametrize(("target", "data", "select"), CASES)
def test_both_engines_find_the_same(target: str, data: str, select: str) -> None:
    fast, reference = (found(target, data, select, engine) for engine in Engine)
    assert fast == reference


def test_some_are_found_and_some_are_not() -> None:
    each = [bool(found(*case, Engine.FAST)) for case in CASES]
    assert min(each.count(True), each.count(False)) > 4


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <http://127.0.0.1:9/> { ?a ?b ?c }",
        "SERVICESILENT <http://127.0.0.1:9/> { ?a ?b ?c }",
        "$this :p 1SERVICE <http://127.0.0.1:9/> { ?a ?b ?c }",
        "$this :p trueSERVICE<http://127.0.0.1:9/> { ?a ?b ?c }",
        "$this :p 1e0service:x { ?a ?b ?c }",
        "SERVICE:x { ?a ?b ?c }",
    ],
)
@pytest.mark.parametrize("engine", Engine)
def test_nothing_reaches_out_however_it_is_written(pattern: str, engine: Engine) -> None:
    with pytest.raises(Refused, match="SERVICE"):
        found(TYPED, ":p 1", f"{{ $this a :T . {pattern} }}", engine)


@pytest.mark.parametrize("name", [":servicesFrom", ":x-values", "?service", "?from"])
def test_names_may_hold_what_is_reserved(name: str) -> None:
    predicate = name if name.startswith(":") else ":p"
    value = "?v" if name.startswith(":") else name
    assert found(TYPED, f"{predicate} 1", f"{{ $this {predicate} {value} }}", Engine.FAST)
