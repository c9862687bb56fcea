"""The verdict on a write is that of a full validation before it and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from econsec.engine.writing.changes import Snapshot
from econsec.engine.writing.failures import NotConforming
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.protection import Setting, put, remove
from econsec.engine.writing.requests import UpdateWrite
from econsec.engine.writing.validation import Validator, check_load
from econsec.engine.writing.watching import Watch
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import VOID_GRAPH
from econsec.knowledge.reports import Severity
from econsec.knowledge.reports.report import spelt
from econsec.knowledge.shapes import validate
from econsec.knowledge.shapes.incremental import Key, key
from econsec.rdf.namespaces import BASE, ES, RDF, RDFS

EX = "http://example.org/"
DATASET = NamedNode(f"{BASE}data")
FIRST, SECOND, FREE, APART = (NamedNode(f"{EX}graph/{n}") for n in ("1", "2", "free", "apart"))
PREFIXES = f"""@prefix : <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:names sh:declare [ sh:prefix "" ; sh:namespace "{EX}"^^xsd:anyURI ] .
"""
SHAPES = {
    FIRST: """
:S sh:targetClass :A ; sh:property :p1 , :p2 ; sh:sparql :c .
:p1 sh:path :p ; sh:minCount 1 .
:p2 sh:path ( :p :q ) ; sh:maxCount 1 ; sh:severity sh:Warning .
:c sh:prefixes :names ; sh:select "SELECT $this ?value WHERE { $this :q ?x . ?value :q ?x .
    FILTER (?value != $this) }" .
""".replace("\n    ", " "),
    SECOND: f"""
:T sh:targetSubjectsOf :q ; sh:property :p3 .
:p3 sh:path [ sh:inversePath :p ] ; sh:class :A .
:D sh:targetNode <{DATASET.value}> ; sh:sparql :d .
:d sh:prefixes :names ; sh:select "SELECT $this ?value WHERE {{ ?value :p ?value }}" .
""",
}
NODES = [NamedNode(f"{EX}n{number}") for number in range(3)]
PREDICATES = [NamedNode(f"{EX}{name}") for name in "pqr"]
CLASSES = [NamedNode(f"{EX}{name}") for name in "AB"]
GRAPHS = [FIRST, SECOND, FREE, APART]

CHANGES = ("EDIT",) * 15 + ("ADD", "COPY", "MOVE", "CLEAR", "DROP")


def quad(choice: Random) -> Quad:
    """A link, a class of a node, or, seldom, a class below another."""
    node, graph = choice.choice(NODES), choice.choice(GRAPHS)
    kind = choice.random()
    if kind < 0.03:
        return Quad(CLASSES[1], RDFS("subClassOf"), CLASSES[0], FREE)
    if kind < 0.3:
        return Quad(node, RDF("type"), choice.choice(CLASSES), graph)
    return Quad(node, choice.choice(PREDICATES), choice.choice([*NODES, Literal(1)]), graph)


def shapes_of(graph: NamedNode) -> list[Quad]:
    return list(ox.parse(PREFIXES + SHAPES[graph], RdfFormat.TURTLE))


def setting_of(graph: NamedNode) -> Setting:
    text = ox.serialize((quad.triple for quad in shapes_of(graph)), format=RdfFormat.N_TRIPLES)
    assert text is not None
    return Setting(graph, shapes=text.decode())


def store_of(content: Iterable[Quad]) -> ox.Store:
    """A store with two graphs under validation, and one that is no part of the merge."""
    store = ox.Store()
    store.add(Quad(APART, ES("graphRole"), ES("NamedOnlyGraph"), VOID_GRAPH))
    for graph in GRAPHS:
        store.add_graph(graph)
    store.extend(content)
    for graph in SHAPES:
        put(store, setting_of(graph))
    return store


def write(store: ox.Store, choice: Random) -> None:
    """Some change."""
    kind, (one, other) = choice.choice(CHANGES), choice.sample(GRAPHS, 2)
    if kind == "EDIT":
        present = sorted((each for each in store if each.graph_name in GRAPHS), key=str)
        for each in choice.sample(present, min(choice.randrange(3), len(present))):
            store.remove(each)
        store.extend(quad(choice) for _ in range(choice.randrange(6)))
    elif kind in {"CLEAR", "DROP"}:
        store.update(f"{kind} SILENT GRAPH {one}")
    else:
        store.update(f"{kind} SILENT GRAPH {one} TO GRAPH {other}")


def violations(store: ox.Store) -> set[tuple[NamedNode, Key]]:
    """By a validation of all the merged data, what violates the shapes of a graph in it."""
    merge = {
        quad.triple for quad in store if quad.graph_name in set(GRAPHS) and quad.graph_name != APART
    }
    found = set()
    for graph in SHAPES:
        here = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        terms = {term for each in here for term in (each.subject, each.predicate, each.object)}
        for result in validate(merge, shapes=shapes_of(graph)).results:
            is_here = (
                result.value in terms
                if result.focus == DATASET
                else any(each.subject == result.focus for each in here)
            )
            if is_here and result.severity is Severity.VIOLATION:
                found.add((graph, key(result)))
    return found


@pytest.mark.parametrize("most", [1_000, 0], ids=["what is affected", "everything"])
@pytest.mark.parametrize("seed", range(4))
def test_the_verdict_is_that_of_a_full_validation(seed: int, most: int) -> None:
    choice, limits = Random(seed), WriteLimits(max_incremental_triples=most)
    store = store_of(quad(choice) for _ in range(12))
    validator = Validator(limits)
    validator.prepare(store)
    refused = 0
    for _ in range(30):
        before, quads = violations(store), set(store)
        earlier = ox.Store()
        earlier.extend(quads)
        snapshot = Snapshot.of(store, None, with_default=False)
        write(store, choice)
        new = violations(store) - before
        changes = snapshot.changes(store)
        for check in (
            lambda: check_load(earlier, store, limits),  # noqa: B023 — it is called at once
            lambda: validator.check(store, changes),  # noqa: B023
        ):
            assert found_by(check) == {(graph.value, spelt(each.focus)) for graph, each in new}
        if new:
            refused += 1
            changes.undo(store)
            assert set(store) == quads
    assert 2 < refused < 27


def found_by(check: Callable[[], None]) -> set[tuple[str, str]]:
    """The graphs and focus nodes of the violations for which a write is refused."""
    try:
        check()
    except NotConforming as refusal:
        assert refusal.report is not None
        return {(each["graph"], each["focusNode"]) for each in refusal.report["results"]}
    return set()


UPDATES = (
    "INSERT DATA { GRAPH ONE { QUAD } }",
    "DELETE DATA { GRAPH ONE { QUAD } }",
    "DELETE WHERE { GRAPH ONE { NODE ?p ?o } }",
    "DELETE WHERE { GRAPH ONE { ?s LINK ?o } }",
    "WITH ONE DELETE { ?s LINK ?o } INSERT { ?s :r ?o } WHERE { ?s LINK ?o }",
    "INSERT { GRAPH ONE { ?s ?p ?o } } WHERE { GRAPH OTHER { ?s ?p ?o . ?s LINK ?x } }",
    "INSERT { GRAPH ONE { ?s a :A } } WHERE { GRAPH OTHER { ?s LINK ?x } }",
    "DELETE { GRAPH ?g { NODE ?p ?o } } WHERE { GRAPH ?g { NODE ?p ?o } FILTER (?g != VOID) }",
    "WITH ONE INSERT { ?s LINK [] } WHERE { SELECT ?s { ?s a ?k } ORDER BY ?s LIMIT 2 }",
    "INSERT DATA { GRAPH ONE { QUAD } } ; DELETE WHERE { GRAPH OTHER { NODE ?p ?o } }",
    "COPY SILENT ONE TO OTHER",
    "CLEAR SILENT GRAPH ONE",
)


def update(choice: Random) -> str:
    """Some update in words."""
    found, (one, other) = quad(choice), choice.sample(GRAPHS, 2)
    text = choice.choice(UPDATES)
    for name, term in {
        "QUAD": found.triple,
        "ONE": one,
        "OTHER": other,
        "NODE": choice.choice(NODES),
        "LINK": choice.choice(PREDICATES),
        "VOID": VOID_GRAPH,
    }.items():
        text = text.replace(name, str(term))
    return f"PREFIX : <{EX}> {text}"


def some(choice: Random) -> list[Quad]:
    return [quad(choice) for _ in range(14)]


@pytest.mark.parametrize("seed", range(6))
def test_the_verdict_on_an_update_is_that_of_a_full_validation(seed: int) -> None:
    """However the store came to be what it is: by writes refused, broken off, or not watched."""
    choice = Random(seed)
    store = store_of(some(choice))
    watch = Watch(WriteLimits())
    verdicts: list[bool] = []
    for number in range(40):
        text = update(choice)
        if number % 8 == 5:
            broken_off(watch, store, text)
        if number % 8 == 7:
            for graph in SHAPES:
                remove(store, graph)
            many = " ".join(f"GRAPH {q.graph_name} {{ {q.triple} }}" for q in some(choice))
            watched(watch, store, f"INSERT DATA {{ {many} }}")
            for graph in SHAPES:
                put(store, setting_of(graph))
            continue
        before, quads = violations(store), set(store)
        wanted = ox.Store()
        wanted.extend(quads)
        wanted.update(text)
        new = violations(wanted) - before
        found = found_by(lambda: watched(watch, store, text))  # noqa: B023 — it is called at once
        assert found == {(graph.value, spelt(each.focus)) for graph, each in new}, text
        if "[]" not in text or new:
            assert set(store) == (quads if new else set(wanted)), text
        verdicts.append(bool(new))
    assert 0 < sum(verdicts) < len(verdicts)


def watched(watch: Watch, store: ox.Store, text: str) -> None:
    write = UpdateWrite(agent="tester", request_id="r", text=text, graphs=None)
    with watch.over(store, write, graphs=None):
        store.update(text)


def broken_off(watch: Watch, store: ox.Store, text: str) -> None:
    """A write that changes nothing, for it fails."""
    write = UpdateWrite(agent="tester", request_id="r", text=text, graphs=None)
    with pytest.raises(InvalidInput), watch.over(store, write, graphs=None):
        raise InvalidInput("it cannot be carried out")
