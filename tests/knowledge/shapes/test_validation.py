"""Both engines: what they report, what they leave alone and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.reports import Finding, Report, Result, Severity, Term
from econsec.knowledge.shapes import Engine, validate
from econsec.rdf.namespaces import SH, XSD

EX = "https://example.org/"
HEAD = f"""
@prefix ex: <{EX}> .
@prefix esh: <https://w3id.org/econsec/shapes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
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


Judge = Callable[[str, str], Report]


def graph(text: str) -> list[Triple]:
    quads = parse((HEAD + text).encode(), RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


@pytest.fixture(params=Engine)
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param)


@pytest.fixture
def judge(engine: Engine) -> Judge:
    def judge(data: str, shapes: str) -> Report:
        return validate(graph(data), shapes=graph(shapes), engine=engine)

    return judge


def sparql(select: str, messages: str = '"Wrong."@en') -> str:
    return f'''ex:PortShape a sh:NodeShape ; sh:targetClass ex:Port ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex:prefixes ; sh:message {messages} ; sh:select """{select}""" .
        ex:prefixes a owl:Ontology ;
            sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .'''


def test_a_result_says_what_where_and_why(judge: Judge) -> None:
    violation, warning = judge(PORTS, SHAPES).results
    assert violation == Result(
        focus=NamedNode(f"{EX}oki"),
        severity=Severity.VIOLATION,
        shape=NamedNode(f"{EX}cranes-positive"),
        component=SH("MinInclusiveConstraintComponent"),
        messages={"en": "Too few cranes.", "ja": "クレーンが足りません。"},
        label={},
        root=NamedNode(f"{EX}PortShape"),
        path=violation.path,
        value=Literal("-1", datatype=XSD("integer")),
    )
    assert violation.path is not None
    assert (violation.path.text, violation.path.node) == (f"<{EX}cranes>", NamedNode(f"{EX}cranes"))
    assert (warning.severity, warning.component) == (
        Severity.WARNING,
        SH("MinCountConstraintComponent"),
    )


def test_a_result_carries_the_labels_of_its_focus_node(judge: Judge) -> None:
    (result,) = judge(PORTS.replace("4 ;", "-4 ;").replace("-1", "1"), SHAPES).results[:1]
    assert result.label == {"en": "Kobe", "ja": "神戸"}


def test_warnings_do_not_break_conformity(judge: Judge) -> None:
    report = judge(PORTS.replace("-1", "1"), SHAPES)
    assert [result.severity for result in report.results] == [Severity.WARNING]
    assert report.conforms


def test_the_audit_tells_of_shapes_that_looked_at_nothing(judge: Judge) -> None:
    idle = (
        "ex:IdleShape a sh:NodeShape ; sh:targetClass ex:Airport ; sh:property ex:cranes-positive ."
    )
    audits = {str(audit.shape): audit for audit in judge(PORTS, SHAPES + idle).audit}
    port, unused = audits[f"<{EX}PortShape>"], audits[f"<{EX}IdleShape>"]
    assert (port.focus_nodes, port.results, port.name) == (2, 2, {"en": "port"})
    assert (unused.focus_nodes, unused.results) == (0, 0)


def test_subclasses_are_targets_too(judge: Judge) -> None:
    data = PORTS.replace("a ex:Port", "a ex:Seaport") + "ex:Seaport rdfs:subClassOf ex:Port ."
    assert judge(data, SHAPES).audit[0].focus_nodes == 2


def test_rdflib_stays_as_it_was(judge: Judge) -> None:
    before = rdflib.NORMALIZE_LITERALS
    judge(PORTS, SHAPES)
    assert before == rdflib.NORMALIZE_LITERALS


def test_a_text_that_is_no_value_is_found_and_reported_as_written(judge: Judge) -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:fee ;
        sh:property [ sh:path ex:fee ; sh:datatype xsd:decimal ] ."""
    (result,) = judge(
        'ex:a ex:fee "1e3"^^xsd:decimal . ex:b ex:fee "1.50"^^xsd:decimal .', shapes
    ).results
    assert (result.focus, result.value) == (
        NamedNode(f"{EX}a"),
        Literal("1e3", datatype=XSD("decimal")),
    )


def test_plain_strings_are_members_of_lists_of_plain_strings(judge: Judge) -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:sea ;
        sh:property [ sh:path ex:sea ; sh:in ( "Seto" ) ] ."""
    assert judge('ex:a ex:sea "Seto" .', shapes).results == ()


def test_messages_of_queries_are_filled_in_and_keep_their_language(judge: Judge) -> None:
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


def test_a_shape_without_messages_says_what_its_constraint_demands(judge: Judge) -> None:
    warning = judge(PORTS, SHAPES).results[1]
    assert set(warning.messages) == {"en", "ja"}
    assert "1" in warning.messages["en"]


def test_paths_are_spelt_as_in_sparql(judge: Judge) -> None:
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


def test_a_scope_leaves_out_what_stands_behind_the_data(engine: Engine) -> None:
    report = validate(
        graph(PORTS), shapes=graph(SHAPES), engine=engine, scope=Only(NamedNode(f"{EX}kobe"))
    )
    assert report.results == ()
    assert report.audit[0].focus_nodes == 1


def test_a_scope_may_hold_blank_nodes(engine: Engine) -> None:
    data, shapes = graph("[] a ex:Port ; ex:cranes -2 ."), graph(SHAPES)
    node = data[0].subject
    report = validate(data, shapes=shapes, engine=engine, scope=Only(node))
    assert {result.focus for result in report.results} == {node}
    assert report.audit[0].focus_nodes == 1


def test_several_may_validate_at_once(judge: Judge) -> None:
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
def test_queries_that_reach_out_are_refused(select: str, judge: Judge) -> None:
    with pytest.raises(Refused, match=r"uses (SERVICE|FROM)"):
        judge(PORTS, sparql(select))


def test_a_property_of_that_name_is_no_reaching_out(judge: Judge) -> None:
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
def test_shapes_that_cannot_be_used_are_an_error(shapes: str, says: str, judge: Judge) -> None:
    with pytest.raises(InvalidInput, match=says):
        judge(PORTS, shapes)


def test_triple_terms_are_refused(engine: Engine) -> None:
    term = Triple(NamedNode(f"{EX}a"), NamedNode(f"{EX}b"), NamedNode(f"{EX}c"))
    data = [Triple(NamedNode(f"{EX}d"), NamedNode(f"{EX}e"), term)]
    with pytest.raises(Refused, match="triple terms"):
        validate(data, shapes=graph(SHAPES), engine=engine)
    with pytest.raises(Refused, match="triple terms"):
        validate(graph(PORTS), shapes=data, engine=engine)


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetNode ex:kobe ; sh:node ex:S .",
        "ex:S sh:targetNode ex:kobe ; sh:property [ sh:path ex:near ; sh:node ex:S ] .",
        "ex:S sh:targetNode ex:kobe ; sh:or ( [ sh:not ex:T ] ) . ex:T sh:node ex:S .",
    ],
)
def test_shapes_that_recur_are_refused_by_name(judge: Judge, shapes: str) -> None:
    with pytest.raises(InvalidInput, match=r"ex(ample\.org/)?[:/]?[ST].* by means of itself|recur"):
        judge(PORTS, shapes)


def test_a_result_names_the_shape_whose_targets_led_to_it(judge: Judge) -> None:
    shapes = (
        SHAPES
        + """ex:OtherShape a sh:NodeShape ; sh:targetNode ex:oki ;
        sh:property ex:cranes-positive ."""
    )
    roots = [r.root for r in judge(PORTS, shapes).results if r.value is not None]
    assert sorted(map(str, roots)) == [f"<{EX}OtherShape>", f"<{EX}PortShape>"]


def test_what_shapes_say_beyond_shacl_is_reported(judge: Judge) -> None:
    shapes = (
        SHAPES
        + """
        ex:PortShape esh:legalBasis esh:basis-article-3 .
        esh:basis-article-3 a esh:LegalBasis ; skos:prefLabel "Ports Act, Article 3"@en ;
            esh:act ex:ports-act ; esh:article "3" ; esh:inForceFrom "1950-05-31"^^xsd:date ;
            rdfs:seeAlso ex:text .
        ex:cranes-positive esh:finding esh:criterion-not-met ; esh:fix "Build cranes."@en ."""
    )
    violation, warning = judge(PORTS, shapes).results
    assert violation.finding is Finding.CRITERION_NOT_MET
    assert violation.fix == {"en": "Build cranes."}
    assert (warning.finding, warning.fix) == (None, {})
    (basis,) = violation.basis
    assert (basis.article, str(basis.in_force_from)) == ("3", "1950-05-31")
    assert basis.label == {"en": "Ports Act, Article 3"}
    assert (basis.act, basis.source) == (NamedNode(f"{EX}ports-act"), NamedNode(f"{EX}text"))
    assert warning.basis == violation.basis


def test_blank_nodes_and_odd_literals_come_back_as_the_data_have_them(judge: Judge) -> None:
    data = """_:one ex:near _:two , "a\\tb\\"\\\\\\n\\u0001 神" , "x"@ja-Hira , "007"^^xsd:integer ,
        "1.50"^^xsd:decimal , "1e3"^^xsd:decimal , ex:port%20 . _:two ex:near _:one ."""
    shapes = "ex:S sh:targetSubjectsOf ex:near ; sh:property [ sh:path ex:near ; sh:in ( 1 ) ] ."
    statements = graph(data)
    found = validate(statements, shapes=graph(shapes), engine=Engine.FAST).results
    expected = {(triple.subject, triple.object) for triple in statements}
    assert {(result.focus, result.value) for result in found} == expected
    assert len(judge(data, shapes).results) == len(expected) == len(found)


def test_blank_nodes_of_closed_shapes_are_let_alone(judge: Judge) -> None:
    shapes = "ex:S sh:targetClass ex:Port ; sh:closed true ; sh:property [ sh:path rdf:type ] ."
    (result,) = judge("[] a ex:Port ; ex:near [ a ex:Port ] .", shapes).results
    assert result.path is not None
    assert result.path.node == NamedNode(f"{EX}near")


def test_a_result_has_the_name_and_the_description_of_what_raised_it(judge: Judge) -> None:
    shapes = (
        SHAPES
        + """
        ex:PortShape sh:description "A port."@en ; sh:sparql ex:named , ex:unnamed .
        ex:cranes-positive sh:name "cranes"@en , "クレーン"@ja ; sh:description "Counted."@en .
        ex:named sh:name "query"@en ; sh:select "SELECT $this { $this ?p -1 }" .
        ex:unnamed sh:select "SELECT $this ?value { $this ?p ?value FILTER(?value = -1) }" ."""
    )
    said = {str(r.source): (r.name, r.description) for r in judge(PORTS, shapes).results}
    assert said == {
        f"<{EX}cranes-positive>": (
            {"en": "cranes", "ja": "クレーン"},
            {"en": "Counted."},
        ),
        f"<{EX}opened-known>": ({}, {}),
        f"<{EX}named>": ({"en": "query"}, {"en": "A port."}),
        f"<{EX}unnamed>": ({"en": "port"}, {"en": "A port."}),
    }


@pytest.mark.parametrize(("value", "counts"), [("false", True), ("true", False)])
def test_only_what_is_deactivated_is_silent(judge: Judge, value: str, counts: bool) -> None:
    found = judge(
        PORTS,
        SHAPES
        + sparql("SELECT $this WHERE { $this ex:cranes 4 }")
        + f" ex:PortShape sh:deactivated {value} .",
    )
    assert bool(found.results) is counts
    assert (
        any(result.constraint == NamedNode(f"{EX}constraint") for result in found.results) is counts
    )
