"""Statements as texts are the same statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from econsec.errors import InvalidInput
from econsec.knowledge import graph_texts
from econsec.knowledge.graph_texts import GraphText, texts_of_document, texts_of_quads
from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.reading import document, read_document
from econsec.rdf.formats import N_TRIPLES, TRIG, TURTLE
from econsec.rdf.namespaces import RDF, XSD

A, B, P = (NamedNode(f"http://example.org/{name}") for name in "abp")
G, H = NamedNode("http://example.org/g"), NamedNode("http://example.org/h")
LITERAL = Literal('1.50 "\n<http://example.org/x> _:y .')
QUADS = [
    Quad(A, P, B, G),
    Quad(A, P, LITERAL, G),
    Quad(BlankNode("x"), P, Literal("1.50", datatype=XSD("decimal")), H),
    Quad(A, P, BlankNode("x"), H),
    Quad(A, RDF("type"), B),
    Quad(A, P, B, BlankNode("graph")),
]


def in_named_graphs(quads: list[Quad]) -> set[Quad]:
    return {
        quad if isinstance(quad.graph_name, NamedNode) else Quad(*quad.triple, UNNAMED)
        for quad in quads
    }


@pytest.mark.parametrize("at_once", [1, 2, 50_000])
def test_quads_are_the_same_again(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_texts, "_AT_ONCE", at_once)
    texts = texts_of_quads(iter(QUADS))
    assert [text.graph for text in texts] == [G, H, UNNAMED]
    assert {quad for text in texts for quad in text.quads()} == in_named_graphs(QUADS)


def test_subjects_and_iris_and_mentions() -> None:
    text, blank, _ = texts_of_quads(QUADS)
    assert text.subjects() == {A}
    assert blank.subjects() == {A, BlankNode("x")}
    assert {b"<http://example.org/a>", b"<http://example.org/p>"} < text.iris()
    assert list(text.mentions({str(LITERAL).encode()})) == [
        graph_texts.Mention(G, str(A).encode(), str(P).encode(), str(LITERAL).encode())
    ]
    assert [each.object for each in text.mentions({str(P).encode()})] == [
        str(B).encode(),
        str(LITERAL).encode(),
    ]
    assert not list(text.mentions({b"<http://example.org/x>", b"_:y"}))


def test_a_canonical_document_is_its_own_text() -> None:
    content = b'<http://example.org/a> <http://example.org/p> "1"@en .\n'
    read = document(content, name="a.nt", format=N_TRIPLES)
    (text,) = texts_of_document(read, graph=G)
    assert text == GraphText(G, content)
    assert text.text is read.data


@pytest.mark.parametrize(
    ("format", "content", "graphs"),
    [
        (N_TRIPLES, '# one\n<http://e.org/a>  <http://e.org/p> "\\u0041" .', {G}),
        (TURTLE, '@prefix : <http://e.org/> . :a :p "A" .', {G}),
        (TRIG, "@prefix : <http://e.org/> . :h { :a :p 'A' }", {NamedNode("http://e.org/h")}),
    ],
)
def test_other_documents_are_parsed(format: object, content: str, graphs: set[NamedNode]) -> None:
    read = document(content.encode(), name="a", format=format)  # type: ignore[arg-type]
    texts = texts_of_document(read, graph=G)
    assert {text.graph for text in texts} == graphs
    assert [text.text for text in texts] == [b'<http://e.org/a> <http://e.org/p> "A" .\n']


def test_an_error_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "broken.nt"
    file.write_text("<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n<x> <y> .\n")
    with pytest.raises(InvalidInput) as caught:
        texts_of_document(read_document(file), graph=G)
    assert (caught.value.source, caught.value.line) == (str(file), 2)
