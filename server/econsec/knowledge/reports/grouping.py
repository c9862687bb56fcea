"""The results of a report put together: by the node they are about, or by what raised them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from econsec.knowledge.reports.report import Result, Term, Texts

__all__ = ["Group", "Grouping", "grouped"]


class Grouping(StrEnum):
    """What the results of one group have in common."""

    NODE = "node"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Group:
    """Results with one focus node, or of one shape or SPARQL constraint, which is `term`."""

    term: Term
    label: Texts
    results: tuple[Result, ...]


def grouped(results: Iterable[Result], grouping: Grouping) -> list[Group]:
    """The groups in the order of their first results: those with the gravest come first."""
    members: dict[Term, list[Result]] = {}
    for result in results:
        key = result.focus if grouping is Grouping.NODE else result.source
        members.setdefault(key, []).append(result)
    return [
        Group(term, _label(of_term[0], grouping), tuple(of_term))
        for term, of_term in members.items()
    ]


def _label(result: Result, grouping: Grouping) -> Texts:
    return result.label if grouping is Grouping.NODE else result.name
