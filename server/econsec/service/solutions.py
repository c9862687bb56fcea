"""Solutions put together: those that share a term, and the terms that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from econsec.service.named import Labels, Named, Row, named

__all__ = ["each", "grouped", "iris", "maybe"]


def grouped(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    """The solutions by the value of a variable, in the order in which they came."""
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(row[name]["value"], []).append(row)
    return groups


def each(
    found: Iterable[Row], name: str, labels: Mapping[str, Labels] | None = None
) -> tuple[Named, ...]:
    """What a variable stands for in solutions that are alike, each once."""
    terms = {row[name]["value"]: row[name] for row in found if name in row}
    return tuple(named(term, labels) for term in terms.values())


def maybe(row: Row, name: str, labels: Mapping[str, Labels] | None = None) -> Named | None:
    """What a variable stands for, `None` where it is unbound."""
    return named(row[name], labels) if name in row else None


def iris(found: Iterable[Row]) -> set[str]:
    """All IRIs in solutions, to ask what they are called."""
    return {term["value"] for row in found for term in row.values() if term["type"] == "uri"}
