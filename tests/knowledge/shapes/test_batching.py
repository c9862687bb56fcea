"""When many focus nodes may share a query, and what a query says for one of them."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import Engine, validate
from econsec.knowledge.shapes.batching import place_for_values, substituted
from econsec.knowledge.shapes.constraints import Constraint, tokens

EX = "https://example.org/"
HEAD = f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
DATA = """
ex:a a ex:Port ; ex:cranes 4 , 5 ; ex:near ex:b .
ex:b a ex:Port ; ex:cranes 1 ; ex:near ex:a , ex:c .
ex:c a ex:Port ; ex:near ex:c . [] a ex:Port ; ex:cranes 7 ; ex:near ex:a .
"""
TOGETHER = [
    "SELECT $this ?value WHERE { $this ex:cranes ?value FILTER(?value > 3) }",
    "SELECT DISTINCT $this ?value { $this ex:near ?value "
    "FILTER NOT EXISTS { ?value ex:near $this } }",
    "SELECT $this { $this ex:near ?x OPTIONAL { $this ex:cranes ?n } FILTER(!BOUND(?n)) }",
    "SELECT $this ?value { { $this ex:near ?value } UNION { ?value ex:near $this } }",
    "SELECT $this (SUM(?n) AS ?value) { $this ex:cranes ?n } GROUP BY $this HAVING (SUM(?n) > 4)",
    "SELECT $this ?value { $this ex:near ?value FILTER($this != ?value) BIND($this AS ?x) }",
    'SELECT $this { $this ex:near ?x # LIMIT 1 \\n FILTER(STR(?x) != "SELECT LIMIT 1") }',
]
ALONE = [
    "SELECT $this ?value { $this ex:cranes ?value } ORDER BY ?value LIMIT 1",
    "SELECT $this ?value { "
    "{ SELECT $this (MAX(?n) AS ?value) { $this ex:cranes ?n } GROUP BY $this } }",
    "SELECT $this ?value { $this ex:near ?value { FILTER($this = ex:a) } }",
    "SELECT $this ?value { ?value ex:near ?x "
    "OPTIONAL { ?x ex:near ?y FILTER(?y = $this) } FILTER(BOUND(?y)) }",
    "SELECT $this ?value { { ?value ex:near ?x FILTER EXISTS { ?x ex:near $this } } }",
    "SELECT $this ?value { $this ex:near* ?value }",
    "SELECT (COUNT(?n) AS ?many) { $this ex:cranes ?n }",
    "SELECT ?value { $this ex:near ?value }",
    "SELECT $this ?value { { BIND($this AS ?value) } FILTER(bound($this)) }",
]


def judged(select: str, engine: Engine, *, data: str = DATA) -> Report:
    shapes = f'''ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex: ; sh:select """{select}""" .
        ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}" ] .'''
    return validate(statements(data), shapes=statements(shapes), engine=engine)


def statements(text: str) -> list[Triple]:
    quads = parse((HEAD + text).encode(), RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def found(report: Report) -> list[tuple[str, str, str]]:
    """Focus nodes, values and messages; the blank node is the only one of its kind."""

    def plain(term: object) -> str:
        return "_:" if str(term).startswith("_:") else str(term)

    return sorted((plain(r.focus), plain(r.value), r.component.value) for r in report.results)


@pytest.mark.parametrize("select", TOGETHER)
def test_queries_that_are_asked_for_all_focus_nodes_at_once(select: str) -> None:
    assert place_for_values(tokens(select)) is not None


@pytest.mark.parametrize("select", ALONE)
def test_queries_that_are_asked_for_each_focus_node(select: str) -> None:
    assert place_for_values(tokens(select)) is None


@pytest.mark.parametrize("select", [*TOGETHER, *ALONE[:-3], ALONE[-1]])
def test_both_engines_give_this_the_same_value(select: str) -> None:
    without_blank = DATA.replace("[]", "ex:d")
    fast = judged(select, Engine.FAST, data=without_blank)
    assert found(fast) == found(judged(select, Engine.REFERENCE, data=without_blank)) != []
    assert [audit.engine for audit in fast.audit] == ["shacl + sparql"]


@pytest.mark.parametrize("select", TOGETHER)
def test_blank_nodes_are_focus_nodes_too(select: str) -> None:
    fast = judged(select, Engine.FAST)
    assert found(fast) == found(judged(select, Engine.REFERENCE))
    assert [audit.engine for audit in fast.audit] == ["shacl + sparql"]


@pytest.mark.parametrize("select", ALONE[:6])
def test_what_has_no_words_for_a_blank_node_goes_to_the_reference(select: str) -> None:
    assert [audit.engine for audit in judged(select, Engine.FAST).audit] == ["pyshacl"]


def test_the_focus_node_is_put_in_where_a_term_may_stand() -> None:
    text = (
        "SELECT $this ?x (STR($this) AS ?s) { { SELECT $this { $this ?p ?x } GROUP BY $this } "
        "FILTER(bound($this) && ?thisOne != $this) }"
    )
    node = NamedNode(EX + "a")
    constraint = Constraint(node, node, text, tokens(text))
    assert substituted(constraint, node) == (
        f"SELECT $this ?x (STR(<{EX}a>) AS ?s) {{ {{ SELECT $this {{ <{EX}a> ?p ?x }} "
        f"GROUP BY $this }} FILTER((true) && ?thisOne != <{EX}a>) }}"
    )


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this { $this a ex:Port MINUS { $this ex:near ?x } }",
        "SELECT $this { $this a ?c VALUES ?c { ex:Port } }",
        "SELECT $this { $this a ex:Port { SELECT ?x { ?x a ex:Port } } }",
        "SELECT $this { BIND(ex:a AS $this) }",
    ],
)
def test_what_may_not_stand_beside_a_bound_variable_is_refused(select: str, engine: Engine) -> None:
    with pytest.raises(InvalidInput, match=r"SPARQL constraint|query"):
        judged(select, engine)
