"""Errors that a person can act on: what went wrong, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "EconSecError",
    "InvalidInput",
    "NotAvailable",
    "Refused",
    "UsageError",
]


class EconSecError(Exception):
    """Root of the package's own errors.

    `exit_code` is what the command line leaves with and `status` what the
    service answers, so that one error is reported the same way everywhere.
    """

    exit_code: ClassVar[int] = 3
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request could not be carried out"

    def __init__(
        self,
        detail: str,
        *,
        source: str | None = None,
        line: int | None = None,
        column: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.source = source
        self.line = line
        self.column = column
        self.remedy = remedy

    def __str__(self) -> str:
        """One line: `source:line:column: detail`, then the remedy where there is one."""
        place = ":".join(str(p) for p in (self.source, self.line, self.column) if p is not None)
        text = f"{place}: {self.detail}" if place else self.detail
        return f"{text} ({self.remedy})" if self.remedy else text


class UsageError(EconSecError):
    """The caller asked for something that does not exist or contradicts itself."""

    exit_code = 2
    title = "The request contradicts itself"


class InvalidInput(EconSecError):
    """Input that cannot be read: broken RDF, a malformed query, an unknown graph."""

    title = "The input cannot be read"


class Refused(EconSecError):
    """Input that is well-formed, but that this service does not carry out."""

    exit_code = 3
    status = 403
    title = "Refused"


class NotAvailable(EconSecError):
    """Something that is needed is missing or did not answer (Java, an endpoint, a file)."""

    exit_code = 4
    status = 503
    title = "Something that is needed is not available"
