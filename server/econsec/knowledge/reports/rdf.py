"""A report as RDF: a standard `sh:ValidationReport` (SHACL, 3.6.1), and what we know beyond it.

Beside the terms of SHACL stand those of the shapes (`esh:`), which a reader of
SHACL may pass over:

- on the report: `esh:truncated`, `esh:omitted` (a node for each severity of which
  results were left out, with `sh:resultSeverity` and `esh:results`), `esh:seconds`,
  and `esh:audit`, a node of class `esh:Audit` for each shape that has targets, with
  `esh:auditedShape`, `rdfs:label`, `esh:focusNodes`, `esh:results`, `esh:engine` and
  `esh:seconds`;
- on a result: `esh:finding`, `esh:legalBasis` and `esh:fix`, as the shapes say them;
  `esh:rootShape`, the shape with targets that led to it; `esh:sourceGraph`, the graph
  that describes the focus node; `esh:document` and `esh:line`, where that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import Audit, LegalBasis, Report, Result, Term, Texts
from econsec.rdf.namespaces import ESH, PREFIXES, RDF, RDFS, SH, SKOS, XSD
from econsec.rdf.notation import Notation

__all__ = ["as_rdf"]

_PREFIXED = (RdfFormat.TURTLE, RdfFormat.RDF_XML)


def as_rdf(report: Report, syntax: RdfFormat) -> bytes:
    """The report in an RDF syntax.

    XML has no way to write some control characters: there, U+FFFD stands for them.
    """
    triples: Iterable[Triple] = dict.fromkeys(_Writing.of(report).triples(report))
    if syntax == RdfFormat.RDF_XML:
        triples = map(_for_xml, triples)
    triples = list(triples)
    prefixes = _prefixes(triples) if syntax in _PREFIXED else None
    written = cast(bytes, serialize(triples, format=syntax, prefixes=prefixes))
    return written if written.endswith(b"\n") else written + b"\n"


@dataclass(frozen=True, slots=True)
class _Writing:
    """The blank nodes of one report: none is ever taken for one of the data.

    Data and shapes come from different documents, where one label names two nodes.
    """

    stem: str
    renamed: dict[BlankNode, BlankNode] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> _Writing:
        """With names that no blank node of the data begins with."""
        terms = (term for result in report.results for term in (result.focus, result.value))
        taken = {term.value for term in terms if isinstance(term, BlankNode)}
        stem = ""
        while any(label.startswith((f"{stem}re", f"{stem}shape")) for label in taken):
            stem += "x"
        return cls(stem)

    def triples(self, report: Report) -> Iterator[Triple]:
        """The report node first, then each result: the engine's Turtle groups what comes so."""
        node = BlankNode(f"{self.stem}report")
        named = [(self._result(n), result) for n, result in enumerate(report.results, start=1)]
        yield Triple(node, RDF("type"), SH("ValidationReport"))
        yield Triple(node, SH("conforms"), _boolean(report.conforms))
        yield from _seconds(node, report.seconds)
        for name, _ in named:
            yield Triple(node, SH("result"), name)
        if report.is_truncated:
            yield from self._omitted(node, report)
        audits = [(self._audit(n), audit) for n, audit in enumerate(report.audit, start=1)]
        for name, _ in audits:
            yield Triple(node, ESH("audit"), name)
        for name, result in named:
            yield from self._result_triples(name, result)
        for result in report.results:
            yield from self._path_triples(result)
            for basis in result.basis:
                yield from _basis_triples(basis)
        for name, audit in audits:
            yield from self._audit_triples(name, audit)

    def _result(self, number: int) -> BlankNode:
        return BlankNode(f"{self.stem}result{number}")

    def _audit(self, number: int) -> BlankNode:
        return BlankNode(f"{self.stem}report-audit{number}")

    def _of_shapes(self, term: Term) -> Term:
        """A term of the shapes graph, with a name of its own if it is a blank node."""
        if not isinstance(term, BlankNode):
            return term
        return self.renamed.setdefault(term, BlankNode(f"{self.stem}shape{len(self.renamed) + 1}"))

    def _node_of_shapes(self, term: NamedNode | BlankNode) -> NamedNode | BlankNode:
        return cast(NamedNode | BlankNode, self._of_shapes(term))

    def _result_triples(self, node: BlankNode, result: Result) -> Iterator[Triple]:
        yield Triple(node, RDF("type"), SH("ValidationResult"))
        yield Triple(node, SH("focusNode"), result.focus)
        yield Triple(node, SH("resultSeverity"), result.severity.iri)
        yield Triple(node, SH("sourceShape"), self._of_shapes(result.shape))
        yield Triple(node, SH("sourceConstraintComponent"), result.component)
        if result.constraint is not None:
            yield Triple(node, SH("sourceConstraint"), self._of_shapes(result.constraint))
        if result.value is not None:
            yield Triple(node, SH("value"), result.value)
        yield from _texts(node, SH("resultMessage"), result.messages)
        if result.path is not None:
            yield Triple(node, SH("resultPath"), self._of_shapes(result.path.node))
        yield from self._annotations(node, result)

    def _annotations(self, node: BlankNode, result: Result) -> Iterator[Triple]:
        if result.finding is not None:
            yield Triple(node, ESH("finding"), result.finding.iri)
        for basis in result.basis:
            yield Triple(node, ESH("legalBasis"), basis.iri)
        yield from _texts(node, ESH("fix"), result.fix)
        if result.root is not None:
            yield Triple(node, ESH("rootShape"), self._of_shapes(result.root))
        if result.graph is not None:
            yield Triple(node, ESH("sourceGraph"), result.graph)
        if result.place is not None:
            yield Triple(node, ESH("document"), Literal(result.place.document))
            if result.place.line is not None:
                yield Triple(node, ESH("line"), Literal(result.place.line))

    def _path_triples(self, result: Result) -> Iterator[Triple]:
        for triple in result.path.triples if result.path is not None else ():
            subject = self._node_of_shapes(cast(NamedNode | BlankNode, triple.subject))
            yield Triple(subject, triple.predicate, self._of_shapes(cast(Term, triple.object)))

    def _audit_triples(self, node: BlankNode, audit: Audit) -> Iterator[Triple]:
        yield Triple(node, RDF("type"), ESH("Audit"))
        yield Triple(node, ESH("auditedShape"), self._of_shapes(audit.shape))
        yield from _texts(node, RDFS("label"), audit.name)
        yield Triple(node, ESH("focusNodes"), Literal(audit.focus_nodes))
        yield Triple(node, ESH("results"), Literal(audit.results))
        if audit.engine:
            yield Triple(node, ESH("engine"), Literal(audit.engine))
        yield from _seconds(node, audit.seconds)

    def _omitted(self, node: BlankNode, report: Report) -> Iterator[Triple]:
        yield Triple(node, ESH("truncated"), _boolean(True))
        for severity, count in report.omitted.items():
            name = BlankNode(f"{self.stem}report-omitted-{severity.value}")
            yield Triple(node, ESH("omitted"), name)
            yield Triple(name, SH("resultSeverity"), severity.iri)
            yield Triple(name, ESH("results"), Literal(count))


def _basis_triples(basis: LegalBasis) -> Sequence[Triple]:
    day, facts = basis.in_force_from, [Triple(basis.iri, RDF("type"), ESH("LegalBasis"))]
    facts += _texts(basis.iri, SKOS("prefLabel"), basis.label)
    if basis.act is not None:
        facts.append(Triple(basis.iri, ESH("act"), basis.act))
    if basis.article is not None:
        facts.append(Triple(basis.iri, ESH("article"), Literal(basis.article)))
    if day is not None:
        date = Literal(day.isoformat(), datatype=XSD("date"))
        facts.append(Triple(basis.iri, ESH("inForceFrom"), date))
    if basis.source is not None:
        facts.append(Triple(basis.iri, RDFS("seeAlso"), basis.source))
    return facts


def _prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    """Those of the project's prefixes that the report uses."""
    notation = Notation(PREFIXES)
    terms = {term for triple in triples for term in (triple.subject, triple.predicate)}
    objects = {triple.object for triple in triples}
    types = {term.datatype for term in objects if isinstance(term, Literal)}
    for term in terms | objects | types:
        if isinstance(term, NamedNode):
            notation.iri(term)
    return dict(sorted(notation.used.items()))


def _texts(node: NamedNode | BlankNode, predicate: NamedNode, texts: Texts) -> Iterator[Triple]:
    for language, text in texts.items():
        yield Triple(node, predicate, Literal(text, language=language or None))


def _seconds(node: BlankNode, seconds: float | None) -> Iterator[Triple]:
    if seconds is not None:
        # To the microsecond: a decimal knows no exponent.
        text = str(Decimal(f"{seconds:.6f}"))
        yield Triple(node, ESH("seconds"), Literal(text, datatype=XSD("decimal")))


def _boolean(value: bool) -> Literal:
    return Literal(str(value).lower(), datatype=XSD("boolean"))


def _for_xml(triple: Triple) -> Triple:
    found = triple.object
    if not isinstance(found, Literal) or printable(found.value) == found.value:
        return triple
    text = printable(found.value)
    shown = (
        Literal(text, language=found.language)
        if found.language
        else Literal(text, datatype=found.datatype)
    )
    return Triple(triple.subject, triple.predicate, shown)
