"""The report of a validation, as a record and in every form it is written in."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import SH as RDFLIB_SH
from rdflib import Graph
from rich.console import Console

from econsec.errors import UsageError
from econsec.knowledge.report_text import print_text
from econsec.knowledge.reports import (
    Audit,
    Path,
    Report,
    ReportFormat,
    Result,
    Severity,
    as_json,
    as_rdf,
    said_in,
    spelt,
)
from econsec.rdf.namespaces import ES, ESH, GRAPH, PREFIXES, RDF, SH, XSD

MAGNETS = NamedNode(PREFIXES["amount"] + "magnets")
PRINTED, NOTE = ES("asPrinted"), NamedNode(PREFIXES["skos"] + "note")
FIRST, SECOND, INNER = BlankNode("p1"), BlankNode("p2"), BlankNode("p0")
EITHER = Path(
    text="es:asPrinted | skos:note",
    node=INNER,
    triples=(
        Triple(INNER, SH("alternativePath"), FIRST),
        Triple(FIRST, RDF("first"), PRINTED),
        Triple(FIRST, RDF("rest"), SECOND),
        Triple(SECOND, RDF("first"), NOTE),
        Triple(SECOND, RDF("rest"), RDF("nil")),
    ),
)
NEGATIVE = Result(
    focus=MAGNETS,
    severity=Severity.VIOLATION,
    shape=ESH("amount-value"),
    component=SH("MinInclusiveConstraintComponent"),
    messages={"en": "Below zero.", "ja": "負の値です。"},
    label={"en": "25.3 billion yen", "ja": "253億円"},
    path=Path("es:amountValue", ES("amountValue")),
    value=Literal("-1", datatype=XSD("decimal")),
    graph=GRAPH("reference"),
)
UNPRINTED = Result(
    focus=BlankNode("b1"),
    severity=Severity.WARNING,
    shape=ESH("AmountShape"),
    component=SH("SPARQLConstraintComponent"),
    messages={"": "Not printed [red]anywhere[/red]."},
    label={},
    path=EITHER,
    constraint=ESH("amount-printed"),
)
AUDIT = (Audit(ESH("AmountShape"), {"en": "amount"}, focus_nodes=2, results=2),)
REPORT = Report((NEGATIVE, UNPRINTED), AUDIT)
CLEAN = Report((), (*AUDIT, Audit(ESH("CountShape"), {}, focus_nodes=0, results=0)))


def text(report: Report, language: str) -> str:
    file = StringIO()
    print_text(report, Console(file=file, width=200), language=language)
    return file.getvalue()


def test_only_violations_break_conformity() -> None:
    assert not REPORT.conforms
    assert Report((UNPRINTED,), AUDIT).conforms
    assert CLEAN.conforms
    assert REPORT.counts() == {Severity.VIOLATION: 1, Severity.WARNING: 1}


def test_unknown_severities_count_as_violations() -> None:
    assert Severity.of(SH + "Warning") is Severity.WARNING
    assert Severity.of(SH + "Info") is Severity.INFO
    assert Severity.of("https://example.org/Disaster") is Severity.VIOLATION
    assert [s.iri for s in Severity] == [SH("Violation"), SH("Warning"), SH("Info")]


def test_texts_fall_back_to_english_and_then_to_any() -> None:
    assert said_in({"en": "a", "ja": "b"}, "ja") == "b"
    assert said_in({"en": "a", "": "c"}, "ja") == "a"
    assert said_in({"": "c", "fr": "d"}, "ja") == "c"
    assert said_in({"fr": "d"}, "ja") == "d"
    assert said_in({}, "ja") == ""


def test_terms_are_spelt_as_in_turtle() -> None:
    assert spelt(MAGNETS) == "amount:magnets"
    assert spelt(NamedNode("https://example.org/a")) == "<https://example.org/a>"
    assert spelt(BlankNode("b1")) == "_:b1"
    assert spelt(Literal("磁石", language="ja")) == '"磁石"@ja'
    assert spelt(None) == ""


def test_the_text_shows_thing_path_value_and_source_in_the_language_asked_for() -> None:
    english, japanese = text(REPORT, "en"), text(REPORT, "ja")
    for shown in ("violation", "25.3 billion yen", "amount:magnets", "es:amountValue"):
        assert shown in english
    for shown in ("Below zero.", '"-1"^^xsd:decimal', "[esh:amount-value]", "[esh:amount-printed]"):
        assert shown in english
    for shown in ("違反", "警告", "253億円", "負の値です。", "不適合"):
        assert shown in japanese
    assert "Does not conform (violations: 1, warnings: 1)." in english


def test_the_text_is_not_taken_for_markup() -> None:
    assert "Not printed [red]anywhere[/red]." in text(REPORT, "en")


def test_the_text_of_a_clean_report_says_what_was_looked_at() -> None:
    summary = (
        "Conforms (no findings). 2 shapes, 1 of them with nothing to check; 2 checks of a node.\n"
    )
    assert text(CLEAN, "en") == summary
    assert text(CLEAN, "ja") == "適合：指摘なし。シェイプ 2 件（対象なし 1 件）、検査 2 回。\n"


def test_json_for_programs_that_know_no_rdf() -> None:
    content = json.loads(as_json(REPORT))
    assert content["conforms"] is False
    assert content["results"][0] == {
        "severity": "violation",
        "focusNode": "amount:magnets",
        "label": {"en": "25.3 billion yen", "ja": "253億円"},
        "path": "es:amountValue",
        "value": '"-1"^^xsd:decimal',
        "component": "sh:MinInclusiveConstraintComponent",
        "shape": "esh:amount-value",
        "constraint": None,
        "graph": "https://w3id.org/econsec/graph/reference",
        "messages": {"en": "Below zero.", "ja": "負の値です。"},
    }
    assert content["shapes"] == [
        {"shape": "esh:AmountShape", "name": {"en": "amount"}, "focusNodes": 2, "results": 2}
    ]


@pytest.mark.parametrize(
    ("format", "syntax"),
    [
        (ReportFormat.TURTLE, RdfFormat.TURTLE),
        (ReportFormat.N_TRIPLES, RdfFormat.N_TRIPLES),
        (ReportFormat.JSON_LD, RdfFormat.JSON_LD),
    ],
)
def test_every_rdf_syntax_carries_a_standard_report(
    format: ReportFormat, syntax: RdfFormat
) -> None:
    graph = Graph()
    written = as_rdf(REPORT, format).encode()
    lines = "\n".join(f"{q.subject} {q.predicate} {q.object} ." for q in parse(written, syntax))
    graph.parse(data=lines, format="nt")
    answer = graph.query(
        """
        ASK {
          ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?one , ?two .
          ?one a sh:ValidationResult ; sh:focusNode amount:magnets ; sh:resultPath es:amountValue ;
            sh:value -1.0 ; sh:resultSeverity sh:Violation ; sh:sourceShape esh:amount-value ;
            sh:sourceConstraintComponent sh:MinInclusiveConstraintComponent ;
            sh:resultMessage "Below zero."@en , "負の値です。"@ja .
          ?two sh:resultSeverity sh:Warning ; sh:sourceConstraint esh:amount-printed ;
            sh:resultPath/sh:alternativePath/rdf:rest/rdf:first skos:note .
          FILTER NOT EXISTS { ?two sh:value ?any }
        }
        """.replace("-1.0", '"-1"^^xsd:decimal'),
        initNs=PREFIXES,
    )
    assert answer.askAnswer
    assert len(list(graph.objects(predicate=RDFLIB_SH.result))) == 2


def test_results_that_share_a_path_write_it_once() -> None:
    report = Report((UNPRINTED, UNPRINTED), AUDIT)
    lines = as_rdf(report, ReportFormat.N_TRIPLES).splitlines()
    assert sum("alternativePath" in line for line in lines) == 1
    assert len(lines) == len(set(lines))


def test_turtle_uses_the_prefixes_of_the_project() -> None:
    written = as_rdf(REPORT, ReportFormat.TURTLE)
    assert "sh:focusNode amount:magnets" in written
    assert as_rdf(REPORT, ReportFormat.TURTLE) == written


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("text", ReportFormat.TEXT),
        ("TTL", ReportFormat.TURTLE),
        (".ttl", ReportFormat.TURTLE),
        ("application/ld+json", ReportFormat.JSON_LD),
        ("jsonld", ReportFormat.JSON_LD),
        ("nt", ReportFormat.N_TRIPLES),
        ("json", ReportFormat.JSON),
    ],
)
def test_formats_go_by_name_extension_and_media_type(name: str, format: ReportFormat) -> None:
    assert ReportFormat.named(name) is format


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="known are text, turtle, json-ld, nt, json"):
        ReportFormat.named("xls")
