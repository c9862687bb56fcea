"""From what is stated, and what a validation found, to sentences: one function for each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from econsec.knowledge.explanation.facts import Facts
from econsec.knowledge.explanation.sentences import Sentence, sentence
from econsec.knowledge.reports import Explanation, LegalBasis, Report, Result, Severity, Texts

__all__ = ["explain"]

_OUTCOMES = (
    ("es:hasUnmetAssessment", "not met", "満たされない"),
    ("es:hasMetAssessment", "met", "満たされる"),
)
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
    designated = _named(facts, this, "es:designates")
    sentences = (
        _verdict(facts, this, is_valid=is_valid),
        *_act(facts, this),
        *_law(facts, this),
        *_criteria(facts, this),
        *_passages(facts, this),
        *(sentence for each in designated for sentence in _passages(facts, each)),
        *_sources(facts, this),
        *_faults(facts, this, found),
    )
    return Explanation(this, facts.label(this), is_valid if facts.shapes(this) else None, sentences)


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
    return Explanation(this, label, None, (*first, *_faults(facts, this, found)))


def _verdict(facts: Facts, this: NamedNode, *, is_valid: bool) -> Sentence:
    shapes = len(facts.shapes(this))
    if not shapes:
        return sentence(
            "No shape says what {name} must meet.",
            "「{name}」が満たすべきことを定めるシェイプはありません。",
            name=facts.label(this),
        )
    if is_valid:
        return sentence(
            "Valid: {name} meets what is demanded of it (shapes that apply to its kind: {n}).",
            "有効：「{name}」は求められることを満たします（その種類に適用されるシェイプ：{n}）。",
            name=facts.label(this),
            n=str(shapes),
        )
    return sentence(
        "Not valid: {name} does not meet what is demanded of it.",
        "無効：「{name}」は求められることを満たしません。",
        name=facts.label(this),
    )


def _act(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """What is designated, by whom, when, in which system."""
    for target in facts.values(this, "es:designates"):
        yield sentence(
            "It designates {what}.", "指定の対象は「{what}」です。", what=facts.label(target)
        )
    by = facts.values(this, "es:designatingAuthority")
    on = facts.values(this, "es:designationDate")
    for authority in by:
        yield sentence(
            "It was made by {who}.", "指定したのは「{who}」です。", who=facts.label(authority)
        )
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


def _criteria(facts: Facts, this: NamedNode) -> Iterator[Sentence]:
    """Each criterion that the law demands: met or not, on which basis, with the source."""
    for criterion in facts.criteria(this):
        said = [
            _assessed(facts, criterion, assessment, outcome)
            for how, *outcome in _OUTCOMES
            for assessment in facts.assessments(this, how, of=criterion)
        ]
        yield from said
        if not said:
            yield sentence(
                "Criterion “{criterion}”: not assessed; information is missing.",
                "要件「{criterion}」：評価がなく、情報が欠けています。",
                criterion=facts.label(criterion),
            )


def _assessed(
    facts: Facts, criterion: NamedNode, assessment: NamedNode, outcome: Sequence[str]
) -> Sentence:
    en, ja = outcome
    return sentence(
        "Criterion “{criterion}”: {outcome} ({basis}{by}{source}).",
        "要件「{criterion}」：{outcome}（{basis}{by}{source}）。",
        criterion=facts.label(criterion),
        outcome={"en": en, "ja": ja},
        basis=_joined(facts, assessment, "es:hasBasis")
        or {"en": "basis not stated", "ja": "根拠の記載なし"},
        by=_prefixed(
            _joined(facts, assessment, "es:assessedBy"), en="; assessed by ", ja="、評価主体："
        ),
        source=_prefixed(
            _joined(facts, assessment, "dcterms:source"), en="; source ", ja="、出典："
        ),
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
            start=str(start),
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
    sources = _joined(facts, this, "dcterms:source")
    if sources is not None:
        yield sentence("Sources: {sources}.", "出典：{sources}。", sources=sources)


def _faults(facts: Facts, this: NamedNode, found: Sequence[Result]) -> Iterator[Sentence]:
    """What the validation found, the law that each demand stands for, and what would mend it."""
    for result in found:
        about = {} if result.focus == this else facts.label(result.focus)
        yield sentence(
            "Fault{about}: {message}{law}{fix}",
            "指摘{about}：{message}{law}{fix}",
            about=_enclosed(about or None, en=" in “{}”", ja="（{}）"),
            message=result.messages,
            law=_enclosed(_bases(result), en=" [{}]", ja="［{}］"),
            fix=_prefixed(result.fix or None, en=" To mend it: ", ja=" 是正策："),
        )


def _results(report: Report, about: set[NamedNode]) -> tuple[Result, ...]:
    return tuple(result for result in report.results if result.focus in about)


def _bases(result: Result) -> Texts | None:
    if not result.basis:
        return None
    languages = ("en", "ja")
    return {
        language: ("、" if language == "ja" else ", ").join(
            basis.label.get(language) or basis.iri.value for basis in result.basis
        )
        for language in languages
    }


def _joined(facts: Facts, this: NamedNode, predicate: str) -> Texts | None:
    """The labels of the values, in a list; addresses as they are."""
    labels = [facts.label(term) for term in facts.values(this, predicate)]
    if not labels:
        return None
    return {
        language: separator.join(label.get(language) or label.get("en", "") for label in labels)
        for language, separator in (("en", ", "), ("ja", "、"))
    }


def _prefixed(texts: Texts | None, *, en: str, ja: str) -> Texts | str:
    return _enclosed(texts, en=en + "{}", ja=ja + "{}")


def _enclosed(texts: Texts | None, *, en: str, ja: str) -> Texts | str:
    if texts is None:
        return ""
    return {
        language: form.format(texts.get(language) or texts.get("en", ""))
        for language, form in (("en", en), ("ja", ja))
    }


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
