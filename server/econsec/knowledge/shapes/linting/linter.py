"""Every rule for shapes at once, and the error that stops a validation by bad ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyoxigraph import Quad, Triple

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.locating import places_of
from econsec.knowledge.reading import Document
from econsec.knowledge.reports import Place
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.knowledge.shapes.linting.components import component_faults
from econsec.knowledge.shapes.linting.fault import Fault, Gravity
from econsec.knowledge.shapes.linting.names import name_faults
from econsec.knowledge.shapes.linting.parameters import parameter_faults
from econsec.knowledge.shapes.linting.path_syntax import path_faults
from econsec.knowledge.shapes.linting.patterns import pattern_faults
from econsec.knowledge.shapes.linting.prefixes import prefix_faults
from econsec.knowledge.shapes.linting.queries import query_faults
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.knowledge.shapes.linting.structure import structure_faults

__all__ = ["check", "lint"]

_NAMED_AT_MOST = 5


def lint(
    shapes: Iterable[Triple | Quad], *, documents: Sequence[Document] = ()
) -> tuple[Fault, ...]:
    """All that is wrong with a shapes graph, the errors first.

    `documents` are what it was read from; where one describes the subject of a fault,
    the fault has that place. Raises `Refused` for a triple term, which SHACL does not know.
    """
    graph = Shapes(ShapesGraph(shapes))
    faults = dict.fromkeys(
        fault
        for rule in (
            name_faults,
            path_faults,
            parameter_faults,
            pattern_faults,
            component_faults,
            structure_faults,
            prefix_faults,
            query_faults,
        )
        for fault in rule(graph)
    )
    places = places_of((fault.subject for fault in faults), documents)
    named = (
        replace(fault, name=graph.name(fault.subject), place=places.get(fault.subject))
        for fault in faults
    )
    return tuple(sorted(named, key=_order))


def check(shapes: Iterable[Triple | Quad], *, documents: Sequence[Document] = ()) -> None:
    """Stop at shapes that cannot be used.

    Raises `Refused` for shapes that want something from elsewhere, and else
    `InvalidInput`. Either counts the errors, tells the first five, and has the place
    of the first where one of `documents` describes its subject.
    """
    errors = [e for e in lint(shapes, documents=documents) if e.gravity is Gravity.ERROR]
    if not errors:
        return
    first = next((each for each in errors if each.reaches_out), errors[0])
    others = [each for each in errors if each is not first]
    raised = Refused if first.reaches_out else InvalidInput
    raise raised(
        f"the shapes cannot be used: {first.sentence}{_and(others)}",
        source=None if first.place is None else first.place.document,
        line=None if first.place is None else first.place.line,
        remedy=first.remedy,
    )


def _and(others: Sequence[Fault]) -> str:
    if not others:
        return ""
    told = "; ".join(_with_line(each) for each in others[: _NAMED_AT_MOST - 1])
    more = len(others) - (_NAMED_AT_MOST - 1)
    rest = f"; and {more} more" if more > 0 else ""
    return f"; of {len(others) + 1} errors the others are: {told}{rest}"


def _with_line(fault: Fault) -> str:
    if fault.place is None:
        return fault.sentence
    return f"{fault.sentence} ({fault.place})"


def _order(fault: Fault) -> tuple[bool, str, int, str, str]:
    place = fault.place or Place("")
    is_advice = fault.gravity is Gravity.ADVICE
    return is_advice, place.document, place.line or 0, fault.name, fault.problem
