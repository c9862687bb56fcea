"""From the files of a manifest to a data set: read, merge, infer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import ClassVar, Protocol

from pyoxigraph import NamedNode, Quad, Store

from econsec.errors import EconSecError
from econsec.knowledge import reasoning
from econsec.knowledge.examples import read_examples
from econsec.knowledge.manifest import (
    EXAMPLES,
    INFERRED,
    ONTOLOGY,
    VOID_GRAPH,
    GraphEntry,
    Manifest,
    Role,
)
from econsec.knowledge.merge import graph_sizes, merge, triples_in_default_graph
from econsec.knowledge.reading import read_document
from econsec.knowledge.reasoning import Clash, Materialisation
from econsec.paths import resources

__all__ = ["Built", "Derived", "GraphCount", "Inconsistent", "Reasoner", "Step", "build", "derive"]

_SHOWN = 5
"""Contradictions that an error spells out."""


class Reasoner(Protocol):
    """What a build asks of the rules; `econsec.knowledge.reasoning` answers it."""

    def materialise(self, store: Store, *, tbox: NamedNode, into: NamedNode) -> Materialisation:
        """Saturate the default graph and put what was added into the graph `into`."""

    def find_clashes(self, store: Store, *, tbox: NamedNode) -> tuple[Clash, ...]:
        """The contradictions in a saturated default graph."""


class Inconsistent(EconSecError):
    """The data contradict the ontology; `clashes` says which axioms and which individuals."""

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 422
    title: ClassVar[str] = "The data contradict the ontology"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        shown = "; ".join(clash.message for clash in clashes[:_SHOWN])
        more = f"; and {len(clashes) - _SHOWN} more" if len(clashes) > _SHOWN else ""
        super().__init__(f"the data contradict the ontology: {shown}{more}")
        self.clashes = tuple(clashes)


@dataclass(frozen=True, slots=True)
class GraphCount:
    """A graph of the manifest and the triples that it came to hold."""

    entry: GraphEntry
    triples: int


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the build and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from the named graphs: the merge, the inferred triples, the clashes."""

    merged: int
    inferred: int
    rounds: int
    clashes: tuple[Clash, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """A data set in memory, and the account of how it came about.

    `merged` counts the asserted triples of the default graph, each once;
    `inferred` those that reasoning added in `rounds` rounds.
    """

    manifest: Manifest
    store: Store
    graphs: tuple[GraphCount, ...]
    merged: int
    inferred: int
    rounds: int
    clashes: tuple[Clash, ...]
    steps: tuple[Step, ...]


def build(
    manifest: Manifest,
    *,
    infer: bool = True,
    allow_clashes: bool = False,
    reasoner: Reasoner = reasoning,
) -> Built:
    """Read every file of the manifest, merge the graphs and draw the inferences.

    Raises `InvalidInput` on the first file that cannot be read, with line and
    column, and `Inconsistent` on contradictions unless `allow_clashes`, which
    leaves them in the record.
    """
    # Bulk loading leaves the memory arena of its thread in a state that makes small
    # queries on the same thread up to 2.6 times slower: load on a thread of its own.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="build") as loader:
        built = loader.submit(_build, manifest, reasoner if infer else None).result()
    if built.clashes and not allow_clashes:
        raise Inconsistent(built.clashes)
    return built


def derive(
    store: Store,
    merged: Sequence[NamedNode],
    *,
    reasoner: Reasoner | None,
    is_merged: bool = False,
) -> Derived:
    """Bring the default graph and the inferred graph up to the named graphs `merged`.

    Without a reasoner nothing is inferred, and no contradiction is looked for. Where
    it `is_merged`, the default graph is the merge already.
    """
    watch = _Stopwatch()
    store.clear_graph(INFERRED)
    with watch.step("merge"):
        triples = triples_in_default_graph(store) if is_merged else merge(store, merged)
    if reasoner is None:
        return Derived(triples, inferred=0, rounds=0, clashes=(), steps=tuple(watch.steps))
    with watch.step("infer"):
        drawn = reasoner.materialise(store, tbox=ONTOLOGY, into=INFERRED)
    with watch.step("look for contradictions"):
        clashes = reasoner.find_clashes(store, tbox=ONTOLOGY)
    return Derived(
        triples,
        inferred=drawn.inferred,
        rounds=drawn.rounds,
        clashes=clashes,
        steps=tuple(watch.steps),
    )


@dataclass(slots=True)
class _Stopwatch:
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = perf_counter()
        yield
        self.steps.append(Step(name, perf_counter() - started))


def _build(manifest: Manifest, reasoner: Reasoner | None) -> Built:
    store = Store()
    watch = _Stopwatch()
    with watch.step("read"):
        _read(manifest, store)
    derived = derive(store, manifest.with_role(Role.MERGED), reasoner=reasoner)
    sizes = graph_sizes(store)
    return Built(
        manifest=manifest,
        store=store,
        graphs=tuple(GraphCount(e, sizes.get(e.iri, 0)) for e in manifest.graphs),
        merged=derived.merged,
        inferred=derived.inferred,
        rounds=derived.rounds,
        clashes=derived.clashes,
        steps=(*watch.steps, *derived.steps),
    )


def _read(manifest: Manifest, store: Store) -> None:
    for entry in manifest.graphs:
        store.add_graph(entry.iri)
        for dump in entry.files:
            read_document(dump.path, base=dump.iri).load_into(store, entry.iri)
        if entry.iri == EXAMPLES:
            said = read_examples(manifest.tree or resources())
            store.extend(Quad(each.subject, each.predicate, each.object, EXAMPLES) for each in said)
    if not store.contains_named_graph(VOID_GRAPH):
        # What is known of the graphs goes where queries and `econsec info` look for it.
        read_document(manifest.path).load_into(store, VOID_GRAPH)
