"""Loading documents into a location: all of them or none, in one generation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from econsec.engine.location import Account, Location
from econsec.engine.publication import DERIVED
from econsec.engine.writing.limits import DefaultGraphMode, WriteLimits
from econsec.engine.writing.protection import put, settings
from econsec.engine.writing.records import Deed
from econsec.engine.writing.upkeep import PROTECTED
from econsec.errors import InvalidInput, Refused, UsageError
from econsec.knowledge import reasoning
from econsec.knowledge.build import Built, Derived, Inconsistent, Reasoner, derive
from econsec.knowledge.literals import rewritten_literals
from econsec.knowledge.manifest import graph_name
from econsec.knowledge.merge import mergeable_graphs, triples_in_default_graph
from econsec.knowledge.reading import Document

__all__ = ["PROTECTED", "Loaded", "Progress", "install", "load"]

Progress = Callable[[int], None]
"""Told from time to time how many triples were read so far."""

_AT_ONCE = 50_000
"""Quads that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the triples read for each graph, and what follows from them.

    `rewritten` counts the literals of which the engine keeps the value, but
    not the text.
    """

    triples: Mapping[str, int]
    rewritten: int
    derived: Derived


def load(
    location: Location,
    documents: Iterable[Document],
    *,
    graph: str | None = None,
    replace: bool = False,
    infer: bool = True,
    reasoner: Reasoner = reasoning,
    agent: str = "command line",
    progress: Progress | None = None,
) -> Loaded:
    """Add documents to the named graphs of a location and publish the result.

    Triples that name no graph go to `graph`. With `replace`, `graph` and each
    graph that a document names holds what the documents say and no more, as
    after a PUT (Graph Store Protocol, 5.3). The default graph and the inferred
    graph are brought up to the new state, unless the default graph of the
    location is data like any other. Each document is taken when the one before
    it is loaded. Raises `InvalidInput` on what cannot be read, `UsageError` on
    triples without a graph, `Refused` on a protected graph, `Inconsistent`, and
    `NotConforming` on new violations in a graph under validation; in each case
    the location stays as it was.
    """
    target = None if graph is None else graph_name(graph)
    is_plain = location.is_plain
    # To write a triple twice costs half as much as to look for what is to be merged afterwards.
    merges = not is_plain and location.current() is None
    tally = _Tally(progress, replace, merges)

    def fill(store: ox.Store) -> Loaded:
        if replace and target is not None:
            _refuse_protected(target)
            tally.begin(store, [target])
        for document in documents:
            tally.add(store, _quads(document, target), document)
        if is_plain:
            whole = triples_in_default_graph(store)
            derived = Derived(whole, inferred=0, rounds=0, clashes=(), steps=())
        else:
            derived = derive(
                store,
                mergeable_graphs(store),
                reasoner=reasoner if infer else None,
                is_merged=merges,
            )
        if derived.clashes:
            raise Inconsistent(derived.clashes)
        _check_conformance(location, store, is_plain=is_plain)
        return Loaded(tally.triples, tally.rewritten, derived)

    def account(loaded: Loaded) -> Account:
        derived = frozenset() if is_plain else DERIVED
        deed = Deed(
            kind="load",
            agent=agent,
            graph=graph,
            graphs=frozenset(loaded.triples) | derived,
            text=", ".join(tally.names),
            sha256=tally.hash,
            size=tally.size,
        )
        return Account(deed, inferred=infer and not is_plain)

    return location.publish(fill, account=account)


@dataclass(slots=True)
class _Tally:
    """What was read so far; `hash` is that of the documents, one after the other.

    It `merges` where each triple goes to the default graph as well.
    """

    progress: Progress | None
    replace: bool
    merges: bool
    triples: Counter[str] = field(default_factory=Counter)
    rewritten: int = 0
    size: int = 0
    names: list[str] = field(default_factory=list)
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def hash(self) -> str:
        return self._digest.hexdigest()

    def add(self, store: ox.Store, quads: Iterator[Quad], document: Document) -> None:
        """Load a document. Part of it may be in the store when it turns out to be broken."""
        while block := list(islice(quads, _AT_ONCE)):
            graphs = Counter(cast(NamedNode, quad.graph_name) for quad in block)
            self.begin(store, graphs)
            self.triples.update({graph.value: many for graph, many in graphs.items()})
            self.rewritten += rewritten_literals(block)
            store.bulk_extend(block)
            if self.merges:
                store.bulk_extend(Quad(*quad.triple) for quad in block)
            if self.progress is not None:
                self.progress(self.triples.total())
        self._digest.update(document.data)
        self.size += len(document.data)
        self.names.append(document.name)

    def begin(self, store: ox.Store, graphs: Iterable[NamedNode]) -> None:
        """Make room for what comes first to a graph."""
        for graph in graphs:
            if self.replace and graph.value not in self.triples:
                store.clear_graph(graph)
                store.add_graph(graph)
                self.triples[graph.value] = 0


def install(
    location: Location, built: Built, *, drop_others: bool = False, agent: str = "command line"
) -> None:
    """Publish a built data set as the whole content of a location.

    Graphs that are under validation stay so. Raises `UsageError` where the
    location holds graphs that the manifest does not know, unless `drop_others`,
    and `NotConforming` on new violations in a graph under validation.
    """
    known = {entry.iri for entry in built.manifest.graphs} | {*built.store.named_graphs()}
    others = [] if drop_others else [g for g in _graphs(location) if g not in known]
    if others:
        raise UsageError(
            f"the location holds graphs that the manifest does not list: "
            f"{', '.join(str(graph) for graph in others)}",
            source=str(location.root),
            remedy="add them to the manifest, or drop them with --drop-others",
        )

    kept = () if location.current() is None else settings(location.open_current())

    def fill(store: ox.Store) -> None:
        store.bulk_extend(built.store)
        for graph in built.store.named_graphs():
            store.add_graph(graph)
        for setting in kept:
            put(store, setting)
        _check_conformance(location, store, is_plain=False)

    deed = Deed(kind="build", agent=agent, text=built.manifest.version)
    account = Account(deed, inferred=built.rounds > 0, plain=False)
    location.publish(fill, afresh=True, account=lambda _: account)


def _graphs(location: Location) -> list[NamedNode | ox.BlankNode]:
    return [] if location.current() is None else [*location.open_current().named_graphs()]


def _quads(document: Document, graph: NamedNode | None) -> Iterator[Quad]:
    """The quads of a document, each in a named graph that may be written to.

    Blank nodes are named after the content: a document that is loaded again
    says nothing new.
    """
    seed = hashlib.sha256(document.data).hexdigest()
    for quad in replace(document, seed=seed).quads(graph=graph):
        match quad.graph_name:
            case NamedNode() as name:
                _refuse_protected(name, source=document.name)
                yield quad
            case ox.DefaultGraph():
                raise UsageError(
                    "the document has triples that stand in no named graph",
                    source=document.name,
                    remedy="say with --graph which graph they belong to",
                )
            case name:
                raise InvalidInput(f"{name} names a graph, but is no IRI", source=document.name)


def _check_conformance(location: Location, store: ox.Store, *, is_plain: bool) -> None:
    """Judge graphs under validation; without any, nothing is imported for it."""
    if settings(store):
        from econsec.engine.writing.validation import check_load

        before = ox.Store() if location.current() is None else location.open_current()
        mode = DefaultGraphMode.PLAIN if is_plain else DefaultGraphMode.MERGE
        check_load(before, store, WriteLimits(default_graph=mode))


def _refuse_protected(graph: NamedNode, *, source: str | None = None) -> None:
    if graph in PROTECTED:
        raise Refused(
            f"the graph {graph} is written by a build alone",
            source=source,
            remedy="name a graph of your own",
        )
