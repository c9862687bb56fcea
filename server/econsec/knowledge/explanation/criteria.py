"""What the law requires of a designation, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from econsec.knowledge.explanation.facts import Facts, joined
from econsec.knowledge.explanation.sentences import Sentence, prefixed, sentence
from econsec.knowledge.reports import Texts

__all__ = ["criteria"]

_OUTCOMES = (
    ("es:hasUnmetAssessment", "not met", "満たされない"),
    ("es:hasMetAssessment", "met", "満たされる"),
)


def criteria(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """Each criterion that the law demands: met or not, on which basis, with the source."""
    for criterion, provision in facts.criteria(this).items():
        demand = sentence(
            "Criterion “{criterion}” ({law})",
            "要件「{criterion}」（{law}）",
            criterion=facts.label(criterion),
            law=facts.label(provision),
        )
        said = [
            _assessed(facts, demand, assessment, outcome)
            for how, *outcome in _OUTCOMES
            for assessment in facts.assessments(this, how, of=criterion)
        ]
        yield from said
        if not said:
            yield sentence(
                "{demand}: not assessed; information is missing.",
                "{demand}：評価がなく、情報が欠けています。",
                demand=demand,
            )


def _assessed(
    facts: Facts, demand: Sentence, assessment: NamedNode, outcome: Sequence[str]
) -> Sentence:
    en, ja = outcome
    return sentence(
        "{demand}: {outcome} ({basis}{by}{source}).",
        "{demand}：{outcome}（{basis}{by}{source}）。",
        demand=demand,
        outcome={"en": en, "ja": ja},
        basis=_basis(facts, assessment),
        by=prefixed(
            joined(facts, assessment, "es:assessedBy"), en="; assessed by ", ja="、評価主体："
        ),
        source=prefixed(joined(facts, assessment, "dcterms:source"), en="; source ", ja="、出典："),
    )


def _basis(facts: Facts, assessment: NamedNode) -> Texts:
    """What an assessment rests on, with the meaning of that word where it is defined."""
    found = facts.values(assessment, "es:hasBasis")
    if not found:
        return {"en": "basis not stated", "ja": "根拠の記載なし"}
    meaning = facts.definition(found[0])
    clause = {"ja": meaning.get("ja", "").removesuffix("。")}
    clause["en"] = meaning.get("en", "")[:1].lower() + meaning.get("en", "")[1:].removesuffix(".")
    return sentence(
        "basis “{basis}”{clause}",
        "根拠「{basis}」{clause}",
        basis=facts.label(found[0]),
        clause=prefixed(clause if meaning else None, en=", that is: ", ja="、すなわち"),
    )
