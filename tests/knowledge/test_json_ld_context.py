"""The JSON-LD context is made of the ontology, and every thing can be written with it."""

from __future__ import annotations

import json
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from econsec.knowledge.json_ld_context import CONTEXT, CONTEXT_FILE, context_of, written
from econsec.rdf.inspection import Contexts
from econsec.rdf.json_ld import Context, compacted
from econsec.rdf.namespaces import BASE, PREFIXES


def test_the_packaged_file_is_up_to_date(root: Path) -> None:
    assert (root / CONTEXT_FILE).read_text("utf-8") == written(context_of(root / "ontology"))


def test_terms_know_what_their_values_are(root: Path) -> None:
    context = context_of(root / "ontology")
    assert context["Chokepoint"] == "es:Chokepoint"
    assert context["designates"] == {"@id": "es:designates", "@type": "@id"}
    assert context["dateInferred"] == {"@id": "es:dateInferred", "@type": "xsd:boolean"}
    assert context["prefLabel"] == {"@id": "skos:prefLabel", "@container": "@language"}
    assert context["skos:exactMatch"]["@type"] == "@id"
    assert context["good"] == f"{BASE}id/good/"
    assert set(context) >= set(PREFIXES)


def test_the_context_is_read_by_the_name_that_documents_give_it() -> None:
    assert f"{BASE}context.jsonld" == CONTEXT
    held = Contexts.bundled().written(CONTEXT)
    assert held is not None
    assert json.loads(held)["designates"]["@type"] == "@id"
    assert Contexts.bundled().written("https://example.org/context.jsonld") is None


def test_every_thing_comes_back_as_it_was(root: Path, dataset: Store) -> None:
    """One document for each thing, with the blank nodes that it refers to."""
    definition = context_of(root / "ontology")
    context = Context(definition)
    inlined = json.dumps(definition)
    said: dict[object, set[Triple]] = {}
    for quad in dataset:
        said.setdefault(quad.subject, set()).add(quad.triple)
    things = sorted((each for each in said if isinstance(each, NamedNode)), key=str)
    assert len(things) > 2_000
    written_short = 0
    for start in range(0, len(things), 40):
        triples = {
            triple
            for thing in things[start : start + 40]
            for triple in {*said[thing], *_beyond(said, thing)}
        }
        text = compacted(sorted(triples, key=str), context, named=CONTEXT)
        written_short += text.count('"prefLabel": {')
        whole = text.replace(f'"{CONTEXT}"', inlined, 1)
        assert _canonical(parse(whole, RdfFormat.JSON_LD)) == _canonical(triples)
    assert written_short > 2_000


def _beyond(said: dict[object, set[Triple]], thing: NamedNode) -> set[Triple]:
    inner = {each.object for each in said[thing] if isinstance(each.object, BlankNode)}
    return {triple for node in inner for triple in said.get(node, ())}


def _canonical(statements: object) -> set[str]:
    found = Dataset(
        Quad(each.subject, each.predicate, each.object, DefaultGraph())
        for each in statements  # type: ignore[attr-defined]
    )
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in found}
