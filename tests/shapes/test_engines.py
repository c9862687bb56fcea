"""The SPARQL constraints say the same on the engine as in pySHACL, dates and sums above all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Quad, QuerySolution, QuerySolutions, Store, Variable
from rdflib import SH, Graph

from econsec.knowledge.conformance import Described
from econsec.knowledge.interchange import as_graph, from_rdflib, to_rdflib
from econsec.knowledge.reading import read_document
from econsec.knowledge.reports import Report, Term
from econsec.knowledge.targets import focus_nodes
from econsec.rdf.namespaces import ESH, PREFIXES

CASES = Path(__file__).resolve().parents[1] / "cases" / "shapes"
SHAPES = (
    "BudgetTotalShape",
    "ClosureShape",
    "LifeOrderShape",
    "SupportedTechnologyShape",
    "TradeBanShape",
)
ALL = [case for shape in SHAPES for case in sorted((CASES / shape).glob("*.ttl"))]

Judge = Callable[[Path, str], Report]
Row = tuple[Term, Term, Term | None, Term | None]
"""Constraint, focus node, path and value."""


def test_every_shape_with_a_sparql_constraint_is_compared(shapes: list[Quad]) -> None:
    holders = as_graph(shapes).subjects(SH.sparql)
    assert {str(shape).removeprefix(ESH) for shape in holders} == set(SHAPES)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_both_engines_find_the_same(
    case: Path,
    judge: Judge,
    shape_files: dict[str, Graph],
    background: Graph,
    saturated: Callable[[Path], Store],
) -> None:
    name = case.parent.name
    report = judge(case, name)
    by_pyshacl = {
        (r.constraint, r.focus, r.path.node if r.path is not None else None, r.value)
        for r in report.results
        if r.constraint is not None
    }
    # Without the rest of the data, the ontology itself names things that nothing describes.
    scope = Described.by(list(read_document(case).quads()))
    rows = found_by_engine(shape_files[name], background, store=saturated(case), shape=name)
    by_engine = {row for row in rows if scope.holds(row[1], row[3])}
    assert by_engine == by_pyshacl


def found_by_engine(shapes: Graph, data: Graph, *, store: Store, shape: str) -> set[Row]:
    """What the constraints select on the engine, with each focus node put in for `$this`."""
    node = to_rdflib(ESH(shape))
    focus = focus_nodes(data, shapes=shapes, shape=node)
    rows: set[Row] = set()
    for constraint in shapes.objects(node, SH.sparql):
        select = str(shapes.value(constraint, SH.select))
        for this in map(from_rdflib, focus):
            solutions = store.query(
                select, prefixes=PREFIXES, substitutions={Variable("this"): this}
            )
            rows.update(
                (from_rdflib(constraint), this, bound(solution, "path"), bound(solution, "value"))
                for solution in cast(QuerySolutions, solutions)
            )
    return rows


def bound(solution: QuerySolution, name: str) -> Term | None:
    """The value of a variable, `None` where the query does not select it."""
    try:
        return cast(Term, solution[name])
    except KeyError:
        return None
