"""The entries of a manifest, read into records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import parse
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from econsec.knowledge.interchange import as_graph

from .suites import Specification, Suite

__all__ = ["Document", "Exchange", "Source", "Test", "read"]

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")


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


@dataclass(frozen=True, slots=True)
class Exchange:
    """An HTTP request, and what the response must be."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[str]
    format: str | None
    boolean: bool | None


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
            key=f"{self._folder.name}/{self._suite.folder}#{str(entry).rpartition('#')[2]}",
            name=str(self._value(entry, MF.name)),
            suite=self._suite,
            type=str(type).removeprefix(MF),
            request=None if request is None else self._document(request),
            # The protocol's tests have their graphs beside the action.
            data=tuple(self._sources(action)) or tuple(self._sources(entry)),
            result=self._document(result) if isinstance(result, URIRef) else None,
            after=() if isinstance(result, URIRef) else tuple(self._sources(result)),
            exchanges=tuple(map(self._exchange, self._items(action, HT.requests))),
        )

    def _sources(self, node: Node | None) -> Iterator[Source]:
        for vocabulary in (QT, UT):
            for document in self._graph.objects(node, vocabulary.data):
                yield Source(self._document(document))
            for graph in self._graph.objects(node, vocabulary.graphData):
                document = self._value(graph, vocabulary.graph) or graph
                name = self._value(graph, RDFS.label) or document
                yield Source(self._document(document), str(name))

    def _exchange(self, request: Node) -> Exchange:
        response = self._value(request, HT.resp)
        body = self._value(request, HT.body)
        encoding = str(self._value(body, CNT.characterEncoding))
        format = self._value(response, MF.expectedFormat)
        boolean = self._value(response, MF.expectedBoolean)
        return Exchange(
            method=str(self._value(request, HT.methodName)),
            path=str(self._value(request, HT.absolutePath)),
            headers=tuple(
                (str(self._value(each, HT.fieldName)), str(self._value(each, HT.fieldValue)))
                for each in self._items(request, HT.headers)
            ),
            body=None if body is None else str(self._value(body, CNT.chars)).encode(encoding),
            statuses=frozenset(
                str(status).rpartition("#")[2].removeprefix("StatusCode")
                for status in self._graph.objects(response, MF.expectedStatus)
            ),
            format=None if format is None else str(format),
            boolean=None if boolean is None else str(boolean) == "true",
        )

    def _document(self, node: Node) -> Document:
        iri = str(node)
        return Document(iri, self._folder / iri.removeprefix(self._base))

    def _items(self, node: Node | None, predicate: Node) -> tuple[Node, ...]:
        head = self._value(node, predicate)
        return () if head is None else tuple(self._graph.items(head))

    def _value(self, node: Node | None, predicate: Node) -> Node | None:
        return None if node is None else self._graph.value(node, predicate)
