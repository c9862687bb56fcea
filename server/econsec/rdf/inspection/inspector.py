"""The reader in front of the parser: one for every syntax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pyoxigraph import RdfFormat

from econsec.errors import EconSecError, InvalidInput
from econsec.rdf.diagnosis import malformed_rdf
from econsec.rdf.inspection.contexts import Contexts
from econsec.rdf.inspection.json_ld import JsonLdScanner
from econsec.rdf.inspection.rdf_xml import XmlScanner
from econsec.rdf.inspection.stream import Blocks
from econsec.rdf.inspection.turtle import LineScanner, TurtleScanner
from econsec.rdf.inspection.utf8 import utf8

__all__ = ["MAX_NESTING", "Inspector", "Scanner"]

MAX_NESTING = 256
"""Levels of objects, elements, brackets or triple terms; some thousands may end the process."""

_NAMED_GRAPH = "Named graphs are not allowed"
_REMOTE_CONTEXT = "LoadDocumentCallback"
_LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


class Scanner(Protocol):
    """Reads a document in pieces and gives on what the parser may see of it."""

    def feed(self, block: bytes, *, last: bool = False) -> bytes:
        """Read on. Raises `InvalidInput` and `Refused` with line and column."""


class Inspector:
    """Reads a document once, in linear time and without recursion, ahead of the parser.

    Only UTF-8 gets through, without a document type declaration, nested
    `max_nesting` levels deep at most, and with JSON-LD contexts that `contexts`
    holds written out. `name` is what errors call the document.
    """

    def __init__(
        self,
        syntax: RdfFormat,
        *,
        name: str,
        max_nesting: int = MAX_NESTING,
        contexts: Contexts | None = None,
    ) -> None:
        self._name = name
        self._contexts = Contexts.bundled() if contexts is None else contexts
        self._json = JsonLdScanner(max_nesting, self._contexts)
        self._scanner = self._scanner_of(syntax, max_nesting)

    def file(self, blocks: Iterator[bytes]) -> Blocks:
        """The document as a file for the parser; its `read` raises what inspection finds."""
        return Blocks(self.inspected(blocks))

    def inspected(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """What the parser may see. Raises `InvalidInput` and `Refused`."""
        try:
            for block in utf8(blocks):
                yield self._scanner.feed(block)
            yield self._scanner.feed(b"", last=True)
        except EconSecError as error:
            error.source = self._name
            raise

    def failure(self, error: SyntaxError) -> InvalidInput:
        """What the parser found wrong with the document."""
        if _REMOTE_CONTEXT in error.msg and self._json.remote is not None:
            return InvalidInput(
                f"the JSON-LD names the context {self._json.remote}, and nothing is ever fetched",
                source=self._name,
                remedy=f"write the context into the document; {self._contexts.offer()}",
            )
        if error.msg == _NAMED_GRAPH:
            return InvalidInput(
                "the document names graphs of its own where only triples are taken",
                source=self._name,
                remedy="send the triples of one graph, without its name",
            )
        return malformed_rdf(error, source=self._name)

    def _scanner_of(self, syntax: RdfFormat, max_nesting: int) -> Scanner:
        if syntax == RdfFormat.JSON_LD:
            return self._json
        if syntax == RdfFormat.RDF_XML:
            return XmlScanner(max_nesting)
        return LineScanner(max_nesting) if syntax in _LINES else TurtleScanner(max_nesting)
