"""The entries of a manifest, read into records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import parse
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from econsec.knowledge.interchange import as_graph

from .exchange import Exchange, exchange
from .prose import conversation
from .suites import Specification, Suite
from .vocabulary import HT, MF, QT, UT

__all__ = ["Document", "Source", "Test", "read"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a suite, and the IRI that relative IRIs in it are resolved against."""

    iri: str
    path: Path

    def text(self) -> str:
        """The file as it is, its line ends included."""
        return self.path.read_bytes().decode()


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is loaded into a graph, the default one if `graph` is `None`."""

    document: Document
    graph: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One entry; which of its fields are filled depends on `type`.

    `key` is how the list of known failures names it: `sparql11/bind#bind01`.
    """

    __test__ = False

    iri: str
    key: str
    name: str
    suite: Suite
    type: str
    request: Document | None = None
    data: tuple[Source, ...] = ()
    result: Document | None = None
    after: tuple[Source, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    def text(self) -> Document:
        """The query or update, which tests of languages have."""
        assert self.request is not None, self.iri
        return self.request


def read(specification: Specification, suite: Suite, *, root: Path) -> tuple[Test, ...]:
    """The tests of one suite in the order of its manifest."""
    return tuple(_Reader(specification, suite, root=root))


class _Reader:
    def __init__(self, specification: Specification, suite: Suite, *, root: Path) -> None:
        self._suite = suite
        self._base = specification.base
        self._folder = specification.folder(root)
        place = f"{suite.folder}/{suite.manifest}"
        statements = parse(path=str(self._folder / place), base_iri=self._base + place)
        self._graph: Graph = as_graph(statements)

    def __iter__(self) -> Iterator[Test]:
        (manifest,) = self._graph.subjects(RDF.type, MF.Manifest)
        entries = self._items(manifest, MF.entries)
        # One manifest describes a test that it does not list.
        unlisted = sorted({*self._graph.subjects(MF.name)} - {*entries}, key=str)
        yield from map(self._test, (*entries, *unlisted))

    def _test(self, entry: Node) -> Test:
        action = self._value(entry, MF.action)
        request = self._value(action, QT.query) or self._value(action, UT.request)
        if isinstance(action, URIRef):
            request = action
        result = self._value(entry, MF.result)
        type = self._value(entry, RDF.type)
        return Test(
            iri=str(entry),
            key=self._key(entry),
            name=str(self._value(entry, MF.name)),
            suite=self._suite,
            type=str(type).removeprefix(MF),
            request=None if request is None else self._document(request),
            # The protocol's tests have their graphs beside the action.
            data=tuple(self._sources(action)) or tuple(self._sources(entry)),
            result=self._document(result) if isinstance(result, URIRef) else None,
            after=() if isinstance(result, URIRef) else tuple(self._sources(result)),
            exchanges=self._exchanges(entry, action),
        )

    def _exchanges(self, entry: Node, action: Node | None) -> tuple[Exchange, ...]:
        """The requests of the action, or those that the older tests tell in prose."""
        nodes = self._items(action, HT.requests)
        told = map(str, self._graph.objects(entry, RDFS.comment))
        return (
            *(exchange(self._graph, node) for node in nodes),
            *conversation(told, key=self._key(entry)),
        )

    def _key(self, entry: Node) -> str:
        return f"{self._folder.name}/{self._suite.folder}#{str(entry).rpartition('#')[2]}"

    def _sources(self, node: Node | None) -> Iterator[Source]:
        for vocabulary in (QT, UT):
            for document in self._graph.objects(node, vocabulary.data):
                yield Source(self._document(document))
            for graph in self._graph.objects(node, vocabulary.graphData):
                document = self._value(graph, vocabulary.graph) or graph
                name = self._value(graph, RDFS.label) or document
                yield Source(self._document(document), str(name))

    def _document(self, node: Node) -> Document:
        iri = str(node)
        return Document(iri, self._folder / iri.removeprefix(self._base))

    def _items(self, node: Node | None, predicate: Node) -> tuple[Node, ...]:
        head = self._value(node, predicate)
        return () if head is None else tuple(self._graph.items(head))

    def _value(self, node: Node | None, predicate: Node) -> Node | None:
        return None if node is None else self._graph.value(node, predicate)
