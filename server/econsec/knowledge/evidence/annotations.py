"""Passages as Web Annotations (https://www.w3.org/TR/annotation-vocab/), there and back.

An annotation relates a passage to the things it names (`oa:identifying`) or says
something of (`oa:describing`). The file holds offsets, never words of the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from econsec.errors import InvalidInput
from econsec.knowledge.evidence.passages import Annotation, Shows, order
from econsec.knowledge.evidence.text import Span
from econsec.knowledge.reading import read_document
from econsec.rdf.namespaces import ES, PREFIXES, RDF, XSD, Namespace
from econsec.rdf.notation import short_iri
from econsec.rdf.turtle import serialise

__all__ = ["read_annotations", "write_annotations"]

_OA = Namespace(PREFIXES["oa"])
_MOTIVATIONS = {Shows.NAME: _OA("identifying"), Shows.STATEMENT: _OA("describing")}
_SHOWS = {motivation: shows for shows, motivation in _MOTIVATIONS.items()}
_HEADING = "Passages of the source that show each thing. Written by `econsec evidence build`."
_OFFSET = XSD("nonNegativeInteger")
_REMEDY = "run `econsec evidence build --source FILE`"


def write_annotations(annotations: Iterable[Annotation], *, document: NamedNode) -> str:
    """The canonical Turtle of the annotations."""
    triples = (t for annotation in annotations for t in _triples(annotation, document))
    return serialise(triples, heading=_HEADING)


def read_annotations(path: Path, *, document: NamedNode | None = None) -> tuple[Annotation, ...]:
    """The annotations of a file, in the order of the text.

    Raises `InvalidInput` on a file that is not there, is no RDF, or holds an
    annotation without its passage, section, source or motivation; the source is
    `document` where one is given.
    """
    if not path.is_file():
        raise InvalidInput("there is no evidence yet", source=str(path), remedy=_REMEDY)
    graph = _Graph.of(read_document(path).quads(), source=str(path))
    return tuple(order(_annotation(graph, node, document=document) for node in graph.annotations()))


def _triples(annotation: Annotation, document: NamedNode) -> Iterator[Triple]:
    place = f"{annotation.passage.start}-{annotation.passage.end}"
    slug = f"{document.value.rpartition('/')[2]}-{place}"
    node = NamedNode(f"{PREFIXES['evidence']}{slug}-{annotation.shows}")
    passage = NamedNode(f"{PREFIXES['passage']}{slug}")
    selector = NamedNode(f"{PREFIXES['selector']}{slug}")
    yield Triple(node, RDF("type"), _OA("Annotation"))
    yield Triple(node, _OA("motivatedBy"), _MOTIVATIONS[annotation.shows])
    for body in annotation.bodies:
        yield Triple(node, _OA("hasBody"), body)
    yield Triple(node, _OA("hasTarget"), passage)
    yield Triple(passage, RDF("type"), _OA("SpecificResource"))
    yield Triple(passage, _OA("hasSource"), document)
    yield Triple(passage, _OA("hasSelector"), selector)
    yield Triple(passage, ES("inSection"), annotation.section)
    yield Triple(selector, RDF("type"), _OA("TextPositionSelector"))
    yield Triple(selector, _OA("start"), _offset(annotation.passage.start))
    yield Triple(selector, _OA("end"), _offset(annotation.passage.end))


def _offset(value: int) -> Literal:
    return Literal(str(value), datatype=_OFFSET)


_Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class _Graph:
    """The statements of the file by subject and property."""

    values: Mapping[NamedNode, Mapping[NamedNode, list[_Term]]]
    source: str

    @classmethod
    def of(cls, quads: Iterable[Quad], *, source: str) -> _Graph:
        values: dict[NamedNode, dict[NamedNode, list[_Term]]] = {}
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, _Term):
                properties = values.setdefault(quad.subject, {})
                properties.setdefault(quad.predicate, []).append(quad.object)
        return cls(values, source)

    def annotations(self) -> Iterator[NamedNode]:
        for subject, properties in self.values.items():
            if _OA("Annotation") in properties.get(RDF("type"), ()):
                yield subject

    def link(self, subject: NamedNode, predicate: NamedNode) -> NamedNode:
        value = self._one(subject, predicate)
        if isinstance(value, NamedNode):
            return value
        raise self.fault(subject, predicate)

    def offset(self, subject: NamedNode, predicate: NamedNode) -> int:
        value = self._one(subject, predicate)
        if isinstance(value, Literal) and value.value.isdecimal():
            return int(value.value)
        raise self.fault(subject, predicate)

    def _one(self, subject: NamedNode, predicate: NamedNode) -> _Term:
        values = self.values.get(subject, {}).get(predicate, [])
        if len(values) != 1:
            raise self.fault(subject, predicate)
        return values[0]

    def fault(self, subject: NamedNode, predicate: NamedNode) -> InvalidInput:
        return InvalidInput(
            f"{short_iri(subject)} needs one valid {short_iri(predicate)}",
            source=self.source,
            remedy=_REMEDY,
        )


def _annotation(graph: _Graph, node: NamedNode, *, document: NamedNode | None) -> Annotation:
    motivation = graph.link(node, _OA("motivatedBy"))
    if motivation not in _SHOWS:
        raise graph.fault(node, _OA("motivatedBy"))
    passage = graph.link(node, _OA("hasTarget"))
    source = graph.link(passage, _OA("hasSource"))
    if document is not None and source != document:
        raise graph.fault(passage, _OA("hasSource"))
    selector = graph.link(passage, _OA("hasSelector"))
    bodies = graph.values[node].get(_OA("hasBody"), [])
    return Annotation(
        passage=Span(
            graph.offset(selector, _OA("start")),
            graph.offset(selector, _OA("end")),
        ),
        section=graph.link(passage, ES("inSection")),
        shows=_SHOWS[motivation],
        bodies=tuple(sorted((b for b in bodies if isinstance(b, NamedNode)), key=str)),
    )
