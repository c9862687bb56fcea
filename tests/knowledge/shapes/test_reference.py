"""The validator: what it reports, what it leaves alone and what it refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.interchange import as_graph
from econsec.knowledge.reports import Report, Result, Severity, Term
from econsec.knowledge.shapes import validate
from econsec.rdf.namespaces import SH, XSD

EX = "https://example.org/"
HEAD = f"""
@prefix ex: <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PORTS = """
ex:kobe a ex:Port ; skos:prefLabel "Kobe"@en , "神戸"@ja ;
    ex:cranes 4 ; ex:opened "1868-01-01"^^xsd:date .
ex:oki a ex:Port ; ex:cranes -1 .
"""
SHAPES = """
ex:PortShape a sh:NodeShape ; sh:targetClass ex:Port ; sh:name "port"@en ;
    sh:property ex:cranes-positive , ex:opened-known .
ex:cranes-positive a sh:PropertyShape ; sh:path ex:cranes ; sh:minInclusive 0 ;
    sh:message "Too few cranes."@en , "クレーンが足りません。"@ja .
ex:opened-known a sh:PropertyShape ; sh:path ex:opened ; sh:minCount 1 ; sh:severity sh:Warning .
"""


def graph(text: str) -> Graph:
    return as_graph(parse((HEAD + text).encode(), RdfFormat.TURTLE))


def judge(data: str, shapes: str) -> Report:
    return validate(graph(data), shapes=graph(shapes))


def sparql(select: str, messages: str = '"Wrong."@en') -> str:
    return f'''ex:PortShape a sh:NodeShape ; sh:targetClass ex:Port ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex:prefixes ; sh:message {messages} ; sh:select """{select}""" .
        ex:prefixes a owl:Ontology ;
            sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .'''


def test_a_result_says_what_where_and_why() -> None:
    violation, warning = judge(PORTS, SHAPES).results
    assert violation == Result(
        focus=NamedNode(f"{EX}oki"),
        severity=Severity.VIOLATION,
        shape=NamedNode(f"{EX}cranes-positive"),
        component=SH("MinInclusiveConstraintComponent"),
        messages={"en": "Too few cranes.", "ja": "クレーンが足りません。"},
        label={},
        path=violation.path,
        value=Literal("-1", datatype=XSD("integer")),
    )
    assert violation.path is not None
    assert (violation.path.text, violation.path.node) == (f"<{EX}cranes>", NamedNode(f"{EX}cranes"))
    assert (warning.severity, warning.component) == (
        Severity.WARNING,
        SH("MinCountConstraintComponent"),
    )


def test_a_result_carries_the_labels_of_its_focus_node() -> None:
    (result,) = judge(PORTS.replace("4 ;", "-4 ;").replace("-1", "1"), SHAPES).results[:1]
    assert result.label == {"en": "Kobe", "ja": "神戸"}


def test_warnings_do_not_break_conformity() -> None:
    report = judge(PORTS.replace("-1", "1"), SHAPES)
    assert [result.severity for result in report.results] == [Severity.WARNING]
    assert report.conforms


def test_the_audit_tells_of_shapes_that_looked_at_nothing() -> None:
    idle = (
        "ex:IdleShape a sh:NodeShape ; sh:targetClass ex:Airport ; sh:property ex:cranes-positive ."
    )
    audits = {str(audit.shape): audit for audit in judge(PORTS, SHAPES + idle).audit}
    port, unused = audits[f"<{EX}PortShape>"], audits[f"<{EX}IdleShape>"]
    assert (port.focus_nodes, port.results, port.name) == (2, 2, {"en": "port"})
    assert (unused.focus_nodes, unused.results) == (0, 0)


def test_subclasses_are_targets_too() -> None:
    data = PORTS.replace("a ex:Port", "a ex:Seaport") + "ex:Seaport rdfs:subClassOf ex:Port ."
    assert judge(data, SHAPES).audit[0].focus_nodes == 2


def test_neither_graph_is_changed_and_rdflib_stays_as_it_was() -> None:
    data, shapes = graph(PORTS), graph(SHAPES)
    before = set(data), set(shapes), rdflib.NORMALIZE_LITERALS
    validate(data, shapes=shapes)
    assert (set(data), set(shapes), rdflib.NORMALIZE_LITERALS) == before


def test_a_text_that_is_no_value_is_found_and_reported_as_written() -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:fee ;
        sh:property [ sh:path ex:fee ; sh:datatype xsd:decimal ] ."""
    (result,) = judge(
        'ex:a ex:fee "1e3"^^xsd:decimal . ex:b ex:fee "1.50"^^xsd:decimal .', shapes
    ).results
    assert (result.focus, result.value) == (
        NamedNode(f"{EX}a"),
        Literal("1e3", datatype=XSD("decimal")),
    )


def test_plain_strings_are_members_of_lists_of_plain_strings() -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:sea ;
        sh:property [ sh:path ex:sea ; sh:in ( "Seto" ) ] ."""
    assert judge('ex:a ex:sea "Seto" .', shapes).results == ()


def test_messages_of_queries_are_filled_in_and_keep_their_language() -> None:
    select = """SELECT $this ?value ?near WHERE {
        $this ex:cranes ?value ; ex:near ?near . FILTER(?value < 0) }"""
    messages = '"{?value} cranes near {$near}."@en , "{$near} の近くに {?value} 台。"@ja'
    report = judge(PORTS + "ex:oki ex:near ex:dogo .", sparql(select, messages))
    (result,) = report.results
    assert result.messages == {
        "en": f"-1 cranes near {EX}dogo.",
        "ja": f"{EX}dogo の近くに -1 台。",
    }
    assert result.constraint == NamedNode(f"{EX}constraint")


def test_a_shape_without_messages_gets_the_engines() -> None:
    warning = judge(PORTS, SHAPES).results[1]
    assert list(warning.messages) == [""]
    assert warning.messages[""]


def test_paths_are_spelt_as_in_sparql() -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetNode ex:kobe ; sh:property [ sh:minCount 9 ;
        sh:path ( [ sh:inversePath ex:near ]
            [ sh:alternativePath ( ex:a [ sh:zeroOrMorePath ex:b ] ) ] ) ] ."""
    (result,) = judge(PORTS, shapes).results
    assert result.path is not None
    a, b, near = (f"<{EX}{name}>" for name in ("a", "b", "near"))
    assert result.path.text == f"^{near} / ({a} | {b}*)"
    assert {triple.predicate.value.rpartition("#")[2] for triple in result.path.triples} == {
        *("first", "rest"),
        *("inversePath", "alternativePath", "zeroOrMorePath"),
    }


class Only:
    """A scope of one node."""

    def __init__(self, node: Term) -> None:
        self._node = node

    def holds(self, focus: Term, value: Term | None) -> bool:
        return focus == self._node


def test_a_scope_leaves_out_what_stands_behind_the_data() -> None:
    report = validate(graph(PORTS), shapes=graph(SHAPES), scope=Only(NamedNode(f"{EX}kobe")))
    assert report.results == ()
    assert report.audit[0].focus_nodes == 1


def test_a_scope_may_hold_blank_nodes() -> None:
    data = graph("[] a ex:Port ; ex:cranes -2 .")
    (node,) = (triple[0] for triple in data if str(triple[1]).endswith("cranes"))
    focus = next(iter(validate(data, shapes=graph(SHAPES)).results)).focus
    assert str(focus) == f"_:{node}"
    assert validate(data, shapes=graph(SHAPES), scope=Only(focus)).audit[0].focus_nodes == 1


def test_several_may_validate_at_once() -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        reports = list(pool.map(lambda _: judge(PORTS, SHAPES), range(8)))
    assert {len(report.results) for report in reports} == {2}


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this a ex:Port } }",
        "SELECT $this WHERE { service silent ?where { $this a ex:Port } }",
        "SELECT $this FROM <file:///etc/passwd> WHERE { $this a ex:Port }",
        "SELECT $this FROM NAMED ex:graph WHERE { $this a ex:Port }",
    ],
)
def test_queries_that_reach_out_are_refused(select: str) -> None:
    with pytest.raises(Refused, match=r"uses (SERVICE|FROM)"):
        judge(PORTS, sparql(select))


def test_a_property_of_that_name_is_no_reaching_out() -> None:
    select = "SELECT $this WHERE { $this ex:from ex:here ; ex:valid_from ?day }"
    assert judge(PORTS, sparql(select)).conforms


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        (SHAPES.replace("minInclusive", "minInclusiv"), "did you mean sh:minInclusive"),
        ("ex:S sh:targetNode ex:kobe ; sh:rule [ ] .", "sh:rule is no term"),
        (SHAPES + "ex:cranes-positive sh:path ex:berths .", "cannot be used"),
        (sparql("SELECT $this WHERE { $this a ex:Port"), "cannot be read"),
        (sparql("SELECT $this WHERE { $this a unknown:Port }"), "cannot be read"),
        (sparql("SELECT $this WHERE { $this a ex:Port MINUS { $this a ex:P } }"), "MINUS"),
    ],
)
def test_shapes_that_cannot_be_used_are_an_error(shapes: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        judge(PORTS, shapes)


def test_triple_terms_are_refused() -> None:
    term = Triple(NamedNode(f"{EX}a"), NamedNode(f"{EX}b"), NamedNode(f"{EX}c"))
    with pytest.raises(Refused, match="triple terms"):
        as_graph([Triple(NamedNode(f"{EX}d"), NamedNode(f"{EX}e"), term)])
