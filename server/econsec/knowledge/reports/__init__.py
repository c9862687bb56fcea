"""The report of a validation, and the forms that it is written in."""

from econsec.knowledge.reports.report import (
    Audit,
    Explanation,
    Finding,
    LegalBasis,
    Path,
    Place,
    Report,
    Result,
    Severity,
    Term,
    Texts,
    language_in,
    said_in,
    spelt,
)

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
