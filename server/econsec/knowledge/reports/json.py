"""A report for programs that know no RDF."""

from __future__ import annotations

import json
from typing import Any

from econsec.knowledge.reports.report import Audit, LegalBasis, Report, Result, Severity, spelt

__all__ = ["as_json", "legal_basis_object"]


def as_json(report: Report) -> str:
    """The report for programs that know no RDF; terms are spelt as in Turtle.

    `counts` are of all results, `omitted` of those that a limit left out, and
    `truncated` says whether it left out any. Times are in seconds.
    """
    counts = report.counts()
    content = {
        "conforms": report.conforms,
        "truncated": report.is_truncated,
        "counts": {severity.value: counts[severity] for severity in Severity},
        "omitted": {severity.value: report.omitted.get(severity, 0) for severity in Severity},
        "seconds": report.seconds,
        "results": [_result_object(result) for result in report.results],
        "shapes": [_audit_object(audit) for audit in report.audit],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _result_object(result: Result) -> dict[str, Any]:
    place = result.place
    return {
        "severity": result.severity.value,
        "focusNode": spelt(result.focus),
        "label": dict(result.label),
        "path": result.path.text if result.path is not None else None,
        "value": spelt(result.value) or None,
        "component": spelt(result.component),
        "shape": spelt(result.shape),
        "constraint": spelt(result.constraint) or None,
        "root": spelt(result.root) or None,
        "name": dict(result.name),
        "description": dict(result.description),
        "graph": result.graph.value if result.graph is not None else None,
        "place": {"document": place.document, "line": place.line} if place is not None else None,
        "messages": dict(result.messages),
        "finding": result.finding.value if result.finding is not None else None,
        "legalBasis": [legal_basis_object(basis) for basis in result.basis],
        "fix": dict(result.fix),
    }


def legal_basis_object(basis: LegalBasis) -> dict[str, Any]:
    """A provision of law for JSON; addresses are written out, other terms spelt."""
    day = basis.in_force_from
    return {
        "basis": spelt(basis.iri),
        "label": dict(basis.label),
        "act": spelt(basis.act) or None,
        "article": basis.article,
        "inForceFrom": day.isoformat() if day is not None else None,
        "source": basis.source.value if basis.source is not None else None,
    }


def _audit_object(audit: Audit) -> dict[str, Any]:
    return {
        "shape": spelt(audit.shape),
        "name": dict(audit.name),
        "focusNodes": audit.focus_nodes,
        "results": audit.results,
        "engine": audit.engine or None,
        "seconds": audit.seconds,
    }
