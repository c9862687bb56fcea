"""Search by name: labels, other names and definitions, in any language, from one character up."""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.formats import JSON
from econsec.rdf.namespaces import BASE, RDF, SKOS
from econsec.service.folding import folded
from econsec.service.memo import Memo

__all__ = ["Field", "Found", "Match", "Search", "Thing"]

_MOST_TEXTS = 400_000
_BETWEEN = "\n"
_SIMILAR = 0.6
_TEXTS = Query(f"""
SELECT ?thing ?field ?text WHERE {{
  VALUES (?property ?field) {{
    ({SKOS("prefLabel")} 0) ({SKOS("altLabel")} 1) ({SKOS("definition")} 2)
  }}
  ?thing ?property ?text
  FILTER (ISIRI(?thing))
}} LIMIT {_MOST_TEXTS}
""")
_TYPES = Query(f"""
SELECT ?thing ?type (MAX(?own) AS ?stated) WHERE {{
  GRAPH ?graph {{ ?thing {RDF("type")} ?type }}
  FILTER (ISIRI(?thing) && ISIRI(?type))
  BIND (IF(?graph = {INFERRED}, 0, 1) AS ?own)
}} GROUP BY ?thing ?type LIMIT {_MOST_TEXTS}
""")


class Field(IntEnum):
    """Where a text stands; the lower, the more it weighs."""

    NAME = 0
    OTHER_NAME = 1
    DEFINITION = 2


class _Fit(IntEnum):
    """How a text matches; the lower, the better."""

    WHOLE = 0
    BEGINNING = 1
    WORD = 2
    INSIDE = 3


@dataclass(slots=True)
class Thing:
    """What can be found: its names and definition by language, and its classes.

    `types` are those that are stated, then those that follow.
    """

    iri: str
    names: dict[str, str] = field(default_factory=dict)
    definition: dict[str, str] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """The text by which a thing was found."""

    field: Field
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Found:
    """A thing, and the best of the texts by which it was found."""

    thing: Thing
    match: Match


@dataclass(frozen=True, slots=True)
class _Text:
    thing: Thing
    match: Match
    folded: str


class _Index:
    """All texts behind each other in one string, which is scanned as a whole.

    A scan of 100,000 labels takes milliseconds, and finds one Japanese character
    as well as a word.
    """

    def __init__(self, texts: Iterable[_Text], things: Mapping[str, Thing]) -> None:
        self.things = things
        self._texts = list(texts)
        self._joined = _BETWEEN.join(each.folded for each in self._texts)
        self._starts: list[int] = []
        start = 0
        for each in self._texts:
            self._starts.append(start)
            start += len(each.folded) + len(_BETWEEN)

    def holding(self, word: str) -> Iterator[tuple[_Text, int]]:
        """The texts that a folded word occurs in, each with the first place."""
        at = self._joined.find(word)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            text = self._texts[number]
            yield text, at - self._starts[number]
            end = self._starts[number] + len(text.folded)
            at = self._joined.find(word, end)


class Search:
    """Over the data set of a backend; its index is made anew when that changes."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._index = Memo(backend, self._read)

    async def find(
        self, text: str, *, language: str | None = None, type: str | None = None
    ) -> list[Found]:
        """What all words of `text` occur in, the best first, of a class where one is named.

        Matches in `language` go before others that match as well. Raises `EconSecError`.
        """
        index = await self._index.value()
        words = folded(text).split()
        if not words:
            return []
        return await asyncio.to_thread(_ranked, index, words, language, type)

    async def similar(self, text: str, *, most: int = 5) -> list[Thing]:
        """Things whose name, or whose IRI's end, is much like a text that leads nowhere."""
        index = await self._index.value()
        return await asyncio.to_thread(_similar, index, text, most)

    async def thing(self, iri: str) -> Thing | None:
        """What is known of an IRI."""
        return (await self._index.value()).things.get(iri)

    async def _read(self, commit: int) -> _Index:
        texts, types = await asyncio.gather(
            *(self._asked(query, commit) for query in (_TEXTS, _TYPES))
        )
        return await asyncio.to_thread(_index, texts, types)

    async def _asked(self, query: Query, commit: int) -> bytes:
        reply = await self._backend.run(query, JSON, commit=commit)
        return await reply.whole()


def _index(texts: bytes, types: bytes) -> _Index:
    things: dict[str, Thing] = {}
    entries = []
    for row in _rows(texts):
        iri, said = row["thing"]["value"], row["text"]
        thing = things.setdefault(iri, Thing(iri))
        match = Match(Field(int(row["field"]["value"])), said["value"], said.get("xml:lang", ""))
        if match.field is Field.NAME:
            thing.names.setdefault(match.language, match.text)
        elif match.field is Field.DEFINITION:
            thing.definition.setdefault(match.language, match.text)
        entries.append(_Text(thing, match, folded(match.text)))
    ordered = sorted(
        _rows(types), key=lambda row: (row["stated"]["value"] != "1", row["type"]["value"])
    )
    for row in ordered:
        if (typed := things.get(row["thing"]["value"])) is not None:
            typed.types.append(row["type"]["value"])
    return _Index(entries, things)


def _rows(answer: bytes) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = json.loads(answer)["results"]["bindings"]
    return found


def _ranked(
    index: _Index, words: Sequence[str], language: str | None, type: str | None
) -> list[Found]:
    phrase = " ".join(words)
    best: dict[str, tuple[tuple[object, ...], Found]] = {}
    for text, at in index.holding(words[0] if len(words) > 1 else phrase):
        if type is None or type in text.thing.types:
            rank = _rank(text, phrase, at, language)
            known = best.get(text.thing.iri)
            if known is None or rank < known[0]:
                best[text.thing.iri] = rank, Found(text.thing, text.match)
    for word in words[1:]:
        holding = {text.thing.iri for text, _ in index.holding(word)}
        best = {iri: each for iri, each in best.items() if iri in holding}
    return [found for _, found in sorted(best.values(), key=lambda each: each[0])]


def _rank(text: _Text, phrase: str, at: int, language: str | None) -> tuple[object, ...]:
    fit = _fit(text.folded, phrase, at)
    is_foreign = language is not None and text.match.language.partition("-")[0] != language
    is_prose = text.match.field is Field.DEFINITION
    return (
        is_prose,
        fit,
        text.match.field,
        is_foreign,
        not text.thing.iri.startswith(BASE + "id/"),
        len(text.folded),
        text.folded,
        text.thing.iri,
    )


def _fit(text: str, phrase: str, at: int) -> _Fit:
    if text == phrase:
        return _Fit.WHOLE
    if text.startswith(phrase):
        return _Fit.BEGINNING
    before = text[at - 1] if at else " "
    return _Fit.INSIDE if before.isalnum() and before.isascii() else _Fit.WORD


def _similar(index: _Index, text: str, most: int) -> list[Thing]:
    wanted = folded(text)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    likeness: dict[str, float] = {}
    for thing in index.things.values():
        for name in (thing.iri.rpartition("/")[2].replace("-", " "), *thing.names.values()):
            matcher.set_seq1(folded(name))
            if matcher.real_quick_ratio() > _SIMILAR and matcher.quick_ratio() > _SIMILAR:
                ratio = matcher.ratio()
                if ratio > max(_SIMILAR, likeness.get(thing.iri, 0)):
                    likeness[thing.iri] = ratio
    best = sorted(likeness, key=lambda iri: (-likeness[iri], iri))[:most]
    return [index.things[iri] for iri in best]
