"""The figures as Markdown, which is what is printed too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from unicodedata import east_asian_width

from service.measuring import FIRST, MODES, REPEATED, Cell, Contender, Results, percentile
from service.runaway import Disturbed

__all__ = ["disturbance_section", "results_section"]

LATER, SOONER = 1.10, 1e-3
"""First-time: at most this ratio to the native server where it needs more than a millisecond."""
MORE = 0.3e-3
"""First-time, where the native server needs less: at most these seconds more."""
FASTER = 3.0
"""Repeated: at least this ratio of answers per second."""
CALM = 2.0
"""Beside a runaway query: a p95 under this ratio to the undisturbed one."""

_LEGEND = (
    "Cells: p50 / p95 in ms, answers per second; then, against the first column in the median of "
    "the rounds: ratio of p50 (difference in ms), ratio of answers per second."
)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table in aligned columns."""
    body = [list(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(head, *body, strict=True)]
    lines = [_line(head, widths), _line(["-" * width for width in widths], widths)]
    return [*lines, *(_line(row, widths) for row in body), ""]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def results_section(results: Results, clients: Sequence[int]) -> list[str]:
    """The geometric means, whether the aims are reached, and every cell."""
    lines = ["### All queries", "", *_overall(results, clients), *_aims(results, clients)]
    for mode in MODES:
        taking_part = [each for each in results.contenders if results.has(mode, each.name)]
        for many in clients:
            title = f"### {mode.capitalize()} texts, {many} {'client' if many == 1 else 'clients'}"
            rows = [
                [probe.name, *(_figures(results, mode, many, probe.name, e) for e in taking_part)]
                for probe in results.probes
            ]
            head = ["query", *(each.name for each in taking_part)]
            lines += [title, "", *_table(head, rows)]
    return [*lines, _LEGEND, ""]


def _overall(results: Results, clients: Sequence[int]) -> list[str]:
    rows = []
    for mode in MODES:
        for many in clients:
            for each in results.contenders[1:]:
                if results.has(mode, each.name):
                    mean = results.overall(mode, many, each.name)
                    figures = [f"{mean.latency:.2f}", f"{mean.more * 1e3:+.2f}", f"{mean.rate:.2f}"]
                    rows.append([mode, str(many), each.name, *figures])
    base = results.contenders[0].name
    ratio, more = f"p50 : {base}", "median of the differences of p50, ms"
    return _table(["texts", "clients", "server", ratio, more, f"answers/s : {base}"], rows)


def _figures(results: Results, mode: str, many: int, probe: str, each: Contender) -> str:
    cell = Cell(mode, many, probe, each.name)
    p50, p95 = (results.percentile(cell, percent) * 1e3 for percent in (50, 95))
    own = f"{p50:.2f} / {p95:.2f}, {results.rate(cell):,.0f}/s"
    if each == results.contenders[0]:
        return own
    against = results.against(cell)
    return f"{own}; {against.latency:.2f} ({against.more * 1e3:+.2f}), {against.rate:.2f}"


def _aims(results: Results, clients: Sequence[int]) -> list[str]:
    """One line for each aim, server and number of clients; the aims are not for the slow ones."""
    lines = []
    for each in (e for e in results.contenders[1:] if e.rounds is None):
        for many in clients:
            if results.has(FIRST, each.name):
                missed = [p.name for p in results.probes if _late(results, many, p.name, each)]
                verdict = f"NOT KEPT by {', '.join(missed)}" if missed else "kept by all queries"
                lines.append(f"- {each.name}, first-time texts, clients: {many}: {verdict}")
            rate = results.overall(REPEATED, many, each.name).rate
            verdict = "kept" if rate >= FASTER else "NOT KEPT"
            lines.append(
                f"- {each.name}, repeated texts, clients: {many}: {rate:.2f} times the answers: "
                f"{verdict}"
            )
    aim = (
        f"Aims: a first-time text takes at most {LATER} times what the first server takes, or, "
        f"where that is under {SOONER * 1e3:g} ms, at most {MORE * 1e3:g} ms more (p50; with "
        "several clients the time from answer to answer); repeated texts get at least "
        f"{FASTER:g} times its answers per second (geometric mean)."
    )
    return [aim, "", *lines, ""]


def _late(results: Results, many: int, probe: str, each: Contender) -> bool:
    cell = Cell(FIRST, many, probe, each.name)
    base = Cell(FIRST, many, probe, results.contenders[0].name)
    against = results.against(cell)
    if many == 1:
        short = results.percentile(base, 50) < SOONER
        return against.more > MORE if short else against.latency > LATER
    between = 1 / results.rate(base)
    if between < SOONER:
        return between / against.rate - between > MORE
    return 1 / against.rate > LATER


def disturbance_section(results: Mapping[str, Disturbed]) -> list[str]:
    """The latencies with and without the runaway query."""
    rows = []
    for name, result in results.items():
        kinds = (result.quiet, result.disturbed)
        latencies = [[t for round in kind for t in round] for kind in kinds]
        figures = [
            " / ".join(f"{percentile(all, percent) * 1e3:.2f}" for percent in (50, 95))
            for all in latencies
        ]
        verdict = f"{result.ratio:.2f} {'kept' if result.ratio < CALM else 'NOT KEPT'}"
        answers = ", ".join(f"{n} with {status}" for status, n in sorted(result.answers.items()))
        rows.append([name, *figures, verdict, answers or "none in time"])
    head = ["server", "alone, p50 / p95 ms", "disturbed, p50 / p95 ms"]
    head += [f"p95 ratio (aim: under {CALM:g})", "the runaway was answered"]
    return _table(head, rows)
