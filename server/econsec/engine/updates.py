"""What an update's text asks for, read before the engine sees it: which graphs it may change.

The operations of SPARQL 1.1 Update (3) are read word by word, as strictly as
their grammar: where the engine's parser would also take words that run together
(`CLEARALL`, `GRAPHex:g {`), the text is refused, so that it cannot mean more to
the engine than was read here. As in the engine, a prologue stands only at the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from econsec.engine.complexity import metered
from econsec.engine.ground_data import plain_data
from econsec.engine.guard import QueryForm, after_prologue, size_in_bytes
from econsec.engine.remotes import Remote, remote_at, watched
from econsec.engine.tokens import Kind, Reader, Token
from econsec.errors import EconSecError, InvalidInput
from econsec.settings import Settings

__all__ = ["UpdateTooLong", "UpdateTraits", "check_update"]

# A pattern of plain data takes milliseconds to make, which only a long text is worth.
_LONG_TEXT = 100_000
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_IRIS = frozenset({Kind.IRI, Kind.NAME})
# What the engine reads off the beginning of a name, where one of these may stand.
_READ_OFF = ("SILENT", "GRAPH", "DEFAULT")


class UpdateTooLong(InvalidInput):
    """The text is longer than the setting `limit` allows."""

    status: ClassVar[int] = 413
    title: ClassVar[str] = "The update is too long"
    limit: ClassVar[str] = "max_update_bytes"


@dataclass(frozen=True, slots=True)
class UpdateTraits:
    """What an update's text says about it.

    `graphs` are the graphs that it may change, as absolute IRIs (`None` among
    them is the default graph); `graphs=None` where the text leaves it open.
    `names_dataset` says whether there is a USING or a WITH.
    """

    graphs: frozenset[str | None] | None
    names_dataset: bool = False


def check_update(
    text: str,
    settings: Settings,
    *,
    base: str | None = None,
    protocol_graphs: Sequence[str] = (),
) -> UpdateTraits:
    """Measure an update in one pass and refuse what must not reach the engine.

    `base` resolves relative IRIs; `protocol_graphs` are those of using-graph-uri
    and using-named-graph-uri, which exclude USING and WITH in the text (SPARQL 1.1
    Protocol, 2.2.3). Raises `Refused` on LOAD and SERVICE, SILENT and variable
    targets included, `UpdateTooLong`, `TooDeep`, `TooComplex`, and
    `InvalidInput` with line and column on a query and on any other text that is no update.
    """
    size = size_in_bytes(text)
    if size > settings.max_update_bytes:
        most = settings.max_update_bytes
        raise UpdateTooLong(f"the update has {size} bytes; the limit max_update_bytes is {most}")
    reader = Reader(text, base=base)
    tokens = watched(reader, metered(reader, settings, what="update"), _refuse)
    operations = _Operations(reader, tokens, may_name_dataset=not protocol_graphs)
    operations.read()
    return UpdateTraits(
        graphs=None if operations.is_open else frozenset(operations.graphs),
        names_dataset=operations.names_dataset,
    )


def _refuse(remote: Remote) -> None:
    raise remote.refusal()


class _Operations:
    """Reads the operations of one update; `graphs` and `is_open` grow as it goes.

    `_token` is the one to be read next, `None` at the end. What the reader of
    tokens says (its open brackets) is as of that token.
    """

    def __init__(self, reader: Reader, tokens: Iterator[Token], *, may_name_dataset: bool) -> None:
        self._reader = reader
        self._tokens = tokens
        self._may_name_dataset = may_name_dataset
        self._token = after_prologue(reader, tokens)
        is_long = len(reader.text) >= _LONG_TEXT
        self._plain = plain_data(reader.prefixes) if is_long else None
        self.graphs: set[str | None] = set()
        self.is_open = False
        self.names_dataset = False

    def read(self) -> None:
        """Read all operations; a semicolon may follow the last."""
        if self._token is not None and self._token.text == ";":
            self._next()
            if self._token is not None:
                raise self._expected("the end of the update")
        while self._token is not None:
            self._operation(self._token)
            if self._token is not None:
                self._take(";")

    def _operation(self, token: Token) -> None:
        match self._word:
            case "CLEAR" | "DROP":
                self._clear()
            case "CREATE":
                self._next()
                self._pass("SILENT")
                self._take("GRAPH")
                self.graphs.add(self._graph())
            case "ADD" | "COPY" | "MOVE" as word:
                self._copy(moves=word == "MOVE")
            case "WITH":
                self._with()
            case "INSERT" | "DELETE":
                self._change()
            case _:
                raise self._no_operation(token)

    def _no_operation(self, token: Token) -> EconSecError:
        word = token.text.upper()
        if token.kind in {Kind.WORD, Kind.NAME} and word.startswith("LOAD"):
            return remote_at(self._reader, "LOAD", [token, *islice(self._tokens, 2)]).refusal()
        if word in QueryForm.__members__:
            return self._error("this is a query; only updates are carried out here")
        if word in _PROLOGUE:
            remedy = "declare BASE and PREFIX at the beginning of the update"
            return self._error(f"the engine reads no {word} after a semicolon", remedy=remedy)
        return self._expected("an update")

    def _clear(self) -> None:
        self._next()
        self._pass("SILENT")
        if self._pass("GRAPH"):
            self.graphs.add(self._graph())
        elif self._pass("DEFAULT"):
            self.graphs.add(None)
        elif self._pass("NAMED") or self._pass("ALL"):
            self.is_open = True
        else:
            raise self._expected("GRAPH, DEFAULT, NAMED or ALL")

    def _copy(self, *, moves: bool) -> None:
        self._next()
        self._pass("SILENT")
        source = self._graph_or_default()
        self._take("TO")
        target = self._graph_or_default()
        self.graphs |= {source, target} if moves else {target}

    def _graph_or_default(self) -> str | None:
        if self._pass("DEFAULT"):
            return None
        if not self._pass("GRAPH") and self._token is not None:
            name = self._token.text.upper()
            if self._token.kind is Kind.NAME and name.startswith(_READ_OFF):
                detail = f"{self._token.text} can be read as a name and as a keyword"
                raise self._error(detail, remedy="write GRAPH before the name")
        return self._graph()

    def _change(self) -> None:
        """INSERT DATA, DELETE DATA, DELETE WHERE, or templates and a WHERE."""
        is_delete = self._word == "DELETE"
        self._next()
        if self._pass("DATA"):
            self._quads(None, self._plain)
        elif is_delete and self._pass("WHERE"):
            self._quads(None)
        else:
            self._modify(None, deletes=is_delete)

    def _with(self) -> None:
        self._name_dataset()
        graph, is_delete = self._graph(), self._word == "DELETE"
        if not is_delete and self._word != "INSERT":
            raise self._expected("DELETE or INSERT")
        self._next()
        self._modify(graph, deletes=is_delete)

    def _modify(self, default: str | None, *, deletes: bool) -> None:
        """What follows DELETE or INSERT; `default` is the graph of triples without GRAPH."""
        self._quads(default)
        if deletes and self._pass("INSERT"):
            self._quads(default)
        while self._word == "USING":
            self._name_dataset()
            self._pass("NAMED")
            self._graph()
        self._take("WHERE")
        self._check("{")
        while self._reader.open:
            self._advance()
        self._next()

    def _name_dataset(self) -> None:
        if not self._may_name_dataset:
            detail = f"{self._word} cannot stand beside using-graph-uri or using-named-graph-uri"
            raise self._error(detail, remedy="name the graphs in one place only")
        self.names_dataset = True
        self._next()

    def _quads(self, default: str | None, plain: re.Pattern[str] | None = None) -> None:
        """A template, the pattern of DELETE WHERE or data (`plain`), braces included."""
        self._check("{")
        self._reader.plain = plain
        while True:
            token = self._advance()
            if not self._reader.open:
                break
            if token.kind is Kind.WORD and token.text.upper().endswith("GRAPH"):
                self._graph_block(token, default)
            elif token.text == "{":
                self._annotation()
            elif len(self._reader.open) == 1 and token.text not in {".", "}"}:
                self.graphs.add(default)
        self._reader.plain = None
        self._next()

    def _graph_block(self, token: Token, default: str | None) -> None:
        if len(token.text) > len("GRAPH"):  # an object before it, as in `trueGRAPH`
            self.graphs.add(default)
        name = self._advance()
        if name.kind in _IRIS:
            self.graphs.add(self._reader.resolve(name))
        elif name.kind is Kind.VARIABLE:
            self.is_open = True
        else:
            raise self._expected("the name of a graph")
        if self._advance().text != "{":
            raise self._expected("{")

    def _annotation(self) -> None:
        # Any other brace would be a graph to the engine, as in `GRAPHex:g {`.
        if self._advance().text != "|":
            raise self._error("only GRAPH and a name open a brace in here")

    def _graph(self) -> str:
        token = self._token
        if token is None or token.kind not in _IRIS:
            raise self._expected("the IRI of a graph")
        graph = self._reader.resolve(token)
        self._next()
        return graph

    @property
    def _word(self) -> str:
        """The keyword that is next, in capital letters, else an empty string."""
        token = self._token
        return "" if token is None or token.kind is not Kind.WORD else token.text.upper()

    def _next(self) -> None:
        self._token = next(self._tokens, None)

    def _advance(self) -> Token:
        """Go on to the next token, which must be there."""
        self._next()
        if self._token is None:
            raise self._expected("more")
        return self._token

    def _pass(self, word: str) -> bool:
        """Go past the keyword if it is next."""
        is_next = self._word == word
        if is_next:
            self._next()
        return is_next

    def _take(self, text: str) -> None:
        """Go past the keyword or the mark, which must be next."""
        self._check(text)
        self._next()

    def _check(self, text: str) -> None:
        if self._token is None or self._token.text.upper() != text:
            raise self._expected(text)

    def _expected(self, what: str) -> InvalidInput:
        found = "the end of the text" if self._token is None else self._token.text
        return self._error(f"expected {what}, found {found}")

    def _error(self, detail: str, *, remedy: str | None = None) -> InvalidInput:
        offset = len(self._reader.text) if self._token is None else self._token.offset
        return self._reader.error(detail, offset, remedy=remedy)
