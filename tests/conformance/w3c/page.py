"""`docs/conformance.md`: what was run, how much of it passed, and why the rest did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .outcome import Verdict
from .prose import errata
from .run import Known, Result, Run
from .suites import SPECIFICATIONS, Specification

__all__ = ["page"]

_HEAD = """\
# Conformance

<!-- Written by `make conformance`; do not edit by hand. -->

The W3C's test suites of SPARQL 1.1 and 1.2, all of them. Every query and every update travels as an
HTTP request to a running server, and so through everything that a user's request passes. Queries go
to a server whose data is swapped for each test; updates, graphs and the protocols' own tests to
`econsec serve` over a location on disk, with `default_graph` set to `plain`.

- An answer is asked for in the format of the expected one. Solutions are compared as multisets, in
  sequence where the query ends in ORDER BY or the manifest numbers them; blank nodes are compared
  up to their labels. Terms must be equal. Only decimals, doubles and floats are compared by value,
  since no spelling is laid down for those that are computed.
- A query or update is sent with the IRI of its file as BASE. A test of refused syntax passes with
  status 400; an update whose only fault is that a graph is there, or is not, counts as understood.
- The data of an update test is loaded by an update, and what is there afterwards is read by a
  query.
- Nothing is fetched. A test of SERVICE counts as not offered when it is answered with 403, and so
  does an update with LOAD; whether the syntax of such an update is right is asked of the engine.
- The older tests of the Graph Store Protocol are told in prose; slips in them are corrected, and
  each correction is listed below.
- No manifest of these suites asks for lax cardinality.

`make conformance` writes this page, and an EARL report on each test to `build/conformance.ttl`.
`make test` runs all of it too, and fails on a new failure, on a known one that passes, and when
this page is out of date.
"""
_COUNTED = (Verdict.PASSED, Verdict.FAILED, Verdict.NOT_OFFERED)


def page(run: Run, known: Sequence[Known]) -> str:
    """The page as Markdown; the same run gives the same text."""
    return "\n".join(
        [_HEAD, *_summary(run), *_failures(known), *_not_offered(run), *_errata(), *_tables(run)]
    )


def _summary(run: Run) -> Iterator[str]:
    yield from ("## Summary", "")
    yield from _table_head("specification")
    for specification in SPECIFICATIONS:
        yield _row(specification.title, run.of(specification))
    yield _row("**all**", run.results)
    yield ""


def _failures(known: Sequence[Known]) -> Iterator[str]:
    yield from ("## Failures", "")
    for group in known:
        yield f"- **{group.cause}** ({len(group.tests)}): {group.reason}.  "
        yield f"  {_named(group.tests)}"
    yield ""


def _not_offered(run: Run) -> Iterator[str]:
    yield from ("## Not offered", "")
    reasons: dict[tuple[str, Specification], list[Result]] = {}
    for result in run.results:
        if result.outcome.verdict is Verdict.NOT_OFFERED:
            key = (result.outcome.detail, result.specification)
            reasons.setdefault(key, []).append(result)
    for (reason, specification), results in reasons.items():
        yield f"- **{specification.title}** ({len(results)}): {reason}."
        if len(results) < len(run.of(specification)):
            yield f"  {_named(result.test.key for result in results)}"
    yield ""


def _errata() -> Iterator[str]:
    yield from ("## Corrected tests", "")
    for erratum in errata():
        yield f"- `{erratum.test}`: {erratum.reason}."
    yield ""


def _tables(run: Run) -> Iterator[str]:
    for specification in SPECIFICATIONS:
        yield from (f"## {specification.title}", "")
        yield from _table_head("suite")
        for suite in specification.suites:
            yield _row(f"`{suite.name}`", run.of(specification, suite))
        yield ""


def _table_head(first: str) -> Iterator[str]:
    yield f"| {first} | tests | passed | failed | not offered |"
    yield "|---|---:|---:|---:|---:|"


def _row(title: str, results: Sequence[Result]) -> str:
    counts = Counter(result.outcome.verdict for result in results)
    cells = [len(results), *(counts[verdict] for verdict in _COUNTED)]
    return f"| {title} | {' | '.join(map(str, cells))} |"


def _named(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
