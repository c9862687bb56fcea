"""What a validation found, and what it looked at: one record, whichever engine ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.rdf.namespaces import ESH, SH
from econsec.rdf.notation import project_notation, short_iri

__all__ = [
    "Audit",
    "Explanation",
    "Finding",
    "LegalBasis",
    "Path",
    "Place",
    "Report",
    "Result",
    "Severity",
    "Term",
    "Texts",
    "language_in",
    "said_in",
    "spelt",
]

Term: TypeAlias = NamedNode | BlankNode | Literal
Texts: TypeAlias = Mapping[str, str]
"""A text by language tag; the empty tag is a text that names no language."""


class Severity(StrEnum):
    """How grave a result is (SHACL, 2.1.4); any other severity counts as a violation."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @classmethod
    def of(cls, iri: str) -> Severity:
        """The severity that an IRI of the SHACL vocabulary names."""
        known = {SH + "Warning": cls.WARNING, SH + "Info": cls.INFO}
        return known.get(iri, cls.VIOLATION)

    @property
    def iri(self) -> NamedNode:
        """Its IRI in the SHACL vocabulary."""
        return SH(self.value.capitalize())


class Finding(StrEnum):
    """What kind of fault a result about a designation is; the three are never one."""

    CRITERION_NOT_MET = "criterion-not-met"
    INFORMATION_MISSING = "information-missing"
    NOT_IN_FORCE = "not-in-force"

    @classmethod
    def of(cls, iri: str) -> Finding | None:
        """The kind that an IRI of the shapes names, `None` for any other."""
        return next((each for each in cls if each.iri.value == iri), None)

    @property
    def iri(self) -> NamedNode:
        """Its IRI among the shapes."""
        return ESH(self.value)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The provision that a shape stands for.

    `article` is its number as the act writes it in figures ("7", "86(1)(iii)"),
    `in_force_from` the first day on which it had effect, `source` where it can be read.
    """

    iri: NamedNode
    label: Texts
    act: NamedNode | None = None
    article: str | None = None
    in_force_from: date | None = None
    source: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: as SPARQL spells it, and as the shapes graph holds it."""

    text: str
    node: NamedNode | BlankNode
    triples: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands in what was read: the document's name, and a line from 1 on."""

    document: str
    line: int | None = None

    def __str__(self) -> str:
        """`file.ttl:12`, as compilers write it and editors read it."""
        return self.document if self.line is None else f"{self.document}:{self.line}"


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: `focus` breaks a constraint of `shape` (SHACL, 3.6.2).

    `label` is what `focus` is called, `constraint` the SPARQL constraint where
    there is one, `graph` the named graph that describes `focus`, and `place` where
    it stands in a document. `root` is the shape with targets through which `shape`
    was reached. `finding`, `basis` and `fix` are what the shapes say of the
    constraint: its kind, the law it stands for, and what would mend it. `name` and
    `description` are what they call and say of the constraint or shape that raised it.
    """

    focus: Term
    severity: Severity
    shape: NamedNode | BlankNode
    component: NamedNode
    messages: Texts
    label: Texts
    path: Path | None = None
    value: Term | None = None
    constraint: NamedNode | BlankNode | None = None
    root: NamedNode | BlankNode | None = None
    graph: NamedNode | None = None
    place: Place | None = None
    finding: Finding | None = None
    basis: tuple[LegalBasis, ...] = ()
    fix: Texts = field(default_factory=dict)
    name: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)

    @property
    def source(self) -> NamedNode | BlankNode:
        """What raised it: the SPARQL constraint where there is one, else the shape."""
        return self.constraint if self.constraint is not None else self.shape


@dataclass(frozen=True, slots=True)
class Audit:
    """A shape with targets: how many nodes it was applied to, and how many results came of it.

    `engine` names what judged it, `seconds` how long that took; `None` where an
    engine judges many shapes at once and does not say.
    """

    shape: NamedNode | BlankNode
    name: Texts
    focus_nodes: int
    results: int
    engine: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `focus` stands as it does: sentences in `en` and `ja`, the verdict first.

    `is_valid` is `None` for a thing that is no designation and has none.
    """

    focus: NamedNode
    label: Texts
    is_valid: bool | None
    sentences: tuple[Texts, ...]

    def text(self, language: str) -> str:
        """The sentences as lines, in `en` or `ja`."""
        return "\n".join(sentence[language] for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the gravest first, and an account of every shape that has targets.

    `omitted` counts, by severity, the results that are left out of `results` by a
    limit; they count for the verdict. `seconds` is how long the validation took.
    `explanations` are of the designations that were judged, where they were asked for.
    """

    results: tuple[Result, ...]
    audit: tuple[Audit, ...]
    omitted: Mapping[Severity, int] = field(default_factory=dict)
    seconds: float | None = None
    explanations: tuple[Explanation, ...] = ()

    @property
    def conforms(self) -> bool:
        """No violation was found. Warnings are advice, and do not count."""
        return self.counts()[Severity.VIOLATION] == 0

    @property
    def is_truncated(self) -> bool:
        """Whether there are more results than these."""
        return any(self.omitted.values())

    def counts(self) -> Counter[Severity]:
        """The number of results of each severity, those left out included."""
        return Counter(result.severity for result in self.results) + Counter(self.omitted)

    def at_least(self, severity: Severity) -> Report:
        """The report without the results that are less grave than `severity`."""
        grave = tuple(Severity)[: tuple(Severity).index(severity) + 1]
        kept = tuple(result for result in self.results if result.severity in grave)
        omitted = {each: count for each, count in self.omitted.items() if each in grave}
        return replace(self, results=kept, omitted=omitted)

    def limited(self, most: int) -> Report:
        """The report with the first `most` results; the others are counted."""
        dropped = Counter(result.severity for result in self.results[most:])
        return replace(self, results=self.results[:most], omitted=Counter(self.omitted) + dropped)


def said_in(texts: Texts, language: str) -> str:
    """The text in `language`, else in English, else in whichever language there is."""
    return texts.get(language_in(texts, language), "")


def language_in(texts: Texts, language: str) -> str:
    """The tag of the text that `said_in` chooses; empty where no language is named."""
    for tag in (language, "en", ""):
        if tag in texts:
            return tag
    return next(iter(texts), "")


def spelt(term: Term | None) -> str:
    """A term as Turtle spells it, with the project's prefixes; nothing for no term."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return short_iri(term)
    return str(term) if isinstance(term, BlankNode) else project_notation().literal(term)
