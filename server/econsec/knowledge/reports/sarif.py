"""A report for code-scanning tools: SARIF 2.1.0 (OASIS Standard, with Errata 01)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from pyoxigraph import NamedNode

from econsec import __version__
from econsec.knowledge.reports.json import legal_basis_object
from econsec.knowledge.reports.links import file_reference, uri, web_address
from econsec.knowledge.reports.markdown import escaped
from econsec.knowledge.reports.phrases import Phrases, phrases
from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import Audit, Report, Result, Severity, said_in, spelt
from econsec.rdf.namespaces import BASE

__all__ = ["as_sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"
"""What a relative address of a document is relative to (SARIF, 3.4.4)."""


def as_sarif(report: Report, *, language: str) -> str:
    """The report as one run; a rule is a named shape or SPARQL constraint that raised results.

    A line is given where the focus node stands in a document. Of a result without one
    the artifact is the named graph that describes the focus node.
    """
    words = phrases(language)
    first: dict[str, Result] = {}
    for result in report.results:
        first.setdefault(_rule_id(result), result)
    places = {rule: index for index, rule in enumerate(first)}
    fingerprints = _fingerprints(report)
    run = {
        "tool": {
            "driver": {
                "name": "EconSec",
                "semanticVersion": __version__,
                "informationUri": BASE,
                "language": words.language,
                "rules": [_rule(rule, result, words) for rule, result in first.items()],
            }
        },
        "language": words.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, words)],
        "results": [
            _result(result, words) | {"ruleIndex": places[_rule_id(result)]} | next(fingerprints)
            for result in report.results
        ],
        "properties": {
            "conforms": report.conforms,
            "seconds": report.seconds,
            "audit": [_audit(audit) for audit in report.audit],
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule_id(result: Result) -> str:
    """A name that lasts from run to run: that of what raised the result.

    A shape without a name goes by the shape that led to it, its path and its component.
    """
    for source in (result.constraint, result.shape):
        if isinstance(source, NamedNode):
            return spelt(source)
    root = spelt(result.root) if isinstance(result.root, NamedNode) else "_:shape"
    path = f"{result.path.text}/" if result.path is not None else ""
    return f"{root}/{path}{spelt(result.component)}"


def _rule(rule: str, result: Result, words: Phrases) -> dict[str, Any]:
    name = said_in(result.name, words.language) or rule
    description = said_in(result.description, words.language) or name
    # The text of the law says more than the page of the shape.
    addresses = [web_address(basis.source) for basis in result.basis]
    address = next(filter(None, (*addresses, web_address(result.source))), None)
    return {
        "id": rule,
        "name": printable(name),
        "shortDescription": _text(name),
        "fullDescription": _text(description),
        "help": _help(description, result, words),
        **({"helpUri": address} if address is not None else {}),
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {
            "tags": [result.finding.value] if result.finding is not None else [],
            "legalBasis": [legal_basis_object(basis) for basis in result.basis],
        },
    }


def _help(description: str, result: Result, words: Phrases) -> dict[str, str]:
    """What a rule demands, by which law, and what would mend a breach."""
    laws = [f"{words.law}{words.colon}{words.provision(basis)}" for basis in result.basis]
    fix = said_in(result.fix, words.language)
    paragraphs = [description, *laws, *([f"{words.fix}{words.colon}{fix}"] if fix else [])]
    markdown = "\n\n".join(escaped(each) for each in paragraphs)
    return _text("\n\n".join(paragraphs)) | {"markdown": _without_placeholders(markdown)}


def _result(result: Result, words: Phrases) -> dict[str, Any]:
    fix = said_in(result.fix, words.language)
    message = words.stated(result)
    return {
        "ruleId": _rule_id(result),
        "kind": "fail",
        "level": _LEVELS[result.severity],
        "message": _text(f"{message}\n{words.fix}{words.colon}{fix}" if fix else message),
        "locations": [_location(result, words)],
        "properties": {
            "component": spelt(result.component),
            "shape": spelt(result.shape),
            "path": result.path.text if result.path is not None else None,
            "value": spelt(result.value) or None,
            "graph": result.graph.value if result.graph is not None else None,
            "finding": result.finding.value if result.finding is not None else None,
            "legalBasis": [legal_basis_object(basis) for basis in result.basis],
            "messages": dict(result.messages),
            "fix": dict(result.fix),
        },
    }


def _location(result: Result, words: Phrases) -> dict[str, Any]:
    name = spelt(result.focus)
    logical = {
        "name": said_in(result.label, words.language) or name,
        "fullyQualifiedName": name,
        "kind": "focus node",
    }
    physical = _physical_location(result)
    return {
        **({"physicalLocation": physical} if physical is not None else {}),
        "logicalLocations": [logical],
    }


def _physical_location(result: Result) -> dict[str, Any] | None:
    if result.place is None:
        graph = result.graph
        return {"artifactLocation": {"uri": uri(graph)}} if graph is not None else None
    reference = file_reference(result.place.document)
    is_relative = ":/" not in reference
    location = {"uri": reference} | ({"uriBaseId": _ROOT} if is_relative else {})
    line = result.place.line
    region = {"region": {"startLine": line}} if line is not None else {}
    return {"artifactLocation": location, **region}


def _fingerprints(report: Report) -> Iterator[dict[str, Any]]:
    """What stays the same of each result when lines move; results alike are numbered.

    The label of a blank node does not last: its result goes by what is wrong with it.
    """
    seen: Counter[str] = Counter()
    for result in report.results:
        focus = spelt(result.focus) if isinstance(result.focus, NamedNode) else "_:"
        value = spelt(result.value) if isinstance(result.value, NamedNode) else ""
        path = result.path.text if result.path is not None else ""
        facts = (_rule_id(result), spelt(result.component), focus, path, value)
        digest = sha256(json.dumps(facts).encode()).hexdigest()[:32]
        seen[digest] += 1
        mark = f"{digest}:{seen[digest]}"
        # GitHub matches alerts by the second one only.
        yield {"partialFingerprints": {"econsec/v1": mark, "primaryLocationLineHash": mark}}


def _invocation(report: Report, words: Phrases) -> dict[str, Any]:
    """That the validation ran to its end, and what a reader has to know of it."""
    notes = [{"level": "warning", "message": _text(note)} for note in words.warnings(report)]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _audit(audit: Audit) -> dict[str, Any]:
    return {
        "shape": spelt(audit.shape),
        "focusNodes": audit.focus_nodes,
        "results": audit.results,
        "engine": audit.engine or None,
        "seconds": audit.seconds,
    }


def _text(text: str) -> dict[str, str]:
    return {"text": _without_placeholders(printable(text).replace("](", "] ("))}


def _without_placeholders(text: str) -> str:
    """Braces are doubled, so that none names an argument (SARIF, 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")
