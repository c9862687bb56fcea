"""The port to a SPARQL engine: what the services ask of a store, whoever implements it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Protocol

from pyoxigraph import Literal, NamedNode

from econsec.rdf.formats import Form, Format

__all__ = ["Answer", "Binding", "GraphSize", "Query", "Store"]


@dataclass(frozen=True, slots=True)
class Binding:
    """The value that a query is asked with for its `variable`, named without `?`."""

    variable: str
    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Query:
    """One SPARQL 1.1 query with the data set that the protocol request names.

    `default_graphs` and `named_graphs` are IRIs and override FROM and FROM
    NAMED (SPARQL 1.1 Protocol, 2.1.4). `infer=False` leaves inferred triples
    out of the default graph and hides the graph that holds them. `bindings`
    hold in every part of the query (see `econsec.engine.binding`). Relative
    IRIs are resolved against `base`, and are errors without it. A `remote` query
    asks other endpoints by SERVICE.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    infer: bool = True
    bindings: tuple[Binding, ...] = ()
    base: str | None = None
    remote: bool = False

    def __reduce__(self) -> tuple[type[Query], tuple[object, ...]]:
        # A query goes to its worker as a pickle; the one of dataclasses takes three times as long.
        named = self.default_graphs, self.named_graphs
        return Query, (self.text, *named, self.infer, self.bindings, self.base, self.remote)


@dataclass(frozen=True, slots=True)
class GraphSize:
    """A graph of the store (`iri=None` is the default graph) and its triples."""

    iri: str | None
    triples: int


class Answer(Protocol):
    """The result of one query, not yet serialised."""

    @property
    def form(self) -> Form:
        """What came back: solutions, a boolean or a graph."""

    def write(self, output: IO[bytes], format: Format) -> None:
        """Serialise through the engine's own writer; no Python object per row."""

    def truth(self) -> bool | None:
        """The boolean of an ASK answer, else `None`."""


class Store(Protocol):
    """A readable store. Writing is another port."""

    def query(self, query: Query) -> Answer:
        """Evaluate.

        Raises `InvalidInput` with line and column on a syntax error, and
        `UsageError` on a binding that the query cannot take.
        """

    def graphs(self) -> tuple[GraphSize, ...]:
        """The default graph first, then every named graph by IRI."""

    def close(self) -> None:
        """Release what the store holds; closing twice is harmless."""
