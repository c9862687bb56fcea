"""RDF documents to quads, with errors that name the place and blank nodes that stay apart."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from econsec.errors import InvalidInput
from econsec.rdf.formats import Format, by_suffix
from econsec.rdf.inspection import MAX_NESTING, Inspector
from econsec.rdf.inspection.compression import decompressed
from econsec.rdf.inspection.stream import blocks_of
from econsec.rdf.lines import WITH_LINES, lines_of

__all__ = ["MAX_NESTING", "Document", "document", "read_document"]

_GZIP_MAGIC = b"\x1f\x8b"

_OPAQUE = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\]|\\.)*+"'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''|'(?:[^'\\]|\\.)*+'"
    rb"|<[^<>\s]*+>|#[^\r\n]*+|\\.",
    re.DOTALL,
)
"""Strings, IRIs, comments and escapes of Turtle: where a bracket is no bracket."""

_Term = TypeVar("_Term", bound=NamedNode | BlankNode | Literal | Triple)


@dataclass(frozen=True, slots=True)
class Document:
    """An RDF document in memory.

    `name` is what errors call it, `base` resolves its relative IRIs, and `seed`
    names its blank nodes: equal documents get equal labels in every process, so
    that answers and dumps do not differ from one build to the next.
    """

    name: str
    data: bytes
    syntax: RdfFormat
    base: str | None
    seed: str

    def quads(self, *, graph: NamedNode | None = None, named_graphs: bool = True) -> Iterator[Quad]:
        """Parse; what stands in no named graph goes to `graph` where one is given.

        Without `named_graphs` a document that names graphs of its own is an error.
        Raises `InvalidInput` at the first error, which may come after many
        quads: take them all before using any. Raises `Refused` for what would
        bring the parser down.
        """
        inspector = Inspector(self.syntax, name=self.name)
        content = self._inspected(inspector)
        label = _Labels(self.seed)
        unnamed = DefaultGraph() if graph is None else graph
        try:
            for quad in parse(
                content,
                self.syntax,
                base_iri=self.base,
                without_named_graphs=not named_graphs,
            ):
                name = quad.graph_name
                yield Quad(
                    label.of(quad.subject),
                    quad.predicate,
                    label.of(quad.object),
                    unnamed if isinstance(name, DefaultGraph) else label.of(name),
                )
        except SyntaxError as error:
            raise inspector.failure(error) from error

    def lines_of(
        self, subjects: Collection[NamedNode | BlankNode]
    ) -> Mapping[NamedNode | BlankNode, int]:
        """The line on which each of `subjects`, as `quads` calls them, is first described.

        Only Turtle, TriG, N-Triples and N-Quads have lines to tell.
        Precondition: `quads` has read the document without an error.
        """
        if self.syntax not in WITH_LINES or not subjects:
            return {}
        as_renamed = any(isinstance(subject, BlankNode) for subject in subjects)
        return lines_of(
            self.quads() if as_renamed else parse(self.data, self.syntax, base_iri=self.base),
            content=self.data,
            syntax=self.syntax,
            subjects=subjects,
        )

    def load_into(self, store: Store, graph: NamedNode) -> None:
        """Read a document of triples into a named graph.

        Raises as `quads` does; part of the document may then be in the store.
        """
        if self._may_have_blank_nodes():
            store.extend(self.quads(graph=graph, named_graphs=False))
            return
        # The engine names blank nodes at random, but without any it is three times as fast.
        inspector = Inspector(self.syntax, name=self.name)
        content = self._inspected(inspector)
        try:
            store.load(content, self.syntax, base_iri=self.base, to_graph=graph)
        except SyntaxError as error:
            raise inspector.failure(error) from error

    def _inspected(self, inspector: Inspector) -> bytes:
        """What the parser may see: in JSON-LD, with contexts that we hold written out."""
        blocks = inspector.inspected(blocks_of(io.BytesIO(self.data)))
        if self.syntax == RdfFormat.JSON_LD:
            return b"".join(blocks)
        for _ in blocks:
            pass
        return self.data

    def _may_have_blank_nodes(self) -> bool:
        if self.syntax not in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES):
            return True
        bare = _OPAQUE.sub(b"", self.data)
        return any(mark in bare for mark in (b"_:", b"[", b"("))


def read_document(path: Path, *, base: str | None = None, format: Format | None = None) -> Document:
    """Read a file, gzipped or not; its name tells the format unless one is given.

    `base` is the file's own IRI unless another is given. Raises `InvalidInput`.
    """
    syntax = by_suffix(path) if format is None else format
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"the file cannot be read: {reason}", source=str(path)) from error
    iri = path.resolve().as_uri() if base is None else base
    return document(content, name=str(path), format=syntax, base=iri)


def document(content: bytes, *, name: str, format: Format, base: str | None = None) -> Document:
    """Bytes as they came, gzipped or not; without `base` a relative IRI is an error."""
    return Document(
        name=name,
        data=_decompressed(content, name).removeprefix(codecs.BOM_UTF8),
        syntax=cast(RdfFormat, format.engine),
        base=base,
        seed=name if base is None else base,
    )


class _Labels:
    """Blank nodes of one document, under labels that no other document uses."""

    def __init__(self, seed: str) -> None:
        self._prefix = f"b{hashlib.sha256(seed.encode()).hexdigest()[:12]}n"
        self._known: dict[BlankNode, BlankNode] = {}

    def of(self, term: _Term) -> _Term:
        """`term` with its blank nodes renamed by the order in which they first came."""
        if isinstance(term, BlankNode):
            fresh = BlankNode(f"{self._prefix}{len(self._known)}")
            return cast(_Term, self._known.setdefault(term, fresh))
        if isinstance(term, Triple):
            renamed = Triple(self.of(term.subject), term.predicate, self.of(term.object))
            return cast(_Term, renamed)
        return term


def _decompressed(content: bytes, name: str) -> bytes:
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        return b"".join(decompressed(blocks_of(io.BytesIO(content))))
    except InvalidInput as error:
        error.source = name
        raise
