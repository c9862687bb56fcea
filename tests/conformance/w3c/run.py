"""All suites carried out, and the outcome held against what is known."""

from __future__ import annotations

import tomllib
from collections import ChainMap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .judging import judge, writes
from .manifest import Test, read
from .outcome import Outcome, Verdict
from .server import running
from .suites import SPECIFICATIONS, Specification, Suite

__all__ = ["Known", "Result", "Run", "known_failures", "run"]


@dataclass(frozen=True, slots=True)
class Known:
    """Why some tests fail, and whose fault it is."""

    cause: str
    reason: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One test and what came of it."""

    specification: Specification
    test: Test
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """The results of every test, in the order of the specifications and manifests."""

    results: tuple[Result, ...]

    def of(self, specification: Specification, suite: Suite | None = None) -> tuple[Result, ...]:
        """The results of one specification, or of one suite of it."""
        return tuple(
            result
            for result in self.results
            if result.specification is specification and suite in (None, result.test.suite)
        )

    def failures(self) -> dict[str, str]:
        """What failed, by key, each with what was seen."""
        return {
            result.test.key: result.outcome.detail
            for result in self.results
            if result.outcome.verdict is Verdict.FAILED
        }


def run(root: Path) -> Run:
    """Carry out every test of the suites under `root`.

    Those that write and those that do not have a server each, and go on side by side.
    """
    tests = tuple(_tests(root))
    with running() as server, ThreadPoolExecutor(2) as pool:

        def judged(writing: bool) -> dict[str, Outcome]:
            mine = (test for _, test in tests if writes(test) is writing)
            return {test.iri: judge(test, server) for test in mine}

        outcomes = ChainMap(*pool.map(judged, (True, False)))
    return Run(tuple(Result(each, test, outcomes[test.iri]) for each, test in tests))


def known_failures(path: Path) -> tuple[Known, ...]:
    """The list of known failures, in its own order."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["group"]
    return tuple(Known(g["cause"], g["reason"], tuple(g["tests"])) for g in groups)


def _tests(root: Path) -> Iterator[tuple[Specification, Test]]:
    for specification in SPECIFICATIONS:
        for suite in specification.suites:
            for test in read(specification, suite, root=root):
                yield specification, test
