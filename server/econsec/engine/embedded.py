"""The engine in this process: a pyoxigraph store behind the `Store` port."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import IO, ClassVar

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from econsec.engine.binding import bound
from econsec.engine.dataset import asserted, dataset_of, merged
from econsec.engine.store import GraphSize, Query
from econsec.errors import EconSecError, InvalidInput, NotAvailable, UsageError
from econsec.knowledge.manifest import INFERRED
from econsec.knowledge.merge import graph_sizes, triples_in_default_graph
from econsec.rdf.diagnosis import malformed_query
from econsec.rdf.formats import Form, Format
from econsec.rdf.namespaces import PREFIXES
from econsec.settings import Settings

__all__ = ["EmbeddedAnswer", "EmbeddedStore", "MergeTooLarge", "RemoteFailed"]


class RemoteFailed(EconSecError):
    """An endpoint that SERVICE asks does not answer, or with something that is no answer."""

    exit_code: ClassVar[int] = 4
    status: ClassVar[int] = 502
    title: ClassVar[str] = "Another endpoint failed"


class MergeTooLarge(InvalidInput):
    """The graphs hold more triples than the setting `limit` lets one query copy."""

    title: ClassVar[str] = "The data set of the query is too large"
    limit: ClassVar[str] = "max_merge_triples"


@dataclass(frozen=True, slots=True)
class EmbeddedAnswer:
    """The engine's own result; it is evaluated while it is written."""

    results: QuerySolutions | QueryBoolean | QueryTriples
    text: str
    is_remote: bool = False

    @property
    def form(self) -> Form:
        """What came back: solutions, a boolean or a graph."""
        match self.results:
            case QuerySolutions():
                return Form.SOLUTIONS
            case QueryBoolean():
                return Form.BOOLEAN
            case _:
                return Form.GRAPH

    def write(self, output: IO[bytes], format: Format) -> None:
        """Serialise through the engine. Raises `InvalidInput` where evaluation fails."""
        if self.form not in format.forms:
            raise UsageError(f"{self.form} cannot be written as {format.name}")
        try:
            self.results.serialize(output, format.engine)  # type: ignore[arg-type]
        except ConnectionError:  # of who takes the answer
            raise
        except (OSError, RuntimeError) as error:
            raise _fault(error, self.text, is_remote=self.is_remote) from error

    def truth(self) -> bool | None:
        """The boolean of an ASK answer, else `None`."""
        return bool(self.results) if isinstance(self.results, QueryBoolean) else None


class EmbeddedStore:
    """A store that nobody writes to while it is read; any number of threads may query it.

    The project's prefixes are predefined for every query; its own come first.
    """

    def __init__(self, store: ox.Store, settings: Settings) -> None:
        self._open: ox.Store | None = store
        self._settings = settings
        self._asserted: ox.Store | None = None
        self._lock = Lock()

    def query(self, query: Query) -> EmbeddedAnswer:
        """Evaluate over the data set that the request or the text names.

        Graphs that the store does not hold are empty. Several default graphs
        are merged into a private store of at most `max_merge_triples` triples.
        Raises `InvalidInput` with line and column on a syntax error,
        `UsageError` on a binding that the query cannot take, and `MergeTooLarge`.
        """
        store = self._store if query.infer else self._without_inference()
        dataset = dataset_of(query, self._settings)
        if dataset is None:
            return self._evaluate(store, query)
        if len(dataset.default) < 2:
            return self._evaluate(store, query, default=dataset.default, named=dataset.named)
        self._check_size("the graphs of the query", {*dataset.default, *dataset.named})
        private = merged(store, dataset)
        return self._evaluate(private, query, default=[DefaultGraph()], named=dataset.named)

    def prepare(self) -> None:
        """Make now what the first query of its kind would have to make.

        A process that forks later shares it with all its children.
        """
        if self._store.contains_named_graph(INFERRED):
            with suppress(MergeTooLarge):
                self._without_inference()
        _ = self._sizes

    def graphs(self) -> tuple[GraphSize, ...]:
        """The default graph first, then every named graph by IRI."""
        default = GraphSize(None, triples_in_default_graph(self._store))
        return (default, *(GraphSize(g.value, n) for g, n in self._sizes.items()))

    def close(self) -> None:
        """Let go of the store; the engine closes it with its last answer."""
        self._open = self._asserted = None

    def _evaluate(
        self,
        store: ox.Store,
        query: Query,
        *,
        default: Iterable[NamedNode | DefaultGraph] | None = None,
        named: Iterable[NamedNode] | None = None,
    ) -> EmbeddedAnswer:
        def ask(text: str) -> EmbeddedAnswer:
            return _asked(
                store,
                text,
                base=query.base,
                is_remote=query.remote,
                default=default,
                named=named,
            )

        if not query.bindings:
            return ask(query.text)
        text = bound(query, self._settings)
        try:
            return ask(text)
        except InvalidInput:
            ask(query.text)  # an error that is the query's own has its own line and column
            raise

    @property
    def _store(self) -> ox.Store:
        if self._open is None:
            raise NotAvailable("the store is closed")
        return self._open

    @cached_property
    def _sizes(self) -> dict[NamedNode, int]:
        return graph_sizes(self._store)

    def _check_size(self, what: str, graphs: Iterable[NamedNode]) -> None:
        triples = sum(self._sizes.get(graph, 0) for graph in graphs)
        limit = self._settings.max_merge_triples
        if triples > limit:
            raise MergeTooLarge(
                f"{what} hold {triples} triples; the limit max_merge_triples is {limit}"
            )

    def _without_inference(self) -> ox.Store:
        """The view without inferred triples, made when it is first asked for."""
        store = self._store
        if not store.contains_named_graph(INFERRED):
            return store
        with self._lock:
            if self._asserted is None:
                self._check_size("the graphs of the store", self._sizes)
                self._asserted = asserted(store)
            return self._asserted


def _asked(
    store: ox.Store,
    text: str,
    *,
    base: str | None,
    is_remote: bool,
    default: Iterable[NamedNode | DefaultGraph] | None,
    named: Iterable[NamedNode] | None,
) -> EmbeddedAnswer:
    try:
        results = store.query(
            text,
            base_iri=base,
            prefixes=PREFIXES,
            default_graph=None if default is None else [*default],
            named_graphs=None if named is None else [*named],
        )
    except (OSError, SyntaxError, RuntimeError) as error:
        raise _fault(error, text, is_remote=is_remote) from error
    except UnicodeEncodeError as error:
        raise InvalidInput("the query is not valid Unicode") from error
    return EmbeddedAnswer(results, text, is_remote)


def _fault(error: Exception, text: str, *, is_remote: bool) -> Exception:
    """What an error of the engine means; one without a place may be another endpoint's."""
    if isinstance(error, SyntaxError | RuntimeError):
        malformed = malformed_query(error, text)
        if malformed.line is not None or not is_remote:
            return malformed
    return RemoteFailed(f"SERVICE failed: {error}") if is_remote else error
