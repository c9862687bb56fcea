"""RDF/XML through owlready2: all of it arrives, or there is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.rdfxml import write_rdfxml
from econsec.knowledge.reasoning.view import View
from econsec.rdf.namespaces import OWL, RDF, RDFS, XSD, Namespace

EX = Namespace("http://example.org/")
CLASS = Triple(EX("A"), RDF("type"), OWL("Class"))


class Mute(View):
    """A view that writes none of its triples, as a reader that knows no Turtle reads none."""

    def ntriples(self) -> bytes:
        return b""


class Clipped(View):
    """A view that writes all its classes and not the rest."""

    def ntriples(self) -> bytes:
        return f"{CLASS} .\n".encode()


def test_statements_and_texts_survive(tmp_path: Path) -> None:
    union = BlankNode()
    triples = (
        CLASS,
        Triple(EX("A"), RDFS("subClassOf"), union),
        Triple(union, RDF("type"), OWL("Class")),
        Triple(union, OWL("complementOf"), EX("B")),
        Triple(EX("x"), EX("p"), Literal('言う "no" <&>\n\\', language="ja")),
        Triple(EX("x"), EX("n"), Literal("7", datatype=XSD("integer"))),
    )
    path = write_rdfxml(View(triples), tmp_path / "view.rdf")
    read = [quad.triple for quad in parse(path=path, format=RdfFormat.RDF_XML)]
    assert set(triples) & set(read) == {t for t in triples if union not in (t.subject, t.object)}
    assert OWL("complementOf") in {triple.predicate for triple in read}


def test_an_empty_reading_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="read 0 of 1 classes"):
        write_rdfxml(Mute((CLASS,)), tmp_path / "view.rdf")


def test_a_lost_statement_is_an_error(tmp_path: Path) -> None:
    lost = Triple(EX("A"), RDFS("subClassOf"), EX("B"))
    more = Triple(EX("B"), RDFS("subClassOf"), EX("C"))
    with pytest.raises(InvalidInput, match="of 3 statements"):
        write_rdfxml(Clipped((CLASS, lost, more)), tmp_path / "view.rdf")


def test_a_number_that_is_none_is_named(tmp_path: Path) -> None:
    wrong = Triple(EX("x"), EX("p"), Literal("dozen", datatype=XSD("integer")))
    with pytest.raises(InvalidInput, match=r"example.org/x.*dozen.*no value of its datatype"):
        write_rdfxml(View((CLASS, wrong)), tmp_path / "view.rdf")
