"""The example queries as RDF."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from econsec.knowledge.catalogue import read_catalogue
from econsec.knowledge.examples import described, read_examples
from econsec.knowledge.manifest import EXAMPLES, Manifest, Role, default_manifest
from econsec.rdf.namespaces import BASE, PREFIXES, RDF, RDFS, SCHEMA, SH


def test_the_data_set_has_each_example_under_its_name_alone(root: Path, dataset: Store) -> None:
    names = {path.stem for path in (root / "queries" / "examples").glob("*.rq")}
    kind = SH("SPARQLExecutable")
    found = {
        quad.subject.value.removeprefix(f"{EXAMPLES.value}/")
        for quad in dataset.quads_for_pattern(None, RDF("type"), kind, EXAMPLES)
        if isinstance(quad.subject, NamedNode)
    }
    assert found == names
    graphs = {quad.graph_name for quad in dataset.quads_for_pattern(None, RDF("type"), kind)}
    assert graphs == {EXAMPLES}


def test_the_manifest_keeps_the_graph_apart() -> None:
    entries = {entry.iri: entry for entry in Manifest.read(default_manifest()).graphs}
    assert entries[EXAMPLES].role is Role.NAMED_ONLY
    assert entries[EXAMPLES].files == ()


def test_an_example_says_what_it_asks_and_where(root: Path) -> None:
    example = NamedNode(f"{EXAMPLES.value}/chokepoints")
    said: dict[NamedNode, list[object]] = {}
    for triple in read_examples(root):
        if triple.subject == example:
            said.setdefault(triple.predicate, []).append(triple.object)
    assert said[SCHEMA("target")] == [NamedNode(f"{BASE}sparql")]
    assert said[SCHEMA("keywords")] == [Literal("chokepoints")]
    assert said[SH("prefixes")] == [EXAMPLES]
    assert SH("SPARQLSelectExecutable") in said[RDF("type")]
    languages = {each.language for each in said[RDFS("comment")] if isinstance(each, Literal)}
    assert languages == {"en", "ja"}
    (text,) = said[SH("select")]
    assert isinstance(text, Literal)
    assert text.value.startswith("PREFIX es:")


def test_every_example_runs_as_it_is_written_there(root: Path, dataset: Store) -> None:
    texts = {SH(name): name for name in ("select", "ask", "construct", "describe")}
    run = 0
    for triple in read_examples(root):
        if triple.predicate in texts and isinstance(triple.object, Literal):
            dataset.query(triple.object.value, prefixes=PREFIXES)
            assert re.search(texts[triple.predicate], triple.object.value, re.IGNORECASE)
            run += 1
    assert run == len([*(root / "queries" / "examples").glob("*.rq")])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("# SELECT\nPREFIX ask: <http://example.org/construct/> ASK { ?s ?p ?o }", "ask"),
        ("BASE <http://example.org/select>\nconstruct where { ?s ?p ?o }", "construct"),
        ("DESCRIBE <http://example.org/select>", "describe"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o } } }", "construct"),
    ],
)
def test_the_form_of_a_query_is_its_own(tmp_path: Path, text: str, form: str) -> None:
    for kind in ("competency", "examples", "hygiene", "saved"):
        (tmp_path / kind).mkdir()
    head = '#+ title: { en: "T", ja: "題" }\n#+ description: { en: "D.", ja: "文。" }\n'
    (tmp_path / "examples" / "one.rq").write_text(head + "#+ keywords: [a]\n\n" + text, "utf-8")
    triples = [*described(read_catalogue(tmp_path)["examples"])]
    assert [each.object for each in triples if each.predicate == SH(form)] == [Literal(text)]


def test_the_prefixes_are_declared_once_for_all(root: Path) -> None:
    triples = [*read_examples(root)]
    declared = {each.object for each in triples if each.predicate == SH("declare")}
    names = {
        each.object.value
        for each in triples
        if each.predicate == SH("prefix")
        and each.subject in declared
        and isinstance(each.object, Literal)
    }
    assert names == set(PREFIXES)
