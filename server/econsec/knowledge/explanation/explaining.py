"""From what is stated, and what a validation found, to sentences: one function for each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from econsec.knowledge.explanation.criteria import criteria
from econsec.knowledge.explanation.facts import Facts, joined
from econsec.knowledge.explanation.faults import faults
from econsec.knowledge.explanation.sentences import Sentence, listed, sentence
from econsec.knowledge.reports import (
    Explanation,
    LegalBasis,
    Report,
    Result,
    Severity,
    Texts,
)

__all__ = ["explain"]

_SHOWN = 5
"""Passages that are named; a thing may be spoken of in many."""


def explain(store: Store, this: NamedNode, *, report: Report) -> tuple[Explanation, ...]:
    """Why the designation `this`, or each designation of the thing `this`, is valid or not.

    `store` holds the data set with its merge, inferences, shapes and evidence, `report`
    what a validation of it found. For a thing that nothing designates, one explanation
    says so, with what the validation found of it. Nothing at all is an empty answer.
    """
    facts = Facts(store)
    if facts.is_designation(this):
        return (_of_designation(facts, this, report),)
    named_by = facts.designations(this)
    found = _results(report, {this})
    if named_by:
        own = (_of_thing(facts, this, found),) if found else ()
        return (*own, *(_of_designation(facts, each, report) for each in named_by))
    return (_of_thing(facts, this, found),) if facts.exists(this) else ()


def _of_designation(facts: Facts, this: NamedNode, report: Report) -> Explanation:
    about = {this, *_named(facts, this, "es:hasAssessment", "es:designates")}
    found = _results(report, about)
    is_valid = all(result.severity is not Severity.VIOLATION for result in found)
    judged = {audit.shape for audit in report.audit}
    shapes = [shape for shape in facts.shapes(this) if shape in judged]
    designated = _named(facts, this, "es:designates")
    sentences = (
        _verdict(facts.label(this), is_valid=is_valid if shapes else None),
        *_act(facts, this),
        *_law(facts, this),
        *criteria(facts, this),
        *_demands(facts, shapes, found),
        *_unstated(facts, this),
        *_passages(facts, this),
        *(sentence for each in designated for sentence in _passages(facts, each)),
        *_sources(facts, this),
        *faults(facts, this, found),
    )
    return Explanation(this, facts.label(this), is_valid if shapes else None, sentences)


def _of_thing(facts: Facts, this: NamedNode, found: Sequence[Result]) -> Explanation:
    label = facts.label(this)
    says = (
        sentence(
            "No designation in the data names {name}.",
            "「{name}」を名指しする指定はデータにありません。",
            name=label,
        ),
    )
    first = () if facts.designations(this) else says
    return Explanation(this, label, None, (*first, *faults(facts, this, found)))


def _verdict(name: Texts, *, is_valid: bool | None) -> Sentence:
    if is_valid is None:
        return sentence(
            "Not judged: none of the shapes says what {name} must meet.",
            "判定なし：「{name}」が満たすべきことを定めるシェイプはありません。",
            name=name,
        )
    if is_valid:
        return sentence(
            "Valid: {name} meets all that is demanded of it.",
            "有効：「{name}」は求められることを全て満たします。",
            name=name,
        )
    return sentence(
        "Not valid: {name} does not meet all that is demanded of it.",
        "無効：「{name}」は求められることの一部を満たしません。",
        name=name,
    )


def _act(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """What is designated, by whom, when, in which system."""
    for target in facts.values(this, "es:designates"):
        yield sentence(
            "It designates {what}.", "指定の対象は「{what}」です。", what=facts.label(target)
        )
    by = joined(facts, this, "es:designatingAuthority", quoted=True)
    on = facts.values(this, "es:designationDate")
    if by is not None:
        yield sentence("It was made by {who}.", "指定したのは{who}です。", who=by)
    for day in on:
        yield sentence("It is dated {day}.", "指定の日付は {day} です。", day=_plain(day))
    for system in facts.values(this, "es:underSystem"):
        yield sentence(
            "It belongs to the system “{system}”.",
            "「{system}」に属します。",
            system=facts.label(system),
        )


def _law(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """The provisions, and whether each was in force on the day that the designation bears."""
    for provision in facts.values(this, "es:hasLegalBasis"):
        yield sentence("It rests on {law}.", "根拠は「{law}」です。", law=facts.label(provision))
    days = [day for term in facts.values(this, "es:designationDate") if (day := _day(term))]
    for basis in facts.bases(this):
        if basis.in_force_from is not None:
            yield _in_force(basis, basis.in_force_from, min(days, default=None))


def _in_force(basis: LegalBasis, begins: date, day: date | None) -> Sentence:
    law, since = basis.label, begins.isoformat()
    if day is None:
        return sentence(
            "{law} has been in force since {since}; the designation bears no day to compare.",
            "「{law}」は {since} に施行されましたが、指定には比べるべき日付がありません。",
            law=law,
            since=since,
        )
    if day < begins:
        return sentence(
            "{law} came into force on {since}, after the date of the designation.",
            "「{law}」の施行は {since} で、指定の日付より後です。",
            law=law,
            since=since,
        )
    return sentence(
        "{law} was in force on that day (since {since}).",
        "「{law}」はその日に施行されていました（{since} 施行）。",
        law=law,
        since=since,
    )


def _demands(
    facts: Facts, shapes: Sequence[NamedNode], found: Sequence[Result]
) -> Iterator[Sentence]:
    """Which demands on its kind were checked without a fault; of the others, the faults tell.

    A demand on what is not there has none either, so that this is not "met".
    """
    broken = {result.source for result in found if result.severity is Severity.VIOLATION}
    met = [
        name
        for shape in shapes
        for constraint, name in facts.demands(shape)
        if constraint not in broken
    ]
    if met:
        yield sentence(
            "Checked without a fault: {names}.",
            "検査して指摘のなかった事項：{names}。",
            names=listed(met, en="; ", ja="、"),
        )


def _unstated(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """What was looked for in the sources, and is not there."""
    properties = joined(facts, this, "es:notStated")
    if properties is not None:
        yield sentence(
            "No source that was read states: {names}.",
            "読んだ出典のどれも示していないもの：{names}。",
            names=properties,
        )


def _passages(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """Where the source document speaks of it."""
    passages = facts.sections(this)
    for section, start, end in passages[:_SHOWN]:
        yield sentence(
            "Evidence: {name} in “{section}”, characters {start}–{end}.",
            "典拠：「{name}」、「{section}」{start}～{end}字目。",
            name=facts.label(this),
            section=facts.label(section),
            start=str(start + 1),  # people count from 1
            end=str(end),
        )
    if len(passages) > _SHOWN:
        more = str(len(passages) - _SHOWN)
        yield sentence(
            "Evidence: {name} in {n} more passages.",
            "典拠：「{name}」、ほか {n} か所。",
            name=facts.label(this),
            n=more,
        )


def _sources(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """The sources that it names itself."""
    sources = joined(facts, this, "dcterms:source")
    if sources is not None:
        yield sentence("Sources: {sources}.", "出典：{sources}。", sources=sources)


def _results(report: Report, about: set[NamedNode]) -> tuple[Result, ...]:
    return tuple(result for result in report.results if result.focus in about)


def _named(facts: Facts, this: NamedNode, *predicates: str) -> Iterator[NamedNode]:
    found = facts.values(this, *predicates)
    return (term for term in found if isinstance(term, NamedNode))


def _plain(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else str(term)


def _day(term: object) -> date | None:
    try:
        return date.fromisoformat(_plain(term))
    except ValueError:
        return None
