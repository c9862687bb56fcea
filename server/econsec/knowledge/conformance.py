"""Conformance: a data set, or documents that somebody brings, held against shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from econsec.knowledge.explanation import explain_all, is_evidence
from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, SHAPES, GraphEntry, Manifest, Role
from econsec.knowledge.merge import merge, mergeable_graphs
from econsec.knowledge.reading import Document, read_document
from econsec.knowledge.reasoning import materialise
from econsec.knowledge.reports import Report, Result, Term
from econsec.knowledge.shapes import Engine, Scope
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.profiles import read_profiles, select, shapes_of
from econsec.knowledge.shapes.validation import judge
from econsec.rdf.namespaces import BASE, GRAPH, RDF

__all__ = [
    "Described",
    "conformance_of_data",
    "conformance_of_documents",
    "conformance_of_quads",
    "load_shapes",
    "sources_and_evidence",
    "store_of_documents",
]

_DATASET = NamedNode(BASE + "data")
"""The focus node of the shapes that look at all data at once."""

_SOURCES = GRAPH + "source/"


def load_shapes(folder: Path, *, profile: str | None, files: Sequence[Path] = ()) -> list[Quad]:
    """The shapes in `folder` that `profile` selects, if one is named, and all shapes in `files`.

    Raises `UsageError` for an unknown profile and `InvalidInput` for a file
    that cannot be read.
    """
    shapes: list[Quad] = []
    if profile is not None:
        ours = _read(sorted(folder.glob("*.ttl")))
        shapes += select(ours, shapes_of(profile, read_profiles(ours)))
    return shapes + _read(files)


def conformance_of_data(
    manifest: Manifest,
    *,
    shapes: Sequence[Quad],
    engine: Engine = Engine.FAST,
    explained: bool = False,
) -> Report:
    """Hold the default graph of a data set, and its evidence, against `shapes`.

    With `explained`, the report says of each designation why it is valid or not.
    Raises `EconSecError`.
    """
    evidence = _asserted(_evidence(manifest))
    asserted = [*_asserted(_merged(manifest)), *evidence]
    report = _judge(
        asserted, shapes=shapes, engine=engine, scope=None, explained=explained, beside=evidence
    )
    return _located(report, asserted)


def conformance_of_documents(
    documents: Sequence[Document],
    *,
    manifest: Manifest,
    shapes: Sequence[Quad],
    engine: Engine = Engine.FAST,
    explained: bool = False,
) -> Report:
    """Hold documents against `shapes`; only what they describe is reported.

    Behind them stand the ontology, the code lists, the law and the reference data
    of the data set, but not what its sources say: a corrected section would
    otherwise be held against its own older text. For the same reason a file of the
    background that is itself among the documents is left out. Raises `EconSecError`.
    """
    own = [quad for each in documents for quad in each.quads(graph=_graph_of(each))]
    brought = {Path(document.name).resolve() for document in documents}
    standing = [e for e in _merged(manifest) if not e.iri.value.startswith(_SOURCES)]
    background = _asserted(standing, without=brought)
    return conformance_of_quads(
        own,
        background=background,
        shapes=shapes,
        engine=engine,
        explained=explained,
        beside=sources_and_evidence(manifest) if explained else (),
    )


def store_of_documents(documents: Sequence[Document], *, manifest: Manifest) -> Store:
    """Documents before all that stands behind and beside them, to be asked and explained.

    The default graph is the merge, with what the ontology's axioms add to it; of what the
    documents describe it holds what they say, and nothing that sources say. The shapes
    stand in their graph. Raises `EconSecError`.
    """
    own = [quad for each in documents for quad in each.quads(graph=_graph_of(each))]
    described = Described.by(own).subjects
    brought = {Path(document.name).resolve() for document in documents}
    standing = [e for e in _merged(manifest) if not e.iri.value.startswith(_SOURCES)]
    store = _inferred([*own, *_asserted(standing, without=brought)])
    beside = (q for q in sources_and_evidence(manifest) if q.subject not in described)
    store.extend(quad if is_evidence(quad) else Quad(*quad.triple) for quad in beside)
    store.extend(_asserted(entry for entry in manifest.graphs if entry.iri == SHAPES))
    return store


def sources_and_evidence(manifest: Manifest) -> list[Quad]:
    """What stands beside data from outside, to be named where those are explained."""
    sources = [e for e in _merged(manifest) if e.iri.value.startswith(_SOURCES)]
    return _asserted([*sources, *_evidence(manifest)])


def conformance_of_quads(
    own: Sequence[Quad],
    *,
    background: Sequence[Quad],
    shapes: Sequence[Quad],
    engine: Engine = Engine.FAST,
    explained: bool = False,
    beside: Iterable[Quad] = (),
) -> Report:
    """Hold statements against `shapes`; only what they describe is reported.

    The ontology, the code lists and whatever else stands behind them is `background`,
    in named graphs, the ontology's among them. What is said `beside` of other things is
    not judged; an explanation may name it. Raises `EconSecError`.
    """
    named = [quad if isinstance(quad.graph_name, NamedNode) else _unnamed(quad) for quad in own]
    everything = [*named, *background]
    scope = Described.by(own)
    report = _judge(
        everything,
        shapes=shapes,
        engine=engine,
        scope=scope,
        explained=explained,
        beside=(quad for quad in beside if quad.subject not in scope.subjects),
    )
    return _located(report, everything)


@dataclass(frozen=True, slots=True)
class Described:
    """What a document describes, and every term that it uses."""

    subjects: frozenset[object]
    terms: frozenset[object]

    @classmethod
    def by(cls, quads: Sequence[Quad]) -> Described:
        """What the statements of a document describe and use."""
        subjects = frozenset(quad.subject for quad in quads)
        used = (term for quad in quads for term in (quad.predicate, quad.object))
        return cls(subjects, subjects.union(used))

    def holds(self, focus: Term, value: Term | None) -> bool:
        """Whether a result is about the document: its own nodes, or terms it uses wrongly."""
        if focus == _DATASET:
            return value is None or value in self.terms
        return focus in self.subjects


def _judge(
    asserted: Sequence[Quad],
    *,
    shapes: Sequence[Quad],
    engine: Engine,
    scope: Scope | None,
    explained: bool,
    beside: Iterable[Quad],
) -> Report:
    """Infer, and validate.

    The store draws the inferences, but the asserted statements are judged as they
    were written: a store gives back `1.5` for `1.50`.
    """
    store = _inferred(asserted)
    inferred = store.quads_for_pattern(None, None, None, INFERRED)
    data = Data([*asserted, *inferred], store=store)
    report = judge(data, shapes=shapes, engine=engine, scope=scope)
    if not explained:
        return report
    explanations = explain_all(
        store,
        shapes=shapes,
        report=report,
        within=lambda node: scope is None or scope.holds(node, None),
        beside=beside,
    )
    return replace(report, explanations=explanations)


def _inferred(asserted: Iterable[Quad]) -> Store:
    """Statements, their merge, and what follows from it."""
    store = Store()
    store.bulk_extend(asserted)
    merge(store, mergeable_graphs(store))
    materialise(store, tbox=ONTOLOGY, into=INFERRED)
    return store


def _located(report: Report, asserted: Iterable[Quad]) -> Report:
    """Add to each result the graph that describes its focus node.

    For results about the data set as a whole it is the graph that uses the value.
    """
    wanted = {term for r in report.results for term in (r.focus, r.value) if term is not None}
    if not wanted:
        return report
    describing: dict[object, NamedNode] = {}
    using: dict[object, NamedNode] = {}
    for quad in sorted(_about(asserted, wanted), key=lambda quad: quad.predicate != RDF("type")):
        graph = quad.graph_name
        if isinstance(graph, NamedNode):
            describing.setdefault(quad.subject, graph)
            for term in (quad.subject, quad.predicate, quad.object):
                using.setdefault(term, graph)

    def graph_of(result: Result) -> NamedNode | None:
        return describing.get(result.focus) or using.get(result.value)

    return replace(report, results=tuple(replace(r, graph=graph_of(r)) for r in report.results))


def _about(quads: Iterable[Quad], wanted: set[Term]) -> Iterator[Quad]:
    for quad in quads:
        if not wanted.isdisjoint((quad.subject, quad.predicate, quad.object)):
            yield quad


def _unnamed(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, UNNAMED)


def _merged(manifest: Manifest) -> list[GraphEntry]:
    return [entry for entry in manifest.graphs if entry.role is Role.MERGED]


def _evidence(manifest: Manifest) -> list[GraphEntry]:
    return [entry for entry in manifest.graphs if entry.is_evidence]


def _asserted(entries: Iterable[GraphEntry], *, without: Iterable[Path] = ()) -> list[Quad]:
    left_out = set(without)
    return [
        quad
        for entry in entries
        for dump in entry.files
        if dump.path.resolve() not in left_out
        for quad in read_document(dump.path, base=dump.iri).quads(graph=entry.iri)
    ]


def _read(files: Iterable[Path]) -> list[Quad]:
    return [quad for file in files for quad in read_document(file).quads()]


def _graph_of(document: Document) -> NamedNode:
    return NamedNode(document.base) if document.base is not None else UNNAMED
