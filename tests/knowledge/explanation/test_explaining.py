"""What is said of a designation: criterion by criterion, with the law and the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from econsec.errors import UsageError
from econsec.knowledge.explanation import explain, explain_all, explain_in, things_of
from econsec.knowledge.manifest import SHAPES
from econsec.knowledge.reports import (
    Audit,
    Explanation,
    Finding,
    LegalBasis,
    Report,
    Result,
    Severity,
)
from econsec.rdf.namespaces import ESH, GRAPH, PREFIXES, SH, SKOS

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> .\n" + "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n"
    for name in ("basis", "dcterms", "eli", "es", "esh", "oa", "rdfs", "sh", "skos", "xsd")
)
DATA = """
:d a es:Designation, :Kind ; skos:prefLabel "the designation"@en, "指定"@ja ;
   es:designates :magnets ; es:designatingAuthority :cabinet ; es:hasLegalBasis :article ;
   es:designationDate "2022-12-23"^^xsd:date ; es:underSystem :system ;
   es:hasAssessment :met, :unmet ; es:hasMetAssessment :met ; es:hasUnmetAssessment :unmet ;
   es:notStated es:hasStatus ; dcterms:source <http://example.org/law.html> .
es:hasStatus skos:prefLabel "status"@en, "状態"@ja .
:magnets skos:prefLabel "magnets"@en, "磁石"@ja .
:cabinet skos:prefLabel "the Cabinet"@en, "内閣"@ja .
:system skos:prefLabel "stable supply"@en, "安定供給"@ja .
:article skos:prefLabel "Article 1 of the Order"@en, "施行令第1条"@ja ; es:hasLegalBasis :seven .
:seven es:hasCriterionRule :rule ; eli:id_local "7" ; es:partOf :act .
:rule es:requiresAllOf :importance, :dependency, :necessity .
:importance skos:prefLabel "importance"@en, "重要性"@ja ; es:position 1 .
:dependency skos:prefLabel "dependency"@en, "依存性"@ja ; es:position 2 .
:necessity skos:prefLabel "necessity"@en, "必要性"@ja ; es:position 3 .
:met es:assessesCriterion :importance ; es:hasBasis basis:stated ; es:assessedBy :cabinet .
:unmet es:assessesCriterion :dependency .
basis:stated skos:prefLabel "stated"@en, "明言"@ja ;
   skos:definition "The source says it."@en, "出典が述べる。"@ja .
:seven skos:prefLabel "Article 7 of the Act"@en, "法第7条"@ja .
:section skos:prefLabel "Section 12"@en, "第12節"@ja .
:lonely skos:prefLabel "lonely"@en, "孤独"@ja .
"""
SHAPES_GRAPH = """
esh:S a sh:NodeShape ; sh:targetClass es:Designation ; esh:legalBasis esh:basis ;
   sh:property esh:p .
esh:p sh:path es:competentMinister ; sh:minCount 1 ; sh:message "No minister."@en, "大臣なし。"@ja .
esh:basis skos:prefLabel "Article 7"@en, "第7条"@ja ; esh:article "7" ; esh:act :act ;
   esh:inForceFrom "2022-08-01"^^xsd:date .
esh:K a sh:NodeShape ; sh:targetClass :Kind ; sh:property esh:k1, esh:k2, esh:k3, esh:nameless .
esh:k3 sh:path ( es:hasUnmetAssessment es:assessesCriterion ) ; sh:maxCount 9 ;
   sh:name "importance: met"@en .
esh:k1 sh:path es:designates ; sh:minCount 1 ; sh:name "product"@en, "物資"@ja .
esh:k2 sh:path es:designationDate ; sh:minCount 1 ; sh:name "date"@en, "日付"@ja .
esh:nameless sh:path es:underSystem ; sh:minCount 1 .
esh:T a sh:NodeShape ; sh:targetClass es:Designation ; esh:legalBasis esh:other .
esh:other skos:prefLabel "Article 63"@en ; esh:article "63" ; esh:act :act ;
   esh:inForceFrom "2022-08-01"^^xsd:date .
esh:profile-designation a esh:Profile ; skos:notation "designation" ; dcterms:hasPart esh:S .
"""
EVIDENCE = """
:a oa:hasBody :magnets ; oa:hasTarget :p .
:p es:inSection :section ; oa:hasSelector :s .
:s oa:start 6759 ; oa:end 6763 .
"""
THIS = NamedNode(EX + "d")
AUDIT = tuple(Audit(ESH(name), {}, focus_nodes=1, results=0) for name in ("S", "T", "K"))
NOTHING_FOUND = Report((), AUDIT)


def store(data: str = DATA, *, shapes: str = SHAPES_GRAPH) -> Store:
    made = Store()
    made.load(HEAD + data, RdfFormat.TURTLE)
    made.load(HEAD + shapes, RdfFormat.TURTLE, to_graph=SHAPES)
    made.load(HEAD + EVIDENCE, RdfFormat.TURTLE, to_graph=GRAPH("evidence"))
    return made


def of_designation(report: Report = NOTHING_FOUND, data: str = DATA) -> Explanation:
    (explanation,) = explain(store(data), THIS, report=report)
    return explanation


def test_a_designation_is_told_in_both_languages() -> None:
    explanation = of_designation()
    assert explanation.is_valid is True
    assert explanation.text("en").splitlines() == [
        "Valid: the designation meets all that is demanded of it.",
        "It designates magnets.",
        "It was made by the Cabinet.",
        "It is dated 2022-12-23.",
        "It belongs to the system “stable supply”.",
        "It rests on Article 1 of the Order.",
        "Article 7 was in force on that day (since 2022-08-01).",
        "Criterion “importance” (Article 7 of the Act): met (basis “stated”, that is: the source "
        "says it; assessed by the Cabinet).",
        "Criterion “dependency” (Article 7 of the Act): not met (basis not stated).",
        "Criterion “necessity” (Article 7 of the Act): not assessed; information is missing.",
        "Checked without a fault: date; product.",
        "No source that was read states: status.",
        "Evidence: magnets in “Section 12”, characters 6760–6763.",
        "Sources: http://example.org/law.html.",
    ]
    japanese = explanation.text("ja").splitlines()
    assert (
        "要件「重要性」（法第7条）：満たされる（根拠「明言」、すなわち出典が述べる、評価主体：内閣）。"
        in japanese
    )
    assert "要件「必要性」（法第7条）：評価がなく、情報が欠けています。" in japanese
    assert "検査して指摘のなかった事項：日付、物資。" in japanese
    assert "読んだ出典のどれも示していないもの：状態。" in japanese
    assert "典拠：「磁石」、「第12節」6760～6763字目。" in japanese
    assert all(set(sentence) == {"en", "ja"} for sentence in explanation.sentences)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ('"2022-07-31"^^xsd:date', "Article 7 came into force on 2022-08-01, after the date of"),
        ('"2022-08-01"^^xsd:date', "Article 7 was in force on that day (since 2022-08-01)."),
        ('"2022"^^xsd:gYear', "the designation bears no day to compare."),
    ],
)
def test_the_law_is_that_of_the_day(day: str, expected: str) -> None:
    data = DATA.replace('"2022-12-23"^^xsd:date', day)
    assert expected in of_designation(data=data).text("en")


def result(focus: str, **more: object) -> Result:
    return Result(
        focus=NamedNode(EX + focus),
        severity=more.pop("severity", Severity.VIOLATION),  # type: ignore[arg-type]
        shape=ESH("p"),
        component=SH("MinCountConstraintComponent"),
        messages={"en": "No minister.", "ja": "大臣なし。"},
        label={},
        finding=Finding.INFORMATION_MISSING,
        **more,  # type: ignore[arg-type]
    )


def test_what_was_found_is_said_with_the_law_and_what_would_mend_it() -> None:
    basis = LegalBasis(ESH("basis"), {"en": "Article 7", "ja": "第7条"})
    found = result("d", basis=(basis,), fix={"en": "Name him.", "ja": "示してください。"})
    other = result("elsewhere")
    explanation = of_designation(Report((found, other), AUDIT))
    assert explanation.is_valid is False
    assert explanation.text("en").splitlines()[-1] == (
        "Fault: No minister. [Article 7] To mend it: Name him."
    )
    assert explanation.text("ja").splitlines()[-1] == (
        "指摘：大臣なし。［第7条］ 是正策：示してください。"
    )
    assert explanation.text("en").startswith("Not valid: the designation")


def test_what_is_found_of_its_parts_counts_too() -> None:
    explanation = of_designation(Report((result("met"),), AUDIT))
    assert explanation.is_valid is False
    assert "Fault in “http://example.org/met”: No minister." in explanation.text("en")


def test_a_warning_does_not_make_it_invalid() -> None:
    explanation = of_designation(Report((result("d", severity=Severity.WARNING),), AUDIT))
    assert explanation.is_valid is True
    assert explanation.text("en").splitlines()[-1] == "Warning: No minister."


def test_what_is_designated_is_explained_by_its_designations() -> None:
    (explanation,) = explain(store(), NamedNode(EX + "magnets"), report=NOTHING_FOUND)
    assert explanation.focus == THIS


def test_what_nothing_designates_says_so() -> None:
    (explanation,) = explain(store(), NamedNode(EX + "lonely"), report=NOTHING_FOUND)
    assert explanation.is_valid is None
    assert explanation.text("ja") == "「孤独」を名指しする指定はデータにありません。"


def test_without_a_shape_nothing_is_called_valid() -> None:
    for made, report in ((store(shapes=""), NOTHING_FOUND), (store(), Report((), ()))):
        (explanation,) = explain(made, THIS, report=report)
        assert explanation.is_valid is None
        assert explanation.text("en").startswith(
            "Not judged: none of the shapes says what the designation must meet."
        )
        assert "Checked without" not in explanation.text("en")


def test_a_demand_that_is_not_met_is_not_called_checked_without_a_fault() -> None:
    broken = replace(result("d"), shape=ESH("k1"))
    assert "Checked without a fault: date." in of_designation(Report((broken,), AUDIT)).text("en")
    advice = replace(broken, severity=Severity.WARNING)
    assert "fault: date; product." in of_designation(Report((advice,), AUDIT)).text("en")


def test_what_stands_beside_is_named_and_not_judged() -> None:
    source, evidence = GRAPH("source/x"), GRAPH("source/x/evidence")
    beside = [
        Quad(NamedNode(EX + "cabinet"), SKOS("prefLabel"), Literal("the Cabinet"), source),
        *(
            Quad(quad.subject, quad.predicate, quad.object, evidence)
            for quad in parse((HEAD + EVIDENCE).encode(), RdfFormat.TURTLE)
        ),
    ]
    made = Store()
    made.load(
        HEAD + DATA.replace(':cabinet skos:prefLabel "the Cabinet"@en, "内閣"@ja .', ""),
        RdfFormat.TURTLE,
    )
    (explanation,) = explain_all(
        made,
        shapes=parse((HEAD + SHAPES_GRAPH).encode(), RdfFormat.TURTLE),
        report=NOTHING_FOUND,
        within=lambda _: True,
        beside=beside,
    )
    assert "It was made by the Cabinet." in explanation.text("en")
    assert "Evidence: magnets in “Section 12”" in explanation.text("en")
    assert not list(made.quads_for_pattern(NamedNode(EX + "a"), None, None, DefaultGraph()))


def test_the_data_set_is_held_against_its_own_shapes() -> None:
    (explanation,) = explain_in(store(), f"<{EX}d>", profile="designation")
    assert explanation.is_valid is False
    assert "Fault: No minister. [Article 7]" in explanation.text("en")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="say nothing of"):
        explain_in(store(), EX + "other", profile="designation")
    with pytest.raises(UsageError, match="is no IRI"):
        explain_in(store(), "two words", profile="designation")
    with pytest.raises(UsageError, match="no profile"):
        explain_in(store(), EX + "d", profile="other")
    assert THIS in things_of(store())
