"""What can come of a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Failure", "NotOffered", "Outcome", "Verdict"]


class Verdict(StrEnum):
    """What came of a test; the names are those of EARL."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_OFFERED = "inapplicable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the reason where it is not that the test passed."""

    verdict: Verdict
    detail: str = ""


class Failure(Exception):
    """The answer is not the one that the test expects."""


class NotOffered(Exception):
    """The test is about something that the service does not do."""
