"""Data are held against shapes, and what breaks them becomes a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from time import perf_counter
from typing import Protocol

from pyoxigraph import Quad, Triple

from econsec.knowledge.reports import Audit, Report, Term
from econsec.knowledge.shapes.capability import Plan, plan
from econsec.knowledge.shapes.core import run_core
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.description import described
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.linting import check
from econsec.knowledge.shapes.sparql import run_constraint
from econsec.knowledge.shapes.targets import focus_nodes, shapes_with_targets
from econsec.knowledge.shapes.trees import Tree, grow, refuse_recursion
from econsec.rdf.namespaces import SH

__all__ = ["Engine", "Prepared", "Scope", "judge", "prepared", "validate"]


class Engine(StrEnum):
    """What judges: the fast engines where they are proven equal, or pySHACL throughout."""

    FAST = "fast"
    REFERENCE = "reference"


class Scope(Protocol):
    """Which part of the data is judged, where the rest only stands behind it."""

    def holds(self, focus: Term, value: Term | None) -> bool:
        """Whether a result about `focus`, with `value`, is one about that part."""


def validate(
    data: Iterable[Triple | Quad],
    *,
    shapes: Iterable[Triple | Quad],
    engine: Engine = Engine.FAST,
    scope: Scope | None = None,
) -> Report:
    """Hold `data` against `shapes` (SHACL Core and SHACL-SPARQL).

    Graphs are merged; nothing is inferred and nothing fetched. With a `scope`, only
    what lies in it is reported and counted.

    Raises `InvalidInput` for shapes that cannot be used (misspelt terms, shapes that
    recur and features that are not run among them), and `Refused` for shapes that
    reach out of the graph.
    """
    return judge(Data(data), shapes=shapes, engine=engine, scope=scope)


def judge(
    data: Data,
    *,
    shapes: Iterable[Triple | Quad],
    engine: Engine = Engine.FAST,
    scope: Scope | None = None,
    focus: Mapping[Node, set[Term]] | None = None,
) -> Report:
    """The same for data that are prepared already.

    With `focus`, the shapes in it are applied to its nodes, whatever their targets
    choose, and no others.
    """
    started = perf_counter()
    ready = prepared(tuple(shapes))
    graph = ready.graph
    if focus is None:
        aims = {tree: _in_scope(data, graph, tree, scope) for tree in ready.trees}
    else:
        aims = {tree: focus[tree.root] for tree in ready.trees if tree.root in focus}
    is_scoped = scope is not None or focus is not None
    runs = _runs(data, graph, aims, engine, is_scoped=is_scoped)
    found = (raw for run in runs for raw in run.found)
    results = described(
        (raw for raw in found if scope is None or scope.holds(raw.focus, raw.value)),
        data=data,
        shapes=graph,
    )
    of_root = Counter(result.root for result in results)
    return Report(
        results=results,
        audit=tuple(_audit(graph, aims, runs, of_root)),
        seconds=perf_counter() - started,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What an engine found of some trees, and how long that took."""

    engine: str
    trees: Sequence[Tree]
    found: Sequence[RawResult]
    seconds: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """Shapes that can be used, and what grows from each that has targets."""

    graph: ShapesGraph
    trees: tuple[Tree, ...]


@lru_cache(maxsize=16)
def prepared(shapes: tuple[Triple | Quad, ...]) -> Prepared:
    """What validations by the same shapes have in common, made once.

    A process that forks later may ask for it beforehand. Raises as `validate` does.
    """
    graph = ShapesGraph(shapes)
    check(graph)
    refuse_recursion(graph)
    return Prepared(graph, tuple(grow(graph, root) for root in shapes_with_targets(graph)))


def _in_scope(data: Data, shapes: ShapesGraph, tree: Tree, scope: Scope | None) -> set[Term]:
    nodes = focus_nodes(data, shapes=shapes, shape=tree.root)
    return nodes if scope is None else {node for node in nodes if scope.holds(node, None)}


def _runs(
    data: Data,
    shapes: ShapesGraph,
    aims: Mapping[Tree, set[Term]],
    engine: Engine,
    *,
    is_scoped: bool,
) -> list[_Run]:
    plans = {tree: plan(shapes, tree, data, focus=nodes) for tree, nodes in aims.items()}
    fast = [each for each in plans.values() if each is not None and engine is Engine.FAST]
    slow = {tree: aims[tree] for tree in aims if tree not in {each.tree for each in fast}}
    runs: list[_Run] = []
    if fast:
        trees = [each.tree for each in fast]
        given = {tree: aims[tree] for tree in trees} if is_scoped else None
        with _watch("shacl", trees, runs) as found:
            met = [tree for tree in trees if aims[tree]]
            found += run_core(data, shapes=shapes, trees=met, aims=given)
    for each in fast:
        if each.constraints:
            with _watch("sparql", [each.tree], runs) as found:
                found += _selected(data, shapes, each, aims[each.tree])
    if any(slow.values()) or (slow and engine is Engine.REFERENCE):
        # Imported late: the fast engines need neither pySHACL nor rdflib.
        from econsec.knowledge.shapes.reference import run_reference

        with _watch("pyshacl", list(slow), runs) as found:
            found += run_reference(data, shapes=shapes, aims=slow)
    return runs


def _selected(
    data: Data, shapes: ShapesGraph, planned: Plan, focus: Collection[Term]
) -> Iterator[RawResult]:
    for constraint in planned.constraints:
        yield from run_constraint(
            data, shapes=shapes, constraint=constraint, root=planned.tree.root, focus=focus
        )


@contextmanager
def _watch(engine: str, trees: Sequence[Tree], runs: list[_Run]) -> Iterator[list[RawResult]]:
    """Take down what is found and how long that took."""
    found: list[RawResult] = []
    started = perf_counter()
    yield found
    runs.append(_Run(engine, trees, found, perf_counter() - started))


def _audit(
    shapes: ShapesGraph,
    aims: Mapping[Tree, set[Term]],
    runs: Sequence[_Run],
    results: Mapping[Node | None, int],
) -> Iterator[Audit]:
    for tree, nodes in aims.items():
        own = [run for run in runs if tree in run.trees]
        alone = [run.seconds for run in own if len(run.trees) == 1]
        yield Audit(
            shape=tree.root,
            name=shapes.texts(tree.root, SH("name")),
            focus_nodes=len(nodes),
            results=results.get(tree.root, 0),
            engine=" + ".join(run.engine for run in own),
            seconds=sum(alone) if alone else None,
        )
