"""A report for test dashboards: JUnit XML, a test case for each shape that has targets.

The vocabulary is what Ant, Surefire and pytest write alike and dashboards read.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from econsec.knowledge.reports.phrases import Phrases, phrases
from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import (
    Audit,
    Report,
    Result,
    Severity,
    Term,
    said_in,
    spelt,
)

__all__ = ["as_junit"]

_SUITE = "econsec validate"


def as_junit(report: Report, *, language: str) -> bytes:
    """One suite. Violations are its failures; other results stand in a case's output.

    A case is skipped whose shape saw no focus node, and one fails for all violations
    that a limit left out. Results that no shape of the audit accounts for have a
    case for the shape that raised them.
    """
    words = phrases(language)
    suite = Element("testsuite", name=_SUITE)
    _add_properties(suite, report, words)
    of_case = _by_case(report)
    for audit in report.audit:
        _add_case(suite, audit, of_case.pop(audit.shape, []), words=words)
    for shape, results in of_case.items():
        unknown = Audit(results[0].shape, results[0].name, focus_nodes=1, results=len(results))
        _add_results(_case(suite, spelt(shape), unknown, words), results, words)
    if report.is_truncated:
        _add_omission(suite, report, words)
    root = Element("testsuites", name=_SUITE)
    root.append(suite)
    for element in (root, suite):
        _count(element, suite, seconds=report.seconds)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _by_case(report: Report) -> dict[Term, list[Result]]:
    """The results by the shape with targets that led to them, where that is known."""
    audited: set[Term] = {audit.shape for audit in report.audit}
    found: dict[Term, list[Result]] = {}
    for result in report.results:
        case = result.root if result.root in audited else result.shape
        found.setdefault(case if case is not None else result.shape, []).append(result)
    return found


def _add_properties(suite: Element, report: Report, words: Phrases) -> None:
    counts = report.counts()
    values = {
        "conforms": str(report.conforms).lower(),
        "truncated": str(report.is_truncated).lower(),
        **{severity.value: str(counts[severity]) for severity in Severity},
        **{f"note.{n}": note for n, note in enumerate(words.warnings(report), start=1)},
    }
    properties = SubElement(suite, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _add_case(suite: Element, audit: Audit, results: Sequence[Result], *, words: Phrases) -> None:
    case = _case(suite, spelt(audit.shape), audit, words)
    if audit.focus_nodes == 0 and not results:
        SubElement(case, "skipped", message=words.idle)
    else:
        _add_results(case, results, words)


def _case(suite: Element, classname: str, audit: Audit, words: Phrases) -> Element:
    name = said_in(audit.name, words.language) or classname
    case = SubElement(
        suite,
        "testcase",
        classname=printable(classname),
        name=printable(name),
        time=f"{audit.seconds or 0:.3f}",
    )
    properties = SubElement(case, "properties")
    SubElement(properties, "property", name="focusNodes", value=str(audit.focus_nodes))
    SubElement(properties, "property", name="results", value=str(audit.results))
    if audit.engine:
        SubElement(properties, "property", name="engine", value=printable(audit.engine))
    return case


def _add_results(case: Element, results: Sequence[Result], words: Phrases) -> None:
    """One failure for all violations: many dashboards show only the first of a case."""
    violations = [r for r in results if r.severity is Severity.VIOLATION]
    advice = [r for r in results if r.severity is not Severity.VIOLATION]
    if violations:
        name = words.severities[Severity.VIOLATION]
        message = words.counted.format(name=name, count=len(violations))
        failure = SubElement(case, "failure", message=message, type="sh:Violation")
        failure.text = _account(violations, words)
    if advice:
        SubElement(case, "system-out").text = _account(advice, words)


def _add_omission(suite: Element, report: Report, words: Phrases) -> None:
    case = SubElement(suite, "testcase", classname=_SUITE, name=words.incomplete_name, time="0.000")
    is_grave = report.omitted.get(Severity.VIOLATION, 0) > 0
    note = words.warnings(report)[0]
    SubElement(case, "failure" if is_grave else "skipped", message=note)


def _account(results: Sequence[Result], words: Phrases) -> str:
    return "\n\n".join(printable("\n".join(_facts(result, words))) for result in results)


def _facts(result: Result, words: Phrases) -> list[str]:
    """What is wrong with what, where, by which law, and what would mend it."""
    name, fix = said_in(result.label, words.language), said_in(result.fix, words.language)
    facts = [
        (words.severities[result.severity], words.stated(result)),
        (words.node, f"{spelt(result.focus)} {name}".strip()),
        (words.path, result.path.text if result.path is not None else ""),
        (words.value, spelt(result.value)),
        *((words.law, words.provision(basis)) for basis in result.basis),
        (words.fix, fix),
        (words.place, str(result.place) if result.place is not None else ""),
        (words.graph, spelt(result.graph)),
        (words.shape, spelt(result.source)),
    ]
    return [f"{heading}{words.colon}{fact}" for heading, fact in facts if fact]


def _count(element: Element, suite: Element, *, seconds: float | None) -> None:
    cases = suite.findall("testcase")
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    element.set("errors", "0")
    element.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    element.set("time", f"{seconds or 0:.3f}")
