"""Property paths followed through data, in either direction, and the triples met on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from econsec.rdf.namespaces import RDFS

__all__ = [
    "HERE",
    "SUBCLASS",
    "Choice",
    "Path",
    "Repeat",
    "Sequence",
    "Step",
    "Term",
    "ends",
    "inverted",
    "joined",
    "subclasses",
    "superclasses",
    "triples",
]

Term: TypeAlias = NamedNode | BlankNode | Literal
_DEFAULT = DefaultGraph()


@dataclass(frozen=True, slots=True)
class Step:
    """One triple: from its subject to its object, or back where `inverse`."""

    predicate: NamedNode
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path behind the other; the empty one leads nowhere else."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of several paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path again and again: `?` is at least 0 and not `unbounded`, `*` 0, `+` 1."""

    part: Path
    at_least: int
    unbounded: bool


Path: TypeAlias = Step | Sequence | Choice | Repeat

HERE = Sequence(())
"""The path that stays where it is."""

SUBCLASS = Step(RDFS("subClassOf"))


def joined(first: Path, second: Path) -> Path:
    """The path `second` behind `first`."""
    parts = (*_parts(first), *_parts(second))
    return parts[0] if len(parts) == 1 else Sequence(parts)


def inverted(path: Path) -> Path:
    """The path that leads back."""
    match path:
        case Step(predicate, inverse):
            return Step(predicate, not inverse)
        case Sequence(parts):
            return Sequence(tuple(inverted(part) for part in reversed(parts)))
        case Choice(parts):
            return Choice(tuple(inverted(part) for part in parts))
        case Repeat(part, at_least, unbounded):
            return Repeat(inverted(part), at_least, unbounded)


def ends(
    store: Store, starts: Iterable[Term], path: Path, *, trace: set[Triple] | None = None
) -> set[Term]:
    """Where `path` leads to from `starts` in the default graph; `trace` gathers its triples."""
    match path:
        case Step():
            return _stepped(store, starts, path, trace)
        case Sequence(parts):
            reached = set(starts)
            for part in parts:
                reached = ends(store, reached, part, trace=trace)
            return reached
        case Choice(parts):
            starts = set(starts)
            return set().union(*(ends(store, starts, part, trace=trace) for part in parts))
        case Repeat():
            return _repeated(store, set(starts), path, trace)


def triples(
    store: Store, subject: Term | None, predicate: NamedNode | None, object: Term | None = None
) -> Iterator[Triple]:
    """The triples of the default graph that match; a literal is the subject of none."""
    if isinstance(subject, Literal):
        return
    for quad in store.quads_for_pattern(subject, predicate, object, _DEFAULT):
        yield quad.triple


def subclasses(store: Store, kinds: Collection[NamedNode]) -> frozenset[Term]:
    """The classes `kinds` and all below them."""
    return frozenset(ends(store, kinds, Repeat(inverted(SUBCLASS), 0, True)))


def superclasses(store: Store, kinds: Iterable[Term]) -> set[Triple]:
    """The triples that lead from classes to all above them."""
    found: set[Triple] = set()
    ends(store, kinds, Repeat(SUBCLASS, 0, True), trace=found)
    return found


def _stepped(
    store: Store, starts: Iterable[Term], step: Step, trace: set[Triple] | None
) -> set[Term]:
    reached: set[Term] = set()
    for start in starts:
        pattern = (None, start) if step.inverse else (start, None)
        for triple in triples(store, pattern[0], step.predicate, pattern[1]):
            reached.add(cast(Term, triple.subject if step.inverse else triple.object))
            if trace is not None:
                trace.add(triple)
    return reached


def _repeated(
    store: Store, starts: set[Term], path: Repeat, trace: set[Triple] | None
) -> set[Term]:
    first = ends(store, starts, path.part, trace=trace)
    reached = first if path.at_least else starts | first
    fresh = first - starts if not path.at_least else first
    while path.unbounded and fresh:
        fresh = ends(store, fresh, path.part, trace=trace) - reached
        reached |= fresh
    return reached


def _parts(path: Path) -> tuple[Path, ...]:
    return path.parts if isinstance(path, Sequence) else (path,)
