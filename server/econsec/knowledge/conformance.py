"""Conformance: a data set, or documents that somebody brings, held against shapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from econsec.knowledge.explanation import explain_all, is_evidence
from econsec.knowledge.graph_texts import GraphText, texts_of_document, texts_of_quads
from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, SHAPES, GraphEntry, Manifest, Role
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
    "conformance_of_texts",
    "load_shapes",
    "sources_and_evidence",
    "store_of_documents",
]

_DATASET = NamedNode(BASE + "data")
"""The focus node of the shapes that look at all data at once."""

_SOURCES = GRAPH + "source/"
_TYPE = str(RDF("type")).encode()


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
    return _judge(
        texts_of_quads([*_asserted(_merged(manifest)), *evidence]),
        shapes=shapes,
        engine=engine,
        scope=None,
        beside=evidence if explained else None,
    )


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
    own = [text for each in documents for text in texts_of_document(each, graph=_graph_of(each))]
    brought = {Path(document.name).resolve() for document in documents}
    standing = [e for e in _merged(manifest) if not e.iri.value.startswith(_SOURCES)]
    return conformance_of_texts(
        own,
        background=_asserted(standing, without=brought),
        shapes=shapes,
        engine=engine,
        beside=sources_and_evidence(manifest) if explained else None,
    )


def store_of_documents(documents: Sequence[Document], *, manifest: Manifest) -> Store:
    """Documents before all that stands behind and beside them, to be asked and explained.

    The default graph is the merge, with what the ontology's axioms add to it; of what the
    documents describe it holds what they say, and nothing that sources say. The shapes
    stand in their graph. Raises `EconSecError`.
    """
    own = [text for each in documents for text in texts_of_document(each, graph=_graph_of(each))]
    described = Described(own).subjects
    brought = {Path(document.name).resolve() for document in documents}
    standing = [e for e in _merged(manifest) if not e.iri.value.startswith(_SOURCES)]
    everything = [*own, *texts_of_quads(_asserted(standing, without=brought))]
    store = _inferred(everything).store
    store.extend(quad for each in everything for quad in each.quads())
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
    return conformance_of_texts(
        texts_of_quads(own),
        background=background,
        shapes=shapes,
        engine=engine,
        beside=beside if explained else None,
    )


def conformance_of_texts(
    own: Sequence[GraphText],
    *,
    background: Sequence[Quad],
    shapes: Sequence[Quad],
    engine: Engine = Engine.FAST,
    beside: Iterable[Quad] | None = None,
) -> Report:
    """The same for statements that are texts; explained where anything is given `beside`."""
    scope = Described(own)
    if beside is not None:
        beside = [quad for quad in beside if quad.subject not in scope.subjects]
    everything = [*own, *texts_of_quads(background)]
    return _judge(everything, shapes=shapes, engine=engine, scope=scope, beside=beside)


class Described:
    """What somebody's statements describe, and every term that they use."""

    def __init__(self, texts: Sequence[GraphText]) -> None:
        self._texts = texts
        self.subjects: Set[object] = frozenset().union(*(each.subjects() for each in texts))

    def holds(self, focus: Term, value: Term | None) -> bool:
        """Whether a result is about the document: its own nodes, or terms it uses wrongly."""
        if focus == _DATASET:
            return value is None or self._uses(value)
        return focus in self.subjects

    def _uses(self, term: Term) -> bool:
        written = str(term).encode()
        if isinstance(term, NamedNode):
            return written in self._iris
        return any(b" %b " % written in each.text for each in self._texts)

    @cached_property
    def _iris(self) -> Set[bytes]:
        return frozenset().union(*(each.iris() for each in self._texts))


def _judge(
    asserted: Sequence[GraphText],
    *,
    shapes: Sequence[Quad],
    engine: Engine,
    scope: Scope | None,
    beside: Iterable[Quad] | None,
) -> Report:
    """Infer, validate, and explain where there is something `beside` that may be named.

    The store draws the inferences, but the asserted statements are judged as they
    were written: a store gives back `1.5` for `1.50`.
    """
    data = _inferred(asserted)
    report = judge(data, shapes=shapes, engine=engine, scope=scope)
    if beside is not None:
        data.store.extend(quad for each in asserted for quad in each.quads())
        explanations = explain_all(
            data.store,
            shapes=shapes,
            report=report,
            within=lambda node: scope is None or scope.holds(node, None),
            beside=beside,
        )
        report = replace(report, explanations=explanations)
    return _located(report, asserted)


def _inferred(asserted: Sequence[GraphText]) -> Data:
    """Statements, merged, and what follows from them."""
    data = Data(b"".join(each.text for each in asserted))
    store = data.store
    for each in asserted:
        if each.graph == ONTOLOGY:
            store.extend(each.quads())
    materialise(store, tbox=ONTOLOGY, into=INFERRED)
    inferred = store.dump(format=RdfFormat.N_TRIPLES, from_graph=INFERRED)
    return data.extended(cast(bytes, inferred))


def _located(report: Report, asserted: Sequence[GraphText]) -> Report:
    """Add to each result the graph that describes its focus node.

    For results about the data set as a whole it is the graph that uses the value.
    """
    wanted = {_written(t) for r in report.results for t in (r.focus, r.value) if t is not None}
    if not wanted:
        return report
    describing: dict[bytes, NamedNode] = {}
    using: dict[bytes, NamedNode] = {}
    mentions = (mention for each in asserted for mention in each.mentions(wanted))
    for mention in sorted(mentions, key=lambda mention: mention.predicate != _TYPE):
        describing.setdefault(mention.subject, mention.graph)
        for term in (mention.subject, mention.predicate, mention.object):
            using.setdefault(term, mention.graph)

    def graph_of(result: Result) -> NamedNode | None:
        found = describing.get(_written(result.focus))
        if found is not None or result.value is None:
            return found
        return using.get(_written(result.value))

    return replace(report, results=tuple(replace(r, graph=graph_of(r)) for r in report.results))


def _written(term: Term) -> bytes:
    return str(term).encode()


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
