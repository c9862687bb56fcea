"""The report of a validation: what was found, what was looked at, and how it is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from econsec.errors import UsageError
from econsec.rdf.namespaces import PREFIXES, RDF, SH, XSD
from econsec.rdf.notation import project_notation, short_iri

__all__ = [
    "Audit",
    "Path",
    "Report",
    "ReportFormat",
    "Result",
    "Severity",
    "Term",
    "Texts",
    "as_json",
    "as_rdf",
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


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: as SPARQL spells it, and as the shapes graph holds it."""

    text: str
    node: NamedNode | BlankNode
    triples: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: `focus` breaks a constraint of `shape` (SHACL, 3.6.2).

    `label` is what `focus` is called, `constraint` the SPARQL constraint where
    there is one, and `graph` the named graph that describes `focus`.
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
    graph: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """A shape with targets: how many nodes it was applied to, and how many results came of it."""

    shape: NamedNode | BlankNode
    name: Texts
    focus_nodes: int
    results: int


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the gravest first, and an account of every shape that has targets."""

    results: tuple[Result, ...]
    audit: tuple[Audit, ...]

    @property
    def conforms(self) -> bool:
        """No violation was found. Warnings are advice, and do not count."""
        return self.counts()[Severity.VIOLATION] == 0

    def counts(self) -> Counter[Severity]:
        """The number of results of each severity."""
        return Counter(result.severity for result in self.results)


class ReportFormat(StrEnum):
    """What a report can be written as; SARIF, JUnit, HTML and CSV have their place here."""

    TEXT = "text"
    TURTLE = "turtle"
    JSON_LD = "json-ld"
    N_TRIPLES = "nt"
    JSON = "json"

    @classmethod
    def named(cls, name: str) -> ReportFormat:
        """The format by name, file extension or media type. Raises `UsageError`."""
        wanted = name.strip().removeprefix(".").lower()
        for format, names in _NAMES.items():
            if wanted == format.value or wanted in names:
                return format
        known = ", ".join(format.value for format in cls)
        raise UsageError(f"a report cannot be written as {name!r}", remedy=f"known are {known}")


_NAMES: Mapping[ReportFormat, tuple[str, ...]] = {
    ReportFormat.TEXT: ("txt", "text/plain"),
    ReportFormat.TURTLE: ("ttl", "text/turtle"),
    ReportFormat.JSON_LD: ("jsonld", "application/ld+json"),
    ReportFormat.N_TRIPLES: ("n-triples", "application/n-triples"),
    ReportFormat.JSON: ("application/json",),
}
_RDF_SYNTAX = {
    ReportFormat.TURTLE: RdfFormat.TURTLE,
    ReportFormat.JSON_LD: RdfFormat.JSON_LD,
    ReportFormat.N_TRIPLES: RdfFormat.N_TRIPLES,
}


def said_in(texts: Texts, language: str) -> str:
    """The text in `language`, else in English, else in whichever language there is."""
    for tag in (language, "en", ""):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()), "")


def spelt(term: Term | None) -> str:
    """A term as Turtle spells it, with the project's prefixes; nothing for no term."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return short_iri(term)
    return str(term) if isinstance(term, BlankNode) else project_notation().literal(term)


def as_json(report: Report) -> str:
    """The report for programs that know no RDF; terms are spelt as in Turtle."""
    content = {
        "conforms": report.conforms,
        "results": [_result_object(result) for result in report.results],
        "shapes": [
            {
                "shape": spelt(audit.shape),
                "name": dict(audit.name),
                "focusNodes": audit.focus_nodes,
                "results": audit.results,
            }
            for audit in report.audit
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_rdf(report: Report, format: ReportFormat) -> str:
    """A standard `sh:ValidationReport`; `format` is one of the RDF syntaxes."""
    syntax = _RDF_SYNTAX[format]
    prefixes = PREFIXES if syntax == RdfFormat.TURTLE else None
    written = cast(bytes, serialize(_triples(report), format=syntax, prefixes=prefixes))
    return written.decode()


def _result_object(result: Result) -> dict[str, Any]:
    return {
        "severity": result.severity.value,
        "focusNode": spelt(result.focus),
        "label": dict(result.label),
        "path": result.path.text if result.path is not None else None,
        "value": spelt(result.value) or None,
        "component": spelt(result.component),
        "shape": spelt(result.shape),
        "constraint": spelt(result.constraint) or None,
        "graph": result.graph.value if result.graph is not None else None,
        "messages": dict(result.messages),
    }


def _triples(report: Report) -> Iterator[Triple]:
    """The report node first, then each result: the engine's Turtle groups what comes together."""
    node = BlankNode("report")
    named = [(BlankNode(f"result{n}"), result) for n, result in enumerate(report.results, start=1)]
    yield Triple(node, RDF("type"), SH("ValidationReport"))
    yield Triple(
        node, SH("conforms"), Literal(str(report.conforms).lower(), datatype=XSD("boolean"))
    )
    for name, _ in named:
        yield Triple(node, SH("result"), name)
    for name, result in named:
        yield from _result_triples(name, result)
    # Results of one shape share the nodes of its path.
    paths = (result.path for result in report.results if result.path is not None)
    yield from dict.fromkeys(triple for path in paths for triple in path.triples)


def _result_triples(node: BlankNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, RDF("type"), SH("ValidationResult"))
    yield Triple(node, SH("focusNode"), result.focus)
    yield Triple(node, SH("resultSeverity"), result.severity.iri)
    yield Triple(node, SH("sourceShape"), result.shape)
    yield Triple(node, SH("sourceConstraintComponent"), result.component)
    if result.constraint is not None:
        yield Triple(node, SH("sourceConstraint"), result.constraint)
    if result.value is not None:
        yield Triple(node, SH("value"), result.value)
    for language, text in result.messages.items():
        yield Triple(node, SH("resultMessage"), Literal(text, language=language or None))
    if result.path is not None:
        yield Triple(node, SH("resultPath"), result.path.node)
