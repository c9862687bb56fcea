"""Formats: their names, their files, and that the engine can write what we offer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.errors import InvalidInput
from econsec.rdf.formats import (
    CSV,
    FORMATS,
    JSON,
    JSON_LD,
    N3,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    READABLE,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Form,
    Format,
    NotAcceptable,
    by_name,
    by_suffix,
    offered,
)

QUERIES = {
    Form.SOLUTIONS: "SELECT ?o { ?s ?p ?o }",
    Form.BOOLEAN: "ASK { ?s ?p ?o }",
    Form.GRAPH: "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize(
    ("form", "formats"),
    [
        (Form.SOLUTIONS, (JSON, XML, CSV, TSV)),
        (Form.BOOLEAN, (JSON, XML, CSV, TSV)),
        (Form.GRAPH, (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)),
        (Form.DATASET, (JSON_LD, TRIG, N_QUADS)),
    ],
)
def test_each_form_has_its_formats_in_order_of_preference(
    form: Form, formats: tuple[Format, ...]
) -> None:
    assert offered(form) == formats


@pytest.mark.parametrize(
    ("form", "format"), [(form, format) for form in QUERIES for format in offered(form)]
)
def test_the_engine_writes_every_format_on_offer(form: Form, format: Format) -> None:
    store = ox.Store()
    store.update('INSERT DATA { <x:s> <http://x/p> "値"@ja }')
    written = BytesIO()
    store.query(QUERIES[form]).serialize(written, format.engine)
    assert ("true" if form is Form.BOOLEAN else "値") in written.getvalue().decode()


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_media_types_are_those_that_the_engine_knows(format: Format) -> None:
    assert format.engine.from_media_type(format.media_type) == format.engine


def test_text_formats_name_their_charset() -> None:
    assert TURTLE.content_type == "text/turtle; charset=utf-8"
    assert JSON.content_type == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("name", "form", "format"),
    [
        ("json", Form.SOLUTIONS, JSON),
        ("json", Form.GRAPH, JSON_LD),
        ("xml", Form.BOOLEAN, XML),
        ("xml", Form.GRAPH, RDF_XML),
        ("ttl", Form.GRAPH, TURTLE),
        (".ttl", Form.GRAPH, TURTLE),
        ("Turtle", Form.GRAPH, TURTLE),
        ("json-ld", Form.GRAPH, JSON_LD),
        ("rdf+xml", Form.GRAPH, RDF_XML),
        ("N-Triples", Form.GRAPH, N_TRIPLES),
        ("text/csv; header=present", Form.SOLUTIONS, CSV),
        ("application/sparql-results+xml", Form.SOLUTIONS, XML),
        ("application/sparql-results xml", Form.SOLUTIONS, XML),
    ],
)
def test_a_name_is_an_extension_a_name_or_a_media_type(
    name: str, form: Form, format: Format
) -> None:
    assert by_name(name, offered(form)) == format


def test_a_format_chosen_by_an_alias_is_labelled_with_it() -> None:
    chosen = by_name("application/json", offered(Form.SOLUTIONS))
    assert (chosen.engine, chosen.media_type) == (JSON.engine, "application/json")


@pytest.mark.parametrize("name", ["ttl", "nonsense", "", "n3"])
def test_a_name_that_is_not_on_offer_is_refused_with_what_is(name: str) -> None:
    with pytest.raises(NotAcceptable, match=r"text/csv \(csv\)") as caught:
        by_name(name, offered(Form.SOLUTIONS))
    assert caught.value.status == 406
    assert caught.value.exit_code == 2
    assert caught.value.offered == tuple(f.media_type for f in (JSON, XML, CSV, TSV))


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("a.ttl", TURTLE),
        ("a.b.NT", N_TRIPLES),
        ("dir/a.nq.gz", N_QUADS),
        ("a.trig.GZ", TRIG),
        ("a.owl", RDF_XML),
        ("a.jsonld", JSON_LD),
        ("a.n3", N3),
    ],
)
def test_a_file_tells_its_format_by_its_name(path: str, format: Format) -> None:
    assert by_suffix(Path(path)) == format


@pytest.mark.parametrize("path", ["a", "a.txt", "a.gz", ".ttl.d/a"])
def test_a_file_name_that_tells_nothing_is_an_error(path: str) -> None:
    with pytest.raises(InvalidInput, match=r"\.ttl") as caught:
        by_suffix(Path(path))
    assert caught.value.source == path


def test_n3_is_read_and_never_written() -> None:
    assert N3 in READABLE
    assert not any(N3 in offered(form) for form in Form)
