"""One write, applied to the writer's private store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

from econsec.engine.embedded import MergeTooLarge
from econsec.engine.writing.failures import GraphNotFound, PreconditionFailed
from econsec.engine.writing.operations import Operation, Using, operations, with_using
from econsec.engine.writing.requests import Condition, GraphMethod, GraphWrite, UpdateWrite, Write
from econsec.errors import EconSecError, InvalidInput
from econsec.knowledge.manifest import graph_name
from econsec.rdf.diagnosis import malformed_query, malformed_rdf
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Applied", "Spoiled", "apply", "reads_derived"]

_LOADED_AT_ONCE = 1 << 20
"""Bytes of N-Triples below which one transaction costs less than making files in bulk."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a write did: whether its graph was not there before."""

    created: bool = False


class Spoiled(EconSecError):
    """A write failed half-way: the private store is to be thrown away. `cause` says why."""

    title: ClassVar[str] = "The write failed half-way"

    def __init__(self, cause: EconSecError) -> None:
        super().__init__(cause.detail)
        self.cause = cause


def apply(store: ox.Store, write: UpdateWrite | GraphWrite, *, tag: str, max_merge: int) -> Applied:
    """Carry out a write; `tag` is the entity tag of its graph, `max_merge` bounds merges (triples).

    Raises `InvalidInput`, `PreconditionFailed` and `GraphNotFound`, which leave
    the store as it was, and `Spoiled`.
    """
    if isinstance(write, GraphWrite):
        return _change_graph(store, write, tag)
    _update(store, write, max_merge)
    return Applied()


def reads_derived(write: Write) -> bool:
    """Whether a write may read what is derived at each commit: the merge, or the inferences."""
    if not isinstance(write, UpdateWrite):
        return False
    text = write.text.upper()
    if "WHERE" not in text and "DEFAULT" not in text and "INFERRED" not in text:
        return False  # data, however long
    if write.using_graphs or write.using_named:
        return True
    _, found = operations(write.text, base=write.base)
    return any(operation.reads_derived for operation in found)


def _update(store: ox.Store, write: UpdateWrite, max_merge: int) -> None:
    if not (write.using_graphs or write.using_named or "USING" in write.text.upper()):
        _run(store, write.text, write.base)
        return
    prologue, found = operations(write.text, base=write.base)
    for done, operation in enumerate(found):
        dataset = _Dataset.of(operation, write)
        try:
            with _clauses(store, operation, dataset, max_merge=max_merge) as clauses:
                text = with_using(
                    write.text, prologue=prologue, operation=operation, usings=clauses
                )
                _run(store, text, write.base)
        except EconSecError as error:
            raise Spoiled(error) if done else error from error


@dataclass(frozen=True, slots=True)
class _Dataset:
    """The graphs that a WHERE reads: those of the default graph, and the named ones."""

    default: tuple[str, ...]
    named: tuple[str, ...]

    @classmethod
    def of(cls, operation: Operation, write: UpdateWrite) -> _Dataset:
        """That of the protocol's request, else of the text."""
        if write.using_graphs or write.using_named:
            return cls(_once(write.using_graphs), _once(write.using_named))
        return cls(_named(operation.usings, False), _named(operation.usings, True))


def _named(usings: list[Using], named: bool) -> tuple[str, ...]:
    return _once(tuple(using.graph for using in usings if using.named is named))


def _once(graphs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(graphs))


@contextmanager
def _clauses(
    store: ox.Store, operation: Operation, dataset: _Dataset, *, max_merge: int
) -> Iterator[list[str]]:
    """The USING clauses of a data set; several default graphs are merged into one for the time."""
    default = tuple(graph_name(graph) for graph in dataset.default)
    named = [f"USING NAMED {graph_name(graph)}" for graph in dataset.named]
    if operation.where is None or len(default) < 2:
        yield [*(f"USING {graph}" for graph in default), *named]
        return
    merge = _merged(store, default, max_merge)
    try:
        yield [f"USING {merge}", *named]
    finally:
        store.remove_graph(merge)


def _merged(store: ox.Store, graphs: tuple[NamedNode, ...], limit: int) -> NamedNode:
    """A graph under a name that nobody knows, with each triple of `graphs` once."""
    triples = sum(_size(store, graph) for graph in graphs)
    if triples > limit:
        raise MergeTooLarge(
            f"the graphs of USING hold {triples} triples; the limit max_merge_triples is {limit}"
        )
    name = NamedNode(f"urn:uuid:{uuid4()}")
    store.update(";".join(f"ADD SILENT {graph} TO {name}" for graph in graphs))
    return name


def _size(store: ox.Store, graph: NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _run(store: ox.Store, text: str, base: str | None) -> None:
    try:
        store.update(text, base_iri=base, prefixes=PREFIXES)
    except (SyntaxError, RuntimeError) as error:
        raise malformed_query(error, text) from error
    except UnicodeEncodeError as error:
        raise InvalidInput("the update is not valid Unicode") from error


def _change_graph(store: ox.Store, write: GraphWrite, tag: str) -> Applied:
    graph = DefaultGraph() if write.graph is None else graph_name(write.graph)
    exists = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    if write.method is GraphMethod.DELETE and not exists:
        raise GraphNotFound(f"there is no graph <{write.graph}>")
    _check(write.condition, tag if exists else None)
    try:
        _replace(store, write, graph)
    except SyntaxError as error:
        raise Spoiled(malformed_rdf(error, source=None)) from error
    return Applied(created=not exists)


def _replace(store: ox.Store, write: GraphWrite, graph: NamedNode | DefaultGraph) -> None:
    if write.method is GraphMethod.DELETE:
        store.remove_graph(graph)
        return
    if write.method is GraphMethod.PUT:
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    if write.content is not None:
        is_small = write.content.stat().st_size < _LOADED_AT_ONCE
        load = store.load if is_small else store.bulk_load
        load(path=write.content, format=RdfFormat.N_TRIPLES, to_graph=graph)


def _check(condition: Condition, tag: str | None) -> None:
    """Compare with the entity tag of the graph, `None` where there is no graph (RFC 9110, 13.2)."""
    if condition.if_match and not _matches(condition.if_match, tag):
        raise PreconditionFailed(
            f"If-Match does not hold: {_state(tag)}", remedy="get the graph, and try again"
        )
    if _matches(condition.if_none_match, tag):
        raise PreconditionFailed(f"If-None-Match does not hold: {_state(tag)}")


def _matches(tags: tuple[str, ...], tag: str | None) -> bool:
    return tag is not None and ("*" in tags or tag in tags)


def _state(tag: str | None) -> str:
    return "there is no such graph" if tag is None else f'the graph is at "{tag}"'
