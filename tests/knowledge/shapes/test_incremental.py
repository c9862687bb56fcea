"""Judging only what a change can have affected: the same verdict as judging everything."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from econsec.knowledge.shapes.dependencies import rules
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.knowledge.shapes.incremental import Affected, Rules, key
from econsec.knowledge.shapes.validation import validate
from econsec.rdf.namespaces import RDF, RDFS

EX = "http://example.org/"
PREFIXES = f"""
@prefix : <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:names sh:declare [ sh:prefix "" ; sh:namespace "{EX}"^^xsd:anyURI ] .
"""
SHAPES = {
    "count": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; sh:minCount 1 .",
    "inverse": ":S sh:targetClass :A ; sh:property :p1 . "
    ":p1 sh:path [ sh:inversePath :p ] ; sh:maxCount 1 .",
    "sequence": ":S sh:targetClass :B ; sh:property :p1 . :p1 sh:path ( :p :q ) ; sh:minCount 1 .",
    "alternative": ":S sh:targetSubjectsOf :q ; sh:property :p1 . "
    ":p1 sh:path [ sh:alternativePath ( :p [ sh:inversePath :r ] ) ] ; sh:maxCount 1 .",
    "star": ":S sh:targetClass :A ; sh:property :p1 . "
    ":p1 sh:path [ sh:zeroOrMorePath :p ] ; sh:hasValue :n0 .",
    "plus": ":S sh:targetObjectsOf :r ; sh:property :p1 . "
    ":p1 sh:path ( [ sh:oneOrMorePath [ sh:inversePath :p ] ] :q ) ; sh:maxCount 1 .",
    "optional": ":S sh:targetClass :A ; sh:property :p1 . "
    ":p1 sh:path ( [ sh:zeroOrOnePath :p ] :q ) ; sh:minCount 1 .",
    "inverse of a sequence": ":S sh:targetClass :A ; sh:property :p1 . "
    ":p1 sh:path [ sh:inversePath ( :p [ sh:inversePath :q ] ) ] ; sh:maxCount 0 .",
    "class of values": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; sh:class :B .",
    "class of the node": ":S sh:targetSubjectsOf :p ; sh:class :A .",
    "kind": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :q ; sh:nodeKind sh:Literal .",
    "equals": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; sh:equals :q .",
    "disjoint": ":S sh:targetNode :n1 , :n2 ; sh:property :p1 . "
    ":p1 sh:path ( :p :p ) ; sh:disjoint :r .",
    "less than": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :q ; sh:lessThan :r .",
    "closed": ":S sh:targetClass :B ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; "
    "sh:property :p1 . :p1 sh:path :p .",
    "node": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; sh:node :T . "
    ":T sh:property :p2 . :p2 sh:path :q ; sh:minCount 1 .",
    "closed values": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; sh:node :T . "
    ":T sh:closed true ; sh:ignoredProperties ( rdf:type :q ) .",
    "nested properties": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; "
    "sh:property :p2 . :p2 sh:path :r ; sh:maxCount 1 .",
    "not": ":S sh:targetClass :A ; sh:not :T . :T sh:property :p1 . "
    ":p1 sh:path ( :p :p ) ; sh:minCount 1 .",
    "or": ":S sh:targetClass :A ; sh:or ( :T :U ) . :T sh:property :p1 . :p1 sh:path :q ; "
    "sh:minCount 2 . :U sh:property :p2 . :p2 sh:path :p ; sh:class :C .",
    "xone": ":S sh:targetSubjectsOf :p ; sh:xone ( [ sh:class :A ] [ sh:class :C ] ) .",
    "qualified": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; "
    "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape :T . "
    ":T sh:property :p2 . :p2 sh:path [ sh:inversePath :r ] ; sh:minCount 1 .",
    "qualified and disjoint": ":S sh:targetClass :A ; sh:property :p1 , :p2 . "
    ":p1 sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ; "
    "sh:qualifiedValueShape [ sh:class :B ] . :p2 sh:path :p ; sh:qualifiedMaxCount 1 ; "
    "sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape :T . "
    ":T sh:property :p3 . :p3 sh:path :q ; sh:minCount 1 .",
    "class as a shape": ":A a owl:Class , sh:NodeShape ; sh:property :p1 . "
    ":p1 sh:path :r ; sh:minCount 1 .",
    "property shape with a target": ":S sh:targetObjectsOf :p ; sh:path :q ; sh:maxCount 0 .",
    "query": ":S sh:targetClass :A ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { $this :p ?x . ?x :q ?value . '
    'FILTER NOT EXISTS { ?y :r $this } }" .',
    "query and core": ":S sh:targetClass :A ; sh:property :p1 ; sh:sparql :c . :p1 sh:path :q ; "
    "sh:minCount 1 . :c sh:prefixes :names ; sh:select "
    '"SELECT $this WHERE { $this :p/:r ?x }" .',
    "query over any predicate": ":S sh:targetNode :n0 ; sh:sparql :c . :c sh:prefixes :names ; "
    'sh:select "SELECT $this ?value WHERE { ?value ?any $this . ?value :q ?x }" .',
    "query in a shape that is asked": ":S sh:targetClass :A ; sh:property :p1 . :p1 sh:path :p ; "
    "sh:node :T . :T sh:property :p2 ; sh:sparql :c . :p2 sh:path :q ; sh:minCount 1 . "
    ':c sh:prefixes :names ; sh:select "SELECT $this WHERE { $this :r ?x }" .',
    "aggregate": ":S sh:targetClass :A ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this WHERE { $this :p ?x . ?x :q ?n } GROUP BY $this HAVING (COUNT(?n) > 1)" .',
}

KEYED = {
    "subject": "{ SELECT DISTINCT $this ?value WHERE { ?value ?any ?x } } "
    "FILTER(ISIRI(?value) && REGEX(STR(?value), '[012]$')) FILTER NOT EXISTS { ?value a ?kind }",
    "object": "{ SELECT $this ?value WHERE { { SELECT DISTINCT $this ?value WHERE { "
    "?any ?link ?value . FILTER(ISIRI(?value)) } } FILTER NOT EXISTS { ?value :q ?x } } } "
    "?by ?path ?value .",
    "predicate": "{ SELECT DISTINCT $this ?value WHERE { ?x ?value ?y } } "
    "FILTER(?value != rdf:type) FILTER NOT EXISTS { ?z ?value :n0 }",
    "EXISTS": "?value :p ?x . FILTER(EXISTS { ?y :q ?value } && ISIRI(?value) && ?x != :n3)",
    "EXISTS with OPTIONAL": "?value :p ?x . FILTER(ISIRI(?value)) "
    "FILTER EXISTS { ?y :q ?value OPTIONAL { ?value :r ?z } FILTER(!BOUND(?z)) }",
    "OPTIONAL": "?value :p ?x . OPTIONAL { ?value :q ?y FILTER(?y != ?x) } "
    "FILTER(ISIRI(?value)) FILTER(!BOUND(?y) && BOUND(?value))",
    "UNION": "{ ?value :p ?x } UNION { ?x :q ?value } FILTER(ISIRI(?value))",
    "UNION of both": "{ ?x :p ?value FILTER(ISIRI(?value)) } UNION { ?x ?value :n1 }",
    "join": "?x :q ?value . { ?x ?value ?y } UNION { ?y ?value :n0 }",
    "focus node": "?value :p $this . $this ?any ?value . FILTER(ISIRI(?value))",
    "BIND of the key": "?x :p ?value . FILTER(ISIRI(?value)) BIND(STR(?value) AS ?path2)",
    "ISURI": "?value :p ?x . ?x :r ?value FILTER ISURI(?value)",
}
NOT_KEYED = {
    "literals": "?x :p ?value .",
    "||": "?x :p ?value . FILTER(ISIRI(?value) || ?value = 1)",
    "!": "?x :p ?value . FILTER(!ISIRI(?value))",
    "ISIRI of another": "?x :p ?value . FILTER(ISIRI(?x))",
    "ISIRI in OPTIONAL": "?x :p ?value . OPTIONAL { ?y :q ?value FILTER(ISIRI(?value)) }",
    "OPTIONAL without": "?value :p ?x . OPTIONAL { ?x :q ?y } FILTER(ISIRI(?value) && !BOUND(?y))",
    "OPTIONAL first": "OPTIONAL { ?value :p ?x } ?value :q ?y . FILTER(ISIRI(?value))",
    "OPTIONAL only": "{ ?x :q ?y } OPTIONAL { ?value :p ?x } FILTER(ISIRI(?value))",
    "EXISTS without": "?value :p ?x . FILTER(ISIRI(?value)) FILTER NOT EXISTS { ?x :q ?y }",
    "EXISTS apart": "{ ?value :p ?x } { FILTER NOT EXISTS { ?value :q ?y } } FILTER(ISIRI(?value))",
    "UNION in part": "?value :p ?x . { ?value :q ?y } UNION { ?x :q ?y } FILTER(ISIRI(?value))",
    "UNION with less": "{ ?x :p ?value FILTER(ISIRI(?value)) } UNION { ?x :q ?value }",
    "path": "?value :p/:q ?x . FILTER(ISIRI(?value))",
    "inverse path": "?value ^:p ?x . FILTER(ISIRI(?value))",
    "BIND": "?x :p ?y . BIND(?y AS ?value) FILTER(ISIRI(?value))",
    "inner variable": "?value :p ?x . { SELECT $this ?x WHERE { ?value :q ?x } } "
    "FILTER(ISIRI(?value))",
    "inner COUNT": "{ SELECT $this ?value (COUNT(?x) AS ?n) WHERE { ?x :p ?value } "
    "GROUP BY $this ?value } FILTER(?n > 1 && ISIRI(?value))",
}
SHAPES |= {
    name: f":S sh:targetNode :n0 , :n9 ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    f'"SELECT $this ?value {path}WHERE {{ {body} }}" .'
    for name, body in (KEYED | NOT_KEYED).items()
    for path in ["?by ?path " if "?path " in body else ""]
}
SHAPES |= {
    "COUNT": ":S sh:targetNode :n0 ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { ?x :p ?value FILTER(ISIRI(?value)) } '
    'GROUP BY $this ?value HAVING (COUNT(?x) > 1)" .',
    "another as value": ":S sh:targetNode :n0 ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this (?x AS ?value) WHERE { ?x :p ?y FILTER(ISIRI(?x)) }" .',
    "key not selected": ":S sh:targetNode :n0 ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?x WHERE { ?value :p ?x FILTER(ISIRI(?value)) }" .',
    "target class": ":S sh:targetClass :A ; sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { ?value :p ?x FILTER(ISIRI(?value)) }" .',
    "keyed and not": ":S sh:targetNode :n0 ; sh:sparql :c , :d ; sh:property :p1 . "
    ":p1 sh:path :p ; sh:minCount 1 . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { ?value :q ?x FILTER(ISIRI(?value)) }" . '
    ":d sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { $this :r ?x . ?x :q ?value }" .',
    "keyed by a property": ":S sh:targetNode :n0 , :n9 ; sh:property :p1 . :p1 sh:path :p ; "
    "sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { $this $PATH ?value . ?value :q ?x FILTER(ISIRI(?value)) }" .',
    "keyed by a path": ":S sh:targetNode :n0 ; sh:property :p1 . :p1 sh:path ( :p :q ) ; "
    "sh:sparql :c . :c sh:prefixes :names ; sh:select "
    '"SELECT $this ?value WHERE { $this $PATH ?value . FILTER(ISIRI(?value)) }" .',
}

NODES = [NamedNode(f"{EX}n{number}") for number in range(4)]
PREDICATES = [NamedNode(f"{EX}{name}") for name in "pqr"]
CLASSES = [NamedNode(f"{EX}{name}") for name in "ABC"]
BLANK = BlankNode("b")
VALUES = [*NODES, Literal(1), Literal(2), Literal("x"), PREDICATES[0], BLANK]

links = st.builds(
    Triple, st.sampled_from([*NODES, BLANK]), st.sampled_from(PREDICATES), st.sampled_from(VALUES)
)
kinds = st.builds(Triple, st.sampled_from(NODES), st.just(RDF("type")), st.sampled_from(CLASSES))
classes = st.builds(
    Triple, st.sampled_from(CLASSES), st.just(RDFS("subClassOf")), st.sampled_from(CLASSES)
)
graphs = st.sets(st.one_of(links, links, links, kinds, kinds), max_size=16)
hierarchies = st.sets(classes, max_size=2)
changes = st.sets(st.one_of(links, links, kinds, kinds, classes), max_size=3)


def shapes(*names: str) -> list[Quad]:
    """The shapes of these names, each with its own names for its parts."""
    text = PREFIXES
    for number, name in enumerate(names):
        own = SHAPES[name]
        for part in ("S", "T", "U", "c", "d", "p1", "p2", "p3"):
            own = own.replace(f":{part} ", f":shape{number}{part} ")
            own = own.replace(f":{part}\n", f":shape{number}{part}\n")
        text += own + "\n"
    return list(parse(text, RdfFormat.TURTLE))


def full(data: Iterable[Triple], found: Iterable[Quad | Triple]) -> set[object]:
    return {key(result) for result in validate(data, shapes=found).results}


def store_of(data: Iterable[Triple]) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in data)
    return store


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    names=st.lists(st.sampled_from(sorted(SHAPES)), min_size=1, max_size=3, unique=True),
    before=graphs,
    hierarchy=hierarchies,
    added=changes,
    removed=st.sets(st.integers(0, 20), max_size=2),
)
def test_the_verdict_is_that_of_a_full_validation(names, before, hierarchy, added, removed) -> None:
    given_shapes = shapes(*names)
    before = before | hierarchy
    ordered = sorted(before, key=str)
    removed = {ordered[n] for n in removed if n < len(ordered)}
    after = (before - removed) | added
    changed = before ^ after

    made = Rules(given_shapes)
    affected = made.affected(store_of(before | after), changed)
    old = {key(result) for result in made.judge(store_of(before), affected)}
    new = {key(result) for result in made.judge(store_of(after), affected)}

    was, now = full(before, given_shapes), full(after, given_shapes)
    assert new - old == now - was
    assert old - new == was - now


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_shape_is_kept_by_some_data_and_broken_by_others(name: str) -> None:
    """The property above would hold of shapes that nothing breaks, too."""
    found = shapes(name)
    candidates = [Triple(s, p, o) for s in NODES for p in PREDICATES for o in VALUES]
    candidates += [Triple(node, RDF("type"), kind) for node in NODES for kind in CLASSES] * 2
    choice = Random(1)
    verdicts: set[bool] = set()
    for size in (3, 12, 40) * 30:
        if len(verdicts) < 2:
            verdicts.add(bool(full(choice.sample(candidates, size), found)))
    assert verdicts == {True, False}


def test_a_change_elsewhere_affects_nothing() -> None:
    rules = Rules(shapes("sequence", "query"))
    data = {Triple(NODES[0], PREDICATES[2], NODES[1])}
    assert not rules.affected(store_of(data), {Triple(NODES[0], NamedNode(f"{EX}other"), NODES[1])})


def test_only_what_the_path_leads_back_to_is_affected() -> None:
    rules = Rules(shapes("sequence"))
    kind, p, q = Triple(NODES[0], RDF("type"), CLASSES[1]), PREDICATES[0], PREDICATES[1]
    changed = Triple(NODES[1], q, Literal(1))
    data = {kind, Triple(NODES[0], p, NODES[1]), Triple(NODES[2], p, NODES[1]), changed}
    found = rules.affected(store_of(data), {changed})
    assert found == Affected(near={NamedNode(f"{EX}shape0S"): frozenset({NODES[0]})})


def test_a_change_of_the_classes_affects_everything() -> None:
    rules = Rules(shapes("count"))
    changed = Triple(CLASSES[1], RDFS("subClassOf"), CLASSES[0])
    assert rules.affected(store_of({changed}), {changed}).everything


def test_nodes_that_come_to_be_described_are_judged_by_the_shapes_that_they_are_aimed_at() -> None:
    rules = Rules(shapes("count", "query"))
    kind = Triple(NODES[0], RDF("type"), CLASSES[0])
    found = rules.affected(store_of({kind}), (), described=(NODES[0], NODES[1]))
    only = frozenset({NODES[0]})
    count, query = NamedNode(f"{EX}shape0S"), NamedNode(f"{EX}shape1S")
    assert found.near[count] == only
    assert found.far == {query: only}
    assert {result.shape.value for result in rules.judge(store_of({kind}), found)} == {
        f"{EX}shape0p1"
    }


@pytest.mark.parametrize("name", [*KEYED, "keyed and not", "keyed by a property"])
def test_a_query_is_asked_about_single_values(name: str) -> None:
    (rule,) = rules(ShapesGraph(shapes(name)))
    assert len(rule.keyed) == 1
    assert (rule.queries is None) == (name != "keyed and not")


@pytest.mark.parametrize("name", [*sorted(SHAPES.keys() - KEYED)])
def test_a_query_is_not_asked_about_single_values(name: str) -> None:
    (rule,) = rules(ShapesGraph(shapes(name)))
    assert not rule.keyed or name in {"keyed and not", "keyed by a property"}
    assert not rules(ShapesGraph(shapes("subject")), keys=False)[0].keyed


def test_shapes_without_targets_judge_nothing() -> None:
    assert Rules(shapes("count")).has_targets
    assert not Rules(shapes("count")[-1:]).has_targets
