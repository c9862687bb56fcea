"""Reports to write: one with all that a result can hold, one that is hostile, and others."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.knowledge.reports import (
    Audit,
    Finding,
    LegalBasis,
    Path,
    Place,
    Report,
    Result,
    Severity,
)
from econsec.rdf.namespaces import ES, ESH, GRAPH, PREFIXES, RDF, SH, XSD

ARTICLE = LegalBasis(
    iri=ESH("basis-article-7"),
    label={"en": "Economic Security Promotion Act, Article 7", "ja": "経済安全保障推進法第7条"},
    act=NamedNode(PREFIXES["legislation"] + "jp-espa"),
    article="7",
    in_force_from=date(2022, 8, 1),
    source=NamedNode("https://laws.e-gov.go.jp/law/504AC0000000043"),
)
FIRST, REST = BlankNode("b0"), BlankNode("b1")
UNMET = Path(
    text="es:hasUnmetAssessment / es:assessesCriterion",
    node=FIRST,
    triples=(
        Triple(FIRST, RDF("first"), ES("hasUnmetAssessment")),
        Triple(FIRST, RDF("rest"), REST),
        Triple(REST, RDF("first"), ES("assessesCriterion")),
        Triple(REST, RDF("rest"), RDF("nil")),
    ),
)
ROOT = ESH("SpecifiedCriticalProductDesignationShape")
CRITERION = Result(
    focus=NamedNode(PREFIXES["designation"] + "jp-scp-permanent-magnets"),
    severity=Severity.VIOLATION,
    shape=ESH("external-dependency-met"),
    component=SH("QualifiedMaxCountConstraintComponent"),
    messages={"en": "Criterion not met: external dependency.", "ja": "要件の非充足：外部依存性。"},
    label={"en": "permanent magnets", "ja": "永久磁石"},
    path=UNMET,
    root=ROOT,
    graph=GRAPH("reference"),
    place=Place("cases/magnets and more.ttl", 12),
    finding=Finding.CRITERION_NOT_MET,
    basis=(ARTICLE,),
    fix={"en": "Correct the assessment.", "ja": "評価を訂正してください。"},
    name={"en": "external dependency: met", "ja": "外部依存性：充足"},
    description={"en": "It is not assessed as not met.", "ja": "満たされないと評価されていない。"},
)
EARLY = Result(
    focus=CRITERION.focus,
    severity=Severity.WARNING,
    shape=ESH("FirstOrderShape"),
    constraint=ESH("product-first-order"),
    component=SH("SPARQLConstraintComponent"),
    messages={"en": "The provision was not in force.", "ja": "根拠規定が未施行です。"},
    label=CRITERION.label,
    path=Path("es:designationDate", ES("designationDate")),
    value=Literal("2022-07-31", datatype=XSD("date")),
    root=ESH("FirstOrderShape"),
    graph=GRAPH("reference"),
    finding=Finding.NOT_IN_FORCE,
)
HOSTILE = Result(
    # The label of the blank node is one that a path of the shapes bears too.
    focus=BlankNode("b0"),
    severity=Severity.VIOLATION,
    shape=BlankNode("b1"),
    component=SH("PatternConstraintComponent"),
    messages={"en": "A | B <b>`x`</b> [go](javascript:alert(1)) {0}\r\nnext\x00\x1b[31m line"},
    label={"en": "<img src=x onerror=alert(1)>", "ja": "\u202e@SUM(1)"},
    path=UNMET,
    value=Literal("=1+1 ]]> \x01 </style><script>alert(1)</script>"),
    root=ROOT,
    place=Place("<stdin>", 3),
    name={"en": "a | b\n# c"},
)
BARE = Result(
    focus=Literal("42", datatype=XSD("integer")),
    severity=Severity.INFO,
    shape=NamedNode("javascript:alert(1)"),
    component=SH("DatatypeConstraintComponent"),
    messages={"": "no language", "fr": "étrange"},
    label={},
)
SILENT = Result(
    focus=NamedNode("https://example.org/a"),
    severity=Severity.INFO,
    shape=ESH("label-en"),
    component=SH("MinCountConstraintComponent"),
    messages={},
    label={"ja": "例"},
)
AUDIT = (
    Audit(ROOT, {"en": "product", "ja": "物資"}, 2, 2, engine="fast", seconds=0.25),
    Audit(ESH("FirstOrderShape"), {}, 2, 1, engine="reference"),
    Audit(ESH("TradeBanShape"), {"en": "trade ban"}, 0, 0, engine="fast", seconds=0.0),
)


@pytest.fixture
def report() -> Report:
    """Two results on one node with all that a result can hold, and three on odd nodes."""
    return Report((CRITERION, HOSTILE, EARLY, BARE, SILENT), AUDIT, seconds=1.5)


@pytest.fixture
def clean() -> Report:
    return Report((), AUDIT)


@pytest.fixture
def idle() -> Report:
    """Nothing was checked."""
    return Report((), AUDIT[2:])


@pytest.fixture
def cut(report: Report) -> Report:
    """The first result of five; a violation, a warning and two infos are left out."""
    return report.limited(1)


@pytest.fixture
def many() -> Report:
    return Report((CRITERION, HOSTILE, EARLY, BARE, SILENT) * 2000, AUDIT)
