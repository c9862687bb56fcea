"""Data are held against shapes, and what breaks them becomes a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from time import perf_counter
from typing import Any, Protocol, TypeVar

from pyoxigraph import Quad, Triple

from econsec.errors import EconSecError
from econsec.knowledge.reports import Audit, Report, Term
from econsec.knowledge.shapes.capability import Plan, plan
from econsec.knowledge.shapes.constraints import Constraint
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

T = TypeVar("T")

_LARGE = 2_000_000
"""Bytes of data from which on it is worth a thread that engines work side by side."""

_MANY = 100_000
"""Focus nodes, each counted for every shape."""

_AT_ONCE = 2
"""Engines that work side by side: a validation is not alone on its machine."""


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
    judging = _Judging(data, ready.graph, engine)
    if focus is not None:
        given = {tree: focus[tree.root] for tree in ready.trees if tree.root in focus}
        aims, runs = judging.of_given(given)
    elif scope is not None:
        chosen = {tree: judging.focus_nodes(tree, scope) for tree in ready.trees}
        aims, runs = judging.of_given(chosen, chosen_by_targets=True)
    else:
        aims, runs = judging.of_all(ready.trees)
    found = (raw for run in runs for raw in run.found)
    results = described(
        (raw for raw in found if scope is None or scope.holds(raw.focus, raw.value)),
        data=data,
        shapes=ready.graph,
    )
    of_root = Counter(result.root for result in results)
    return Report(
        results=results,
        audit=tuple(_audit(ready.graph, aims, runs, of_root)),
        seconds=perf_counter() - started,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What an engine found of some trees, and how long that took."""

    engine: str
    trees: Sequence[Tree]
    found: Sequence[RawResult]
    seconds: float

    def of(self, trees: Sequence[Tree]) -> _Run:
        """The same for some of the trees alone."""
        roots = {tree.root for tree in trees}
        return replace(self, trees=trees, found=[raw for raw in self.found if raw.root in roots])


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


_Aims = Mapping[Tree, set[Term]]


@dataclass(frozen=True, slots=True)
class _Judging:
    """The engines at work on the same data; two at once, where the data are large."""

    data: Data
    shapes: ShapesGraph
    engine: Engine

    def focus_nodes(self, tree: Tree, scope: Scope | None = None) -> set[Term]:
        """The nodes that the targets of a tree choose."""
        nodes = focus_nodes(self.data, shapes=self.shapes, shape=tree.root)
        return nodes if scope is None else {node for node in nodes if scope.holds(node, None)}

    def of_given(self, aims: _Aims, *, chosen_by_targets: bool = False) -> tuple[_Aims, list[_Run]]:
        """What is found of trees, each at the nodes given for it.

        Where targets have chosen these, among others, results about the others may be
        found as well: to name a great many nodes takes longer than to judge the rest.
        """
        fast = self._plans(aims)
        trees = [planned.tree for planned in fast]
        met = [tree for tree in trees if aims[tree]]
        is_named = not chosen_by_targets or sum(len(aims[tree]) for tree in met) < _MANY
        with _engines(self.data) as engines:
            core = engines.submit(self._core, met, aims if is_named else None)
            queries = [
                query
                for planned in fast
                for query in self._queries(planned, aims[planned.tree], engines)
            ]
            runs = [replace(core.result(), trees=trees), *(each.result() for each in queries)]
        return aims, [*runs, *self._reference(aims, trees)]

    def of_all(self, trees: Sequence[Tree]) -> tuple[_Aims, list[_Run]]:
        """The nodes that the targets of trees choose, and what is found of them.

        The core engine chooses nodes by itself, and so waits for nobody; a query waits for
        the nodes of its own tree.
        """
        is_fast = self.engine is Engine.FAST
        hopeful = [tree for tree in trees if is_fast and plan(self.shapes, tree, self.data)]
        with _engines(self.data) as engines:
            core = engines.submit(self._core, hopeful, None)
            aims: dict[Tree, set[Term]] = {}
            fast: list[Tree] = []
            queries: list[Future[_Run]] = []
            for tree in trees:
                aims[tree] = self.focus_nodes(tree)
                for planned in self._plans({tree: aims[tree]}):
                    fast.append(tree)
                    queries += self._queries(planned, aims[tree], engines)
            runs = [core.result().of(fast), *(each.result() for each in queries)]
        return aims, [*runs, *self._reference(aims, fast)]

    def _plans(self, aims: _Aims) -> list[Plan]:
        if self.engine is not Engine.FAST:
            return []
        plans = (plan(self.shapes, tree, self.data, focus=nodes) for tree, nodes in aims.items())
        return [each for each in plans if each is not None]

    def _core(self, trees: Sequence[Tree], aims: _Aims | None) -> _Run:
        if not trees:
            return _Run("shacl", (), (), 0)
        found = partial(run_core, self.data, shapes=self.shapes, trees=trees, aims=aims)
        return _timed("shacl", trees, found)

    def _queries(
        self, planned: Plan, focus: Collection[Term], engines: Executor
    ) -> list[Future[_Run]]:
        return [
            engines.submit(self._query, planned.tree, constraint, focus)
            for constraint in planned.constraints
        ]

    def _query(self, tree: Tree, constraint: Constraint, focus: Collection[Term]) -> _Run:
        found = partial(
            run_constraint,
            self.data,
            shapes=self.shapes,
            constraint=constraint,
            root=tree.root,
            focus=focus,
        )
        return _timed("sparql", [tree], found)

    def _reference(self, aims: _Aims, fast: Collection[Tree]) -> list[_Run]:
        slow = {tree: nodes for tree, nodes in aims.items() if tree not in fast}
        if not any(slow.values()) and not (slow and self.engine is Engine.REFERENCE):
            return []
        # Imported late: the fast engines need neither pySHACL nor rdflib.
        from econsec.knowledge.shapes.reference import run_reference

        found = partial(run_reference, self.data, shapes=self.shapes, aims=slow)
        return [_timed("pyshacl", list(slow), found)]


class _Here(Executor):
    """Does at once, and in this thread, what it is given."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class _Beside(ThreadPoolExecutor):
    """Does several things side by side; no engine holds Python's lock while it works."""

    def __exit__(self, *raised: object) -> None:
        self.shutdown(cancel_futures=True)  # what nobody waits for any more is not begun


def _engines(data: Data) -> Executor:
    """What the engines run on."""
    return _Beside(max_workers=_AT_ONCE) if data.size > _LARGE else _Here()


def _timed(engine: str, trees: Sequence[Tree], find: Callable[[], Iterable[RawResult]]) -> _Run:
    started = perf_counter()
    try:
        found = list(find())
    except EconSecError as error:
        # Its frames hold iterators of the engine's, which may not end on another thread.
        raise error.with_traceback(None) from None
    return _Run(engine, trees, found, perf_counter() - started)


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
            engine=" + ".join(dict.fromkeys(run.engine for run in own)),
            seconds=sum(alone) if alone else None,
        )
