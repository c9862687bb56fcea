"""The checks that a data set must pass before it is published."""

from __future__ import annotations

from econsec.knowledge.build import Built
from econsec.knowledge.catalogue import read_catalogue
from econsec.knowledge.hygiene import run
from econsec.knowledge.reports import Severity, said_in, spelt
from econsec.paths import resources
from econsec.service.validation import Request, validate

__all__ = ["defects"]


def defects(built: Built) -> list[str]:
    """What the hygiene queries and the shapes of the project find, a line each.

    Every row of a hygiene query counts, and of the shapes' results the
    violations. Raises `InvalidInput` on queries and shapes that cannot be used.
    """
    queries = read_catalogue(resources() / "queries")["hygiene"]
    report = validate(Request(manifest=built.manifest.path))
    return [str(finding) for finding in run(built.store, queries)] + [
        f"{spelt(result.shape)}: {said_in(result.messages, 'en')}: {spelt(result.focus)}"
        for result in report.results
        if result.severity is Severity.VIOLATION
    ]
