"""The report in every RDF syntax: a report by the letter of SHACL, with what we add to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, RdfFormat, Store, parse

from econsec.knowledge.reports import Report, Severity
from econsec.knowledge.reports.rdf import as_rdf
from econsec.rdf.namespaces import ESH, PREFIXES, SH

SYNTAXES = [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD, RdfFormat.RDF_XML]


def read(report: Report, syntax: RdfFormat) -> Store:
    store = Store()
    store.extend(parse(as_rdf(report, syntax), syntax))
    return store


def holds(store: Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", ["report", "clean", "idle", "cut"])
def test_the_letter_of_shacl_is_kept(
    name: str, syntax: RdfFormat, request: pytest.FixtureRequest
) -> None:
    """SHACL, 3.6: one report with one verdict, and what each result must hold."""
    report: Report = request.getfixturevalue(name)
    store = read(report, syntax)
    verdict = str(report.conforms).lower()
    assert holds(store, f"?r a sh:ValidationReport ; sh:conforms {verdict}")
    counted = Counter[str]()
    for quad in store:
        if quad.predicate == SH("result"):
            counted["result"] += 1
            about = list(store.quads_for_pattern(quad.object, None, None))
            predicates = Counter(each.predicate for each in about)
            for needed in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
                assert predicates[SH(needed)] == 1
            for allowed in ("resultPath", "value", "sourceShape", "sourceConstraint"):
                assert predicates[SH(allowed)] <= 1
    assert counted["result"] == len(report.results)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_result_says_what_the_record_says(report: Report, syntax: RdfFormat) -> None:
    assert holds(
        read(report, syntax),
        """?result sh:focusNode designation:jp-scp-permanent-magnets ;
            sh:sourceShape esh:external-dependency-met ; sh:resultSeverity sh:Violation ;
            sh:sourceConstraintComponent sh:QualifiedMaxCountConstraintComponent ;
            sh:resultMessage "要件の非充足：外部依存性。"@ja ;
            sh:resultPath/rdf:first es:hasUnmetAssessment ;
            sh:resultPath/rdf:rest/rdf:first es:assessesCriterion ;
            esh:finding esh:criterion-not-met ; esh:fix "Correct the assessment."@en ;
            esh:rootShape esh:SpecifiedCriticalProductDesignationShape ;
            esh:sourceGraph graph:reference ;
            esh:document "cases/magnets and more.ttl" ; esh:line 12 ;
            esh:legalBasis esh:basis-article-7 .
        esh:basis-article-7 a esh:LegalBasis ; esh:article "7" ; esh:act legislation:jp-espa ;
            esh:inForceFrom "2022-08-01"^^xsd:date ;
            rdfs:seeAlso <https://laws.e-gov.go.jp/law/504AC0000000043> .""",
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_audit_goes_with_the_report(report: Report, syntax: RdfFormat) -> None:
    assert holds(
        read(report, syntax),
        """?report a sh:ValidationReport ; esh:seconds 1.5 ; esh:audit ?ran , ?idle .
        ?ran a esh:Audit ; esh:auditedShape esh:SpecifiedCriticalProductDesignationShape ;
            rdfs:label "物資"@ja ; esh:focusNodes 2 ; esh:results 2 ;
            esh:engine "fast" ; esh:seconds 0.25 .
        ?idle esh:auditedShape esh:TradeBanShape ; esh:focusNodes 0 .
        FILTER NOT EXISTS { ?report esh:truncated ?any }""",
    )


def test_a_cut_report_says_so(cut: Report) -> None:
    store = read(cut, RdfFormat.TURTLE)
    assert holds(store, "?report a sh:ValidationReport ; esh:truncated true")
    omitted = {
        severity: holds(
            store,
            f"?r esh:omitted [ sh:resultSeverity sh:{severity.value.title()} ; esh:results {n} ]",
        )
        for severity, n in zip(Severity, (1, 1, 2), strict=True)
    }
    assert all(omitted.values())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_nodes_of_data_and_shapes_are_not_confused(report: Report, syntax: RdfFormat) -> None:
    """The focus node `_:b0` is not the path `_:b0`, of the shapes, that the result bears too."""
    store = read(report, syntax)
    assert holds(store, "?r sh:focusNode ?node ; sh:resultPath ?path FILTER(?node != ?path)")
    assert not holds(store, "?r sh:focusNode ?node . ?node rdf:first ?any")


def test_nodes_of_the_report_are_not_nodes_of_the_data(report: Report) -> None:
    for label in ("report", "result1", "xresult1", "shape1"):
        result = replace(report.results[0], focus=BlankNode(label))
        store = read(Report((result,), report.audit), RdfFormat.N_TRIPLES)
        assert not holds(store, "?r sh:focusNode ?node . ?node ?p ?o")


def test_shared_nodes_of_paths_are_written_once(report: Report) -> None:
    lines = as_rdf(Report(report.results * 2, ()), RdfFormat.N_TRIPLES).splitlines()
    assert len(lines) == len(set(lines))
    assert sum(b"assessesCriterion>" in line and b"#first>" in line for line in lines) == 1


def test_xml_writes_what_it_cannot_hold_as_a_replacement(report: Report) -> None:
    (value,) = (
        quad.object
        for quad in read(report, RdfFormat.RDF_XML)
        if quad.predicate == SH("value") and "script" in str(quad.object)
    )
    assert value == Literal("=1+1 ]]> \ufffd </style><script>alert(1)</script>")
    exact = read(report, RdfFormat.N_TRIPLES).quads_for_pattern(None, SH("value"), None)
    assert report.results[1].value in {quad.object for quad in exact}


def test_the_prefixes_are_those_in_use(report: Report) -> None:
    written = as_rdf(report, RdfFormat.TURTLE).decode()
    prefixes = {line.split()[1] for line in written.splitlines() if line.startswith("@prefix")}
    assert {"sh:", "esh:", "es:", "designation:"} <= prefixes
    assert "foaf:" not in prefixes
    assert ESH("audit").value not in written
