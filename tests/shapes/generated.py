"""Designations by the thousand, with faults sown into them by a seed.

Each designation comes with its good, its entry in a list, four assessments, a budget
line and its amount: `TRIPLES_EACH` statements. Every `GROUP` budget lines are added up by a total.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Quad, RdfFormat, parse

from econsec.rdf.namespaces import BASE as PROJECT
from econsec.rdf.namespaces import PREFIXES

__all__ = ["FAULTS", "TRIPLES_EACH", "Generated", "generate"]

BASE = "https://example.org/"
GROUP = 50
TRIPLES_EACH = 80
_CRITERIA = (
    "external-dependency",
    "importance",
    "necessity-of-measures",
    "supply-disruption-likelihood",
)
_YEAR = f"<{BASE}year/2023>"
_LIST = "order-for-enforcement-of-the-economic-security-promotion-act-article-1"
_OURS = re.compile(f"<{re.escape(PROJECT)}(?:id/|vocab/|ontology#)[^>]+>")
_ABOVE = {
    "es:SpecifiedCriticalProductDesignation": "es:Designation",
    "es:Good": "skos:Concept",
}
"""Of the ontology only what says which shapes of wider classes apply, too."""

_Lines = dict[str, str]
"""The statements about a designation, each under a name by which a fault finds it."""


@dataclass
class Generated:
    """A document in N-Triples, and how many faults of each kind are in it."""

    text: str
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """The number of statements."""
        return self.text.count("\n")

    def quads(self) -> list[Quad]:
        """The statements, parsed."""
        return list(parse(self.text, RdfFormat.N_TRIPLES))


def generate(triples: int, *, faulty: float = 0.05, seed: int = 0) -> Generated:
    """About so many triples, of which the share `faulty` of the designations has one fault each.

    The same arguments make the same document.
    """
    chance = random.Random(seed)
    number = max(GROUP, round(triples / TRIPLES_EACH))
    made = Generated("")
    parts: list[str] = []
    for group in range(0, number, GROUP):
        members = range(group, min(group + GROUP, number))
        total = 0
        for index in members:
            amount = 1_000_000 * chance.randint(1, 10_000)
            total += amount
            lines = dict(_designation(index, amount))
            if chance.random() < faulty:
                name = chance.choice(tuple(FAULTS))
                FAULTS[name](lines, index)
                made.faults[name] += 1
            parts.extend(lines.values())
        if chance.random() < faulty:
            total += 1
            made.faults["a wrong sum"] += 1
        parts.extend(_total(group, members, total))
    parts.extend(line for _, line in _described(_YEAR, "es:Budget", "budget"))
    parts.extend(_triple(_term(c), "rdfs:subClassOf", _term(above)) for c, above in _ABOVE.items())
    # The project's own terms and things are known, as they are behind every document.
    known = sorted({iri for part in parts for iri in _OURS.findall(part)})
    parts.extend(_triple(iri, "a", f"<{BASE}Known>") for iri in known)
    made.text = "\n".join(line for part in parts for line in part.split("\n")) + "\n"
    return made


def _iri(kind: str, index: object) -> str:
    return f"<{BASE}{kind}/{index}>"


def _term(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^{_term(f"xsd:{datatype}")}'


def _triple(subject: str, predicate: str, object: str) -> str:
    named = _term("rdf:type") if predicate == "a" else _term(predicate)
    return f"{subject} {named} {object} ."


def _described(subject: str, kind: str, what: str) -> Iterator[tuple[str, str]]:
    yield f"{what} type", _triple(subject, "a", _term(kind))
    for language, text in (("en", what), ("ja", f"{what}（日本語）")):
        label = f'"{text} {subject[len(BASE) + 1 : -1]}"@{language}'
        yield f"{what} label {language}", _triple(subject, "skos:prefLabel", label)
        definition = f'"A {text} made for a test."@{language}'
        yield f"{what} definition {language}", _triple(subject, "skos:definition", definition)


def _designation(index: int, amount: int) -> Iterator[tuple[str, str]]:
    this, good = _iri("designation", index), _iri("good", index)
    yield from _described(this, "es:SpecifiedCriticalProductDesignation", "designation")
    yield from _described(good, "es:Good", "good")
    day = _typed(f"2023-{index % 12 + 1:02}-{index % 28 + 1:02}", "date")
    article = _term("legislation:economic-security-promotion-act-article-7")
    yield "designates", _triple(this, "es:designates", good)
    yield "authority", _triple(this, "es:designatingAuthority", _term("actor:cabinet-of-japan"))
    yield "date", _triple(this, "es:designationDate", day)
    yield "from", _triple(this, "es:effectiveFrom", day)
    yield "law", _triple(this, "es:hasLegalBasis", article)
    listed = _iri("entry", index)
    yield from _described(listed, "es:StatutoryVersion", "entry")
    yield "entry", _triple(listed, "es:lists", good)
    yield "list", _triple(listed, "es:listedIn", _term(f"legislation:{_LIST}"))
    yield "listed from", _triple(listed, "es:effectiveFrom", _typed("2022-12-23", "date"))
    yield "system", _triple(this, "es:underSystem", _term("system:critical-product-supply"))
    for name in _CRITERIA:
        assessment = _iri("assessment", f"{index}-{name}")
        yield from _described(assessment, "es:CriterionAssessment", name)
        for how in ("es:hasAssessment", "es:hasMetAssessment"):
            yield f"{name} {how}", _triple(this, how, assessment)
        about = _triple(assessment, "es:assessesCriterion", _term(f"criterion:{name}"))
        yield f"{name} criterion", about
        yield f"{name} basis", _triple(assessment, "es:hasBasis", _term("basis:by-rule"))
    yield from _budget(index, amount)


def _budget(index: int, amount: int) -> Iterator[tuple[str, str]]:
    line, sum_of_money = _iri("budget", index), _iri("amount", index)
    yield from _described(line, "es:BudgetAllocation", "allocation")
    yield "purpose", _triple(line, "es:allocatedTo", _iri("good", index))
    yield "ministry", _triple(line, "es:administeredBy", _term("actor:meti"))
    yield "budget", _triple(line, "es:partOf", _YEAR)
    yield "line", _triple(line, "es:hasAmount", sum_of_money)
    yield from _sum(sum_of_money, amount)


def _sum(this: str, amount: int) -> Iterator[tuple[str, str]]:
    yield from _described(this, "es:Amount", "amount")
    yield "value", _triple(this, "es:amountValue", _typed(amount, "decimal"))
    yield "currency", _triple(this, "es:hasCurrency", _term("unit:CCY_JPY"))
    yield "printed", _triple(this, "es:asPrinted", f'"{amount}円"')
    yield "qualifier", _triple(this, "es:hasQualifier", _term("qualifier:exact"))


def _total(group: int, members: range, total: int) -> Iterator[str]:
    this, sum_of_money = _iri("total", group), _iri("amount", f"total-{group}")
    yield from (line for _, line in _described(this, "es:BudgetTotal", "total"))
    yield from (line for _, line in _sum(sum_of_money, total))
    yield _triple(this, "es:hasAmount", sum_of_money)
    for index in members:
        yield _triple(this, "es:totals", _iri("budget", index))


def _without(*names: str) -> Callable[[_Lines, int], None]:
    def fault(lines: _Lines, index: int) -> None:
        for name in names:
            del lines[name]

    return fault


def _with(
    name: str, predicate: str, term: str, kind: str = "designation"
) -> Callable[[_Lines, int], None]:
    def fault(lines: _Lines, index: int) -> None:
        lines[name] = _triple(_iri(kind, index), predicate, term)

    return fault


def _unmet(lines: _Lines, index: int) -> None:
    name = "importance es:hasMetAssessment"
    lines[name] = lines[name].replace("hasMetAssessment", "hasUnmetAssessment")


def _twice(lines: _Lines, index: int) -> None:
    lines["second good"] = _triple(
        _iri("designation", index), "es:designates", _iri("good", index + 1)
    )


def _before_it_began(lines: _Lines, index: int) -> None:
    until = _triple(_iri("designation", index), "es:effectiveUntil", _typed("2022-12-31", "date"))
    lines["until"] = until


FAULTS: dict[str, Callable[[_Lines, int], None]] = {
    "no date": _without("date"),
    "no authority": _without("authority"),
    "no law": _without("law"),
    "no system": _without("system"),
    "no currency": _without("currency"),
    "no Japanese label": _without("designation label ja"),
    "no definition": _without("good definition en"),
    "no basis": _without("external-dependency basis"),
    "no assessment": _without(
        "necessity-of-measures es:hasAssessment", "necessity-of-measures es:hasMetAssessment"
    ),
    "a criterion not met": _unmet,
    "two goods": _twice,
    "before the law": _with("date", "es:designationDate", _typed("2022-07-31", "date")),
    "a date that is none": _with("date", "es:designationDate", _typed("2023-02-30", "date")),
    "an end before the start": _before_it_began,
    "a negative amount": _with("value", "es:amountValue", _typed("-1", "decimal"), "amount"),
    "an amount in doubles": _with("value", "es:amountValue", _typed("1e9", "double"), "amount"),
    "an unknown qualifier": _with(
        "qualifier", "es:hasQualifier", _term("qualifier:guessed"), "amount"
    ),
    "a label of two lines": _with(
        "amount label en", "skos:prefLabel", '"two\\nlines"@en', "amount"
    ),
}
"""What can be wrong with a designation, its good, its assessments or its amount."""
