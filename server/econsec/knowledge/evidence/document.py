"""A source document as the data describe it: its checksum, its length, its numbered sections."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import Manifest
from econsec.knowledge.position import locate
from econsec.rdf.namespaces import ES
from econsec.rdf.notation import short_iri

__all__ = ["Described", "SourceDocument"]

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_WHOLE_NUMBER = re.compile(r"\+?[0-9]+")
_BYTE_ORDER_MARK = "\ufeff"
_Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Described:
    """The graphs of a data set in memory, and the files that they were read from."""

    store: Store
    manifest: Manifest

    def one(self, subject: NamedNode, predicate: NamedNode, *, wanted: str) -> str:
        """The text of the one literal of a property. Raises `InvalidInput`."""
        values = {q.object for q in self.store.quads_for_pattern(subject, predicate, None)}
        value = next(iter(values), None)
        if len(values) == 1 and isinstance(value, Literal):
            return value.value
        raise self.fault(subject, predicate, wanted=wanted)

    def fault(
        self, subject: NamedNode, predicate: NamedNode, *, wanted: str, remedy: str | None = None
    ) -> InvalidInput:
        """The error that names the subject, what it has and what is wanted, and the place."""
        quads = list(self.store.quads_for_pattern(subject, predicate, None))
        found = " and ".join(sorted({_written(quad.object) for quad in quads})) or "none"
        graphs = {q.graph_name for q in quads or self.store.quads_for_pattern(subject, None, None)}
        file, line, column = self._place(subject, graphs=graphs)
        return InvalidInput(
            f"{short_iri(subject)} needs {wanted} ({short_iri(predicate)}), and has {found}",
            source=file,
            line=line,
            column=column,
            remedy=remedy,
        )

    def _place(
        self, subject: NamedNode, *, graphs: Collection[NamedNode | BlankNode | DefaultGraph]
    ) -> tuple[str, int | None, int | None]:
        for entry in self.manifest.graphs:
            for dump in entry.files if entry.iri in graphs else ():
                place = locate(subject.value, dump.path.read_text("utf-8", errors="replace"))
                if place is not None:
                    return str(dump.path), place.line, place.column
        return str(self.manifest.path), None, None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document; `length` counts code points, `numbers` are its sections, from 1."""

    iri: NamedNode
    sha256: str
    length: int
    numbers: Mapping[NamedNode, int]

    @classmethod
    def read(cls, data: Described) -> SourceDocument:
        """Read the one document that has a checksum.

        Raises `UsageError` where there is none or several, `InvalidInput` on a
        checksum, length or section number that is none.
        """
        quads = data.store.quads_for_pattern(None, ES("textSha256"), None)
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        if len(found) != 1:
            raise UsageError(
                f"the data set describes {len(found)} documents with a checksum, not one",
                source=str(data.manifest.path),
                remedy="state es:textSha256 of the document that the sections belong to",
            )
        iri = found.pop()
        return cls(iri, _sha256(data, iri), _length(data, iri), _numbers(data, iri))

    def refuse_other(self, source: SourceText, *, name: str) -> None:
        """Raise `InvalidInput` on a text that is not the one the data were read from."""
        if source.sha256 != self.sha256:
            raise self._other(source, name=name)
        if len(source.text) != self.length:
            raise InvalidInput(
                f"the text has {len(source.text)} code points, and the data say {self.length}",
                source=name,
                remedy=f"correct es:textLength of {short_iri(self.iri)}",
            )
        for section, number in self.numbers.items():
            if number > len(source.sections):
                raise InvalidInput(
                    f"the text has {len(source.sections)} sections, and {short_iri(section)} "
                    f"is number {number}",
                    source=name,
                    remedy=f"correct es:sectionNumber, which is one of 1…{len(source.sections)}",
                )

    def _other(self, source: SourceText, *, name: str) -> InvalidInput:
        changes = next(
            (c for c, t in _restored(source.text) if SourceText(t).sha256 == self.sha256), None
        )
        if changes is not None:
            return InvalidInput(
                f"this is the text of {short_iri(self.iri)}, but {changes}",
                source=name,
                remedy="give the file as it was; a copy may have been converted on the way",
            )
        return InvalidInput(
            f"this is not the text of {short_iri(self.iri)}: expected SHA-256 {self.sha256} "
            f"({self.length} code points), found {source.sha256} ({len(source.text)})",
            source=name,
            remedy="give the very file that the data were read from; offsets hold for no other",
        )


def _written(term: _Term) -> str:
    if isinstance(term, NamedNode):
        return short_iri(term)
    return repr(term.value) if isinstance(term, Literal) else str(term)


def _sha256(data: Described, document: NamedNode) -> str:
    wanted = "one SHA-256 of 64 hexadecimal digits"
    value = data.one(document, ES("textSha256"), wanted=wanted)
    if _SHA256.fullmatch(value) is None:
        raise data.fault(document, ES("textSha256"), wanted=wanted)
    return value.lower()


def _length(data: Described, document: NamedNode) -> int:
    wanted = "the length of its text, one whole number of code points"
    value = data.one(document, ES("textLength"), wanted=wanted)
    if _WHOLE_NUMBER.fullmatch(value) is None:
        raise data.fault(document, ES("textLength"), wanted=wanted)
    return int(value)


def _numbers(data: Described, document: NamedNode) -> dict[NamedNode, int]:
    """The parts of the document that are numbered, in the order of their IRIs."""
    number = ES("sectionNumber")
    wanted = "one number of its own among the sections: 1, 2, 3 …"
    parts = {quad.subject for quad in data.store.quads_for_pattern(None, ES("partOf"), document)}
    named = sorted((p for p in parts if isinstance(p, NamedNode)), key=lambda part: part.value)
    bearers: dict[int, NamedNode] = {}
    for part in named:
        if not any(data.store.quads_for_pattern(part, number, None)):
            continue
        value = data.one(part, number, wanted=wanted)
        if _WHOLE_NUMBER.fullmatch(value) is None or int(value) < 1:
            raise data.fault(part, number, wanted=wanted)
        if int(value) in bearers:
            other = short_iri(bearers[int(value)])
            raise data.fault(part, number, wanted=wanted, remedy=f"{other} has it already")
        bearers[int(value)] = part
    return {part: value for value, part in bearers.items()}


def _restored(text: str) -> Iterator[tuple[str, str]]:
    """What may have become of the text on the way here, and the text without it."""
    bare = text.removeprefix(_BYTE_ORDER_MARK)
    unix = bare.replace("\r\n", "\n").replace("\r", "\n")
    ends = "its line ends were changed"
    yield "a byte-order mark was put before it", bare
    yield ends, unix
    yield ends, unix.replace("\n", "\r\n")
    yield ends, unix.rstrip("\n")
    yield ends, unix.rstrip("\n") + "\n"
    yield "its byte-order mark was taken away", _BYTE_ORDER_MARK + bare
