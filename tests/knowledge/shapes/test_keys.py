"""Which values a change is about, and what is asked of a store about one of them."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from econsec.knowledge.shapes.constraints import Constraint, tokens
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.knowledge.shapes.incremental import Affected, Rules
from econsec.knowledge.shapes.keys import Keyed, Place, places
from econsec.knowledge.shapes.vocabulary import vocabulary
from econsec.rdf.namespaces import RDF

EX = "https://example.org/"
SHAPES = f"""
@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S sh:targetNode ex:set ; sh:sparql ex:c .
ex:c sh:select "SELECT $this ?value {{ {{ SELECT DISTINCT $this ?value {{ ?value ?p ?o }} }} \
FILTER(ISIRI(?value)) FILTER NOT EXISTS {{ ?value a ?type }} }}" .
"""


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def store_of(*triples: Triple) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


def rules() -> Rules:
    return Rules(ShapesGraph(parse(SHAPES, RdfFormat.TURTLE)))


def asked(affected: Affected) -> set[NamedNode]:
    return {v for each in affected.keyed.values() for values in each.values() for v in values}


def test_the_places_are_those_of_every_pattern() -> None:
    found = places(
        f"SELECT $this ?value {{ ?value a <{EX}T> . ?x ?value 1 "
        "FILTER EXISTS { $this ?p ?value } }"
    )
    assert found == {
        Place((None, RDF("type"), node("T")), 0),
        Place((None, None, None), 1),
        Place((None, None, None), 2),
    }


def test_a_place_knows_the_triples_that_its_pattern_can_match() -> None:
    place = Place((None, node("p"), None), 2)
    assert place.value(Triple(node("a"), node("p"), node("b"))) == node("b")
    assert place.value(Triple(node("a"), node("q"), node("b"))) is None
    assert place.value(Triple(node("a"), node("p"), Literal("b"))) is None


def test_an_inner_query_is_asked_for_one_solution_where_it_has_but_one() -> None:
    text = (
        "SELECT $this ?value ?o { { SELECT DISTINCT $this ?value WHERE { ?s ?value ?x } } "
        "{ SELECT $this ?value ?o { ?o ?value $this } } }"
    )
    keyed = Keyed.of(Constraint(node("c"), node("S"), text, tokens(text)))
    assert keyed is not None
    assert keyed.question.text == text.replace("?x } }", "?x } LIMIT 1 }")
    assert keyed.question.tokens == tokens(keyed.question.text)


def test_only_the_values_that_a_change_mentions_are_asked_about() -> None:
    made = rules()
    untyped = Triple(node("a"), node("p"), node("b"))
    elsewhere = Triple(node("z"), node("p"), node("b"))
    data = store_of(untyped, elsewhere)
    found = made.affected(data, {untyped})
    assert asked(found) == {node("a")}
    assert not found.far
    assert {result.value for result in made.judge(data, found)} == {node("a")}


def test_values_that_come_to_be_mentioned_are_asked_about_too() -> None:
    made = rules()
    data = store_of(Triple(node("a"), node("p"), node("b")))
    found = made.affected(data, (), mentioned={node("set"): {node("a"), node("b"), Literal("x")}})
    assert asked(found) == {node("a"), node("b")}
    assert {result.value for result in made.judge(data, found)} == {node("a")}
    assert not made.affected(data, (), mentioned={node("other"): {node("a")}})


def test_a_focus_node_that_comes_to_be_described_is_asked_about_all_values() -> None:
    made = rules()
    data = store_of(Triple(node("a"), node("p"), node("b")))
    found = made.affected(data, (), described={node("set")})
    assert found.far == {node("S"): frozenset({node("set")})}
    assert {result.value for result in made.judge(data, found)} == {node("a")}


def test_of_very_many_values_all_are_asked_about_at_once() -> None:
    made = rules()
    changed = [Triple(node(f"n{number}"), node("p"), node("b")) for number in range(201)]
    assert len(asked(made.affected(store_of(*changed), changed[1:]))) == 200
    found = made.affected(store_of(*changed), changed)
    assert found.far == {node("S"): None}
    assert not found.keyed
    assert len(made.judge(store_of(*changed), found)) == 201


@pytest.mark.parametrize(
    ("body", "predicate", "object", "meets"),
    [
        (f"$this a <{EX}T>", RDF("type"), "T", True),
        (f"$this a <{EX}T>", RDF("type"), "U", False),
        (f"$this a/<{EX}q> <{EX}T>", RDF("type"), "U", True),
        ("$this a ?type", RDF("type"), "U", True),
        (f"?x <{EX}p> 1 FILTER(?x = $this && NOT EXISTS {{ ?x a <{EX}T> }})", RDF("type"), "U", 0),
        (f"?x <{EX}p> 1 FILTER(?x = $this && NOT EXISTS {{ ?x a <{EX}T> }})", RDF("type"), "T", 1),
        (f"?x <{EX}p> 1", node("p"), "T", True),
        (f"?x <{EX}p> 1", node("q"), "T", False),
    ],
)
def test_a_query_can_match_what_its_patterns_say(
    body: str, predicate: NamedNode, object: str, meets: bool
) -> None:
    found = vocabulary(f"SELECT $this {{ {body} }}")
    assert found.meets([Triple(node("a"), predicate, node(object))]) == bool(meets)
