"""The statements of a graph as a text: a million of them as objects take ten times the memory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.reading import Document
from econsec.rdf.n_triples import as_n_triples, is_canonical

__all__ = ["GraphText", "Mention", "texts_of_document", "texts_of_quads"]

_AT_ONCE = 50_000
"""Statements that are objects at a time."""

_SUBJECT = re.compile(rb"^(\S+) ", re.MULTILINE)
_LINE = re.compile(rb"^(\S+) (\S+) (.+) \.$", re.MULTILINE)
_IRI = re.compile(rb"<[^<>\s]*>")


@dataclass(frozen=True, slots=True)
class Mention:
    """A statement of a graph, its terms as they are written in N-Triples."""

    graph: NamedNode
    subject: bytes
    predicate: bytes
    object: bytes


@dataclass(frozen=True, slots=True)
class GraphText:
    """Statements of a graph, in canonical N-Triples. Two may be of one graph."""

    graph: NamedNode
    text: bytes

    def quads(self) -> Iterator[Quad]:
        """The statements in their graph."""
        read = parse(self.text, RdfFormat.N_TRIPLES)
        return (Quad(quad.subject, quad.predicate, quad.object, self.graph) for quad in read)

    def subjects(self) -> set[NamedNode | BlankNode]:
        """All that something is said of."""
        written = {found[1].decode() for found in _SUBJECT.finditer(self.text)}
        return {
            NamedNode(each[1:-1]) if each.startswith("<") else BlankNode(each.removeprefix("_:"))
            for each in written
        }

    def iris(self) -> set[bytes]:
        """The IRIs in it as they are written; something like an IRI in a literal counts, too."""
        return {found[0] for found in _IRI.finditer(self.text)}

    def mentions(self, terms: Set[bytes]) -> Iterator[Mention]:
        """The statements with one of `terms`, which are written in N-Triples."""
        for line in _LINE.finditer(self.text):
            subject, predicate, object = line.groups()
            if subject in terms or predicate in terms or object in terms:
                yield Mention(self.graph, subject, predicate, object)


def texts_of_quads(quads: Iterable[Quad]) -> list[GraphText]:
    """Statements by their graphs; what stands in none that has a name is in `UNNAMED`."""
    written: dict[NamedNode, list[bytes]] = defaultdict(list)
    rest = iter(quads)
    while block := list(islice(rest, _AT_ONCE)):
        triples: dict[NamedNode, list[Triple]] = defaultdict(list)
        for quad in block:
            name = quad.graph_name
            triples[name if isinstance(name, NamedNode) else UNNAMED].append(quad.triple)
        for graph, members in triples.items():
            written[graph].append(as_n_triples(members))
    return [GraphText(graph, b"".join(texts)) for graph, texts in written.items()]


def texts_of_document(document: Document, *, graph: NamedNode) -> Sequence[GraphText]:
    """What a document says, in `graph` unless it names graphs of its own.

    Raises as `Document.quads` does.
    """
    if document.syntax == RdfFormat.N_TRIPLES and is_canonical(document.data):
        return [GraphText(graph, document.data)]
    return texts_of_quads(document.quads(graph=graph))
