"""Queries over a store that rewrites literals: what they read, and that it is read back right."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import Engine, validate
from econsec.knowledge.shapes.constraints import Constraint, tokens
from econsec.knowledge.shapes.exactness import predicates_read
from econsec.rdf.namespaces import OWL, RDF, SH, XSD

EX = "https://example.org/"
HEAD = f"""@prefix ex: <{EX}> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> . @prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
"""
SEVERAL = """
ex:a a ex:Port ; ex:end "5"^^xsd:nonNegativeInteger ; ex:length 5 ; ex:fee 1.50 ; ex:near ex:b .
ex:b a ex:Port ; ex:end "7"^^xsd:nonNegativeInteger ; ex:length 5 ; ex:fee 7 ; ex:near ex:a .
ex:c a ex:Port ; ex:end "6"^^xsd:unsignedByte ; ex:length 7 ; ex:fee 1.5 ; ex:near ex:none .
"""
FAST = [
    "SELECT $this ?end ?length { $this ex:end ?end ; ex:length ?length FILTER(?end > ?length) }",
    "SELECT $this ?value { $this ex:length ?value FILTER(?value < 6) }",
    "SELECT $this ?value { $this ex:end ?value FILTER(DATATYPE(?value) = xsd:unsignedByte) }",
    "SELECT $this { $this ex:end ?n FILTER(STR(?n) != '5') }",
    "SELECT $this ?value { $this ex:near ?value FILTER NOT EXISTS { ?value ?p ?o } }",
    "SELECT $this ?value { $this ?p ?value FILTER(ISIRI(?value)) }",
    "SELECT $this ?path ?value { $this ?path ?value FILTER(?path IN (ex:near, ex:end)) }",
    "SELECT $this ?value { $this ^ex:near ?value FILTER(?value != ex:a) ?value ex:length ?n }",
]
SLOW = [
    "SELECT $this ?value { $this ?p ?value }",
    "SELECT $this ?value { $this ?p ?value FILTER(ISIRI(?value) || ?value = 5) }",
    "SELECT $this ?value { $this !ex:near ?value }",
    "SELECT $this ?value { $this ex:end|ex:length ?value }",
    "SELECT $this { $this ex:end ?n . ?other ex:length ?n }",
    "SELECT $this { $this ex:end ?n ; ex:length ?m FILTER(DATATYPE(?n) != DATATYPE(?m)) }",
    "SELECT $this ?value { $this ex:fee ?value }",
    "SELECT $this ?value { { $this ?p ?value FILTER(ISIRI(?value)) } UNION { $this ?q ?value } }",
]


def graph(text: str) -> list[Triple]:
    quads = parse((HEAD + text).encode(), RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def judged(select: str, engine: Engine) -> Report:
    shapes = f'''ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex: ; sh:message "{{?end}} of {{?length}}"@en ;
            sh:select """{select}""" .
        ex: sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}" ] ,
            [ sh:prefix "xsd" ; sh:namespace "{XSD}" ] .'''
    return validate(graph(SEVERAL), shapes=graph(shapes), engine=engine)


def said(report: Report) -> list[tuple[str, str, str]]:
    return sorted((str(r.focus), str(r.value), str(r.messages)) for r in report.results)


@pytest.mark.parametrize("select", FAST)
def test_what_the_store_gives_back_right_is_judged_by_it(select: str) -> None:
    fast = judged(select, Engine.FAST)
    assert said(fast) == said(judged(select, Engine.REFERENCE)) != []
    assert [audit.engine for audit in fast.audit] == ["shacl + sparql"]


@pytest.mark.parametrize("select", SLOW)
def test_what_the_store_may_confuse_goes_to_the_reference(select: str) -> None:
    fast = judged(select, Engine.FAST)
    assert [audit.engine for audit in fast.audit] == ["pyshacl"]
    assert said(fast) == said(judged(select, Engine.REFERENCE))


def test_values_come_back_as_they_are_written_where_the_query_looks() -> None:
    results = judged("SELECT $this ?value { $this ex:end ?value }", Engine.FAST).results
    assert {result.value for result in results} == {
        Literal("5", datatype=XSD("nonNegativeInteger")),
        Literal("7", datatype=XSD("nonNegativeInteger")),
        Literal("6", datatype=XSD("unsignedByte")),
    }


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ("PREFIX ex: <https://example.org/> SELECT $this { $this ex:a/ex:b ?x }", {"a", "b"}),
        ("SELECT $this { $this <https://example.org/a> ?x FILTER(!BOUND(?x) && ?x != 1) }", {"a"}),
        ("SELECT $this ?p ?x { $this ?p ?x }", None),
        (
            "SELECT $this ?p ?x { $this ?y ?x FILTER EXISTS { $this ?p ?x FILTER(ISIRI(?x)) } }",
            None,
        ),
        ("SELECT $this (COUNT(?p) AS ?n) { $this ?p ?x } GROUP BY $this", None),
        ("SELECT $this { ?x <https://example.org/a> 1 ; ?p ?o . ?o ?q ?x }", None),
    ],
)
def test_the_predicates_that_a_query_reads(select: str, names: set[str] | None) -> None:
    node = NamedNode(EX + "constraint")
    read = predicates_read(Constraint(node, node, select, tokens(select)))
    ours = None if read is None else {iri.value.removeprefix(EX) for iri in read} - {""}
    assert ours == names
