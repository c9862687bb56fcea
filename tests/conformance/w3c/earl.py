"""The EARL report: one assertion for each test, without times, so that it can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from econsec import __version__
from econsec.rdf.namespaces import BASE

from .outcome import Verdict
from .run import Result, Run

__all__ = ["report"]

_HEAD = f"""\
PREFIX dc: <http://purl.org/dc/terms/>
PREFIX doap: <http://usefulinc.com/ns/doap#>
PREFIX earl: <http://www.w3.org/ns/earl#>

<{BASE}> a doap:Project , earl:TestSubject , earl:Software ;
    doap:name "EconSec" ;
    doap:release [ doap:revision "{__version__}" ] .

<{BASE}conformance> a earl:Assertor , earl:Software ;
    dc:title "The conformance tests of EconSec"@en .
"""


def report(run: Run) -> str:
    """The report as Turtle, in the order of the run."""
    return "\n".join([_HEAD, *map(_assertion, run.results)])


def _assertion(result: Result) -> str:
    return "\n".join(
        [
            "[] a earl:Assertion ;",
            f"    earl:assertedBy <{BASE}conformance> ; earl:subject <{BASE}> ;",
            f"    earl:mode earl:automatic ; earl:test {NamedNode(result.test.iri)} ;",
            f"    earl:result [ a earl:TestResult ; {' ; '.join(_outcome(result))} ] .",
        ]
    )


def _outcome(result: Result) -> Iterator[str]:
    outcome = result.outcome
    yield f"earl:outcome earl:{outcome.verdict}"
    if outcome.verdict is not Verdict.PASSED:
        yield f"dc:description {Literal(outcome.detail, language='en')}"
