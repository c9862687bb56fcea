"""The quads that an update with a WHERE can make or remove: what its templates come to.

It is asked beforehand, by the same pattern of the same data, so that neither graph has
to be read as a whole: what an update changes costs what the change is, not what the
graphs hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples

from econsec.engine.guard import after_prologue
from econsec.engine.tokens import Kind, Reader, Token
from econsec.engine.writing.requests import UpdateWrite
from econsec.knowledge.manifest import graph_name
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Modification"]

_MOST_QUADS = 10_000
_MOST_GRAPHS = 5
"""Each of them costs an evaluation of the pattern."""

_NAMES = frozenset({Kind.IRI, Kind.NAME})
_PLAIN = _NAMES | {Kind.VARIABLE, Kind.NUMBER, Kind.STRING, Kind.LANGUAGE}
_PLAIN_TEXTS = frozenset({"a", "true", "false", ".", ";", ",", "^", "+", "-"})
_UNSTEADY = ("RAND", "NOW", "UUID", "BNODE", "SELECT", "SERVICE", "USING")
"""Words of what may differ from one evaluation to the next: sub-SELECTs by LIMIT and sums, too."""

_OPENING, _CLOSING = frozenset({"{", "(", "[", "<<"}), frozenset({"}", ")", "]", ">>"})
_Graph: TypeAlias = NamedNode | DefaultGraph


@dataclass(frozen=True, slots=True)
class Modification:
    """One DELETE or INSERT, or both, with a WHERE (SPARQL 1.1 Update, 3.1.3).

    `templates` are texts of triples, by the graph that they are deleted from or
    inserted into; `default` is the graph that the pattern reads where it names none.
    """

    prologue: str
    base: str | None
    templates: dict[_Graph, list[str]]
    pattern: str
    default: _Graph

    @classmethod
    def of(cls, write: UpdateWrite) -> Modification | None:
        """That of an update that is nothing else, and means the same each time it is read.

        `None` of any other. Raises `InvalidInput`.
        """
        if write.using_graphs or write.using_named:
            return None
        reader = Reader(write.text, base=write.base)
        tokens = iter(reader)
        first = after_prologue(reader, tokens)
        if first is None:
            return None
        return _Form(reader).modification((first, *tokens), base=write.base)

    def quads(self, store: ox.Store) -> frozenset[Quad] | None:
        """The quads that it may add or remove, as the engine keeps them; `None` if they are many.

        Raises `SyntaxError` and `RuntimeError`.
        """
        if len(self.templates) > _MOST_GRAPHS:
            return None
        # What is made is counted: of many spellings of one term, one alone is kept.
        made = list(islice(self._made(store), _MOST_QUADS + 1))
        if len(made) > _MOST_QUADS:
            return None
        memory = ox.Store()
        memory.extend(made)
        return frozenset(memory)

    def _made(self, store: ox.Store) -> Iterator[Quad]:
        for graph, templates in self.templates.items():
            triples = "\n.\n".join(templates)
            found = store.query(
                f"{self.prologue} CONSTRUCT {{ {triples}\n}} WHERE {self.pattern}",
                base_iri=self.base,
                prefixes=PREFIXES,
                default_graph=self.default,
            )
            for triple in cast(QueryTriples, found):
                yield Quad(triple.subject, triple.predicate, triple.object, graph)


class _Unknown(Exception):
    """The update has another form."""


class _Form:
    """Tells the form of an operation by its tokens."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._templates: dict[_Graph, list[str]] = {}

    def modification(self, tokens: Sequence[Token], *, base: str | None) -> Modification | None:
        """What stands in the tokens behind a prologue, `None` where that has another form."""
        try:
            return self._read(tokens, base)
        except _Unknown:
            return None

    def _read(self, tokens: Sequence[Token], base: str | None) -> Modification:
        parts = _parts(tokens)
        default: _Graph = DefaultGraph()
        if len(parts) > 2 and _word(parts[0]) == "WITH":
            default = self._graph(parts[1])
            parts = parts[2:]
        *written, pattern = _groups(parts, with_default=isinstance(default, DefaultGraph))
        for group in written:
            self._template(group[1:-1], default)
        if any(
            word in t.text.upper() for t in pattern if t.kind is Kind.WORD for word in _UNSTEADY
        ):
            raise _Unknown
        return Modification(
            prologue=self._reader.text[: tokens[0].offset],
            base=base,
            templates=self._templates,
            pattern=self._text(pattern),
            default=default,
        )

    def _template(self, tokens: Sequence[Token], graph: _Graph) -> None:
        """Take down the triples of a template, those in GRAPH apart."""
        run: list[Token] = []
        parts = iter(_parts(tokens))
        for part in parts:
            if isinstance(part, Token) and part.text.upper() != "GRAPH":
                run.append(part)
                continue
            self._triples(run, graph)
            run = []
            name, group = next(parts, None), next(parts, None)
            if _word(part) != "GRAPH" or group is None or isinstance(group, Token):
                raise _Unknown
            self._triples(group[1:-1], self._graph(name))
        self._triples(run, graph)

    def _triples(self, tokens: Sequence[Token], graph: _Graph) -> None:
        start, end = 0, len(tokens)
        while start < end and tokens[start].text == ".":
            start += 1
        while start < end and tokens[end - 1].text == ".":
            end -= 1
        if not all(map(_is_plain, tokens)):
            raise _Unknown
        if start < end:
            self._templates.setdefault(graph, []).append(self._text(tokens[start:end]))

    def _graph(self, part: _Part | None) -> NamedNode:
        if not isinstance(part, Token) or part.kind not in _NAMES:
            raise _Unknown
        return graph_name(self._reader.resolve(part))

    def _text(self, tokens: Sequence[Token]) -> str:
        last = tokens[-1]
        return self._reader.text[tokens[0].offset : last.offset + len(last.text)]


_Group: TypeAlias = tuple[Token, ...]
"""Braces, and what stands in them."""

_Part: TypeAlias = Token | _Group


def _parts(tokens: Iterable[Token]) -> list[_Part]:
    """The tokens, those in braces together."""
    found: list[_Part] = []
    group: list[Token] = []
    depth = 0
    for token in tokens:
        is_mark = token.kind is Kind.MARK
        depth += is_mark and token.text in _OPENING
        depth -= is_mark and token.text in _CLOSING and depth > 0
        if not group and not (is_mark and token.text == "{"):
            found.append(token)
            continue
        group.append(token)
        if depth == 0:
            found.append(tuple(group))
            group = []
    return found


def _groups(parts: Sequence[_Part], *, with_default: bool) -> tuple[_Group, ...]:
    """The templates of an operation, and its pattern. Raises `_Unknown`."""
    if parts and _word(parts[-1]) == ";":
        parts = parts[:-1]
    words = tuple(map(_word, parts))
    groups = tuple(part for part in parts if not isinstance(part, Token))
    match words:
        case ("DELETE", "WHERE", "") if with_default:
            return (*groups, *groups)
        case ("DELETE" | "INSERT", "", "WHERE", "") | ("DELETE", "", "INSERT", "", "WHERE", ""):
            return groups
    raise _Unknown


def _word(part: _Part) -> str:
    """A keyword or a mark; the empty text for a group."""
    return part.text.upper() if isinstance(part, Token) else ""


def _is_plain(token: Token) -> bool:
    """Whether it has nothing to do with blank nodes, of which each reading makes new ones."""
    return token.kind in _PLAIN or token.text in _PLAIN_TEXTS
