"""What an update with a WHERE can change is known beforehand, as if the graphs were compared."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from writes import EX, G, update

from econsec.engine.writing.applying import apply
from econsec.engine.writing.changes import Snapshot
from econsec.engine.writing.foreseen import Foreseen
from econsec.engine.writing.templates import Modification
from econsec.errors import InvalidInput
from econsec.rdf.namespaces import XSD

OTHER, NEW = f"{EX}other", f"{EX}new"
NODES = [*(NamedNode(f"{EX}n{number}") for number in range(3)), BlankNode("b"), BlankNode("c")]
PREDICATES = [NamedNode(f"{EX}{name}") for name in "pq"]
VALUES = [*NODES, Literal(1), Literal("1.50", datatype=XSD("decimal")), Literal("x", language="en")]
GRAPHS = [NamedNode(G), NamedNode(OTHER), DefaultGraph()]

PATTERNS = [
    "?s ex:p ?o",
    "?s ?p ?o",
    f"GRAPH <{OTHER}> {{ ?s ex:q ?o }}",
    "GRAPH ?g { ?s ex:p ?o } ?o ?q ?n",
    "?s ex:p/ex:q* ?o OPTIONAL { ?o ex:q ?n }",
    "{ ?s ex:p ?o } UNION { GRAPH ex:g { ?s ex:q ?n } }",
    "?s ex:p ?o FILTER NOT EXISTS { ?o ex:q ?n }",
    "?s ex:p ?o . BIND (?o + 1 AS ?n) # } {",
    "?s ?p ?o FILTER (ISBLANK(?s) || STR(?o) = '{ RAND() }')",
    "VALUES (?s ?o) { (ex:n0 1.5) (ex:n1 UNDEF) } ?s ?p ?o",
    "[] ex:p ?s . MINUS { ?s ex:q _:x }",
    "?s ex:none ?o",
    "",
]
TRIPLES = [
    "?s ex:p ?o",
    "?s ?p ?o .",
    "?s ex:q 1.50 , 'x'@EN ; a ex:Thing ;",
    "?o ex:p ?s . ex:n0 ex:q ?n .",
    "ex:n1 ex:p true , -1 , '2020-01-01'^^<http://www.w3.org/2001/XMLSchema#date> # }",
    "",
]
HOLDERS = [
    "{t}",
    "GRAPH ex:g {{ {t}\n}}",
    f"GRAPH <{OTHER}> {{{{ {{t}}\n}}}}",
    f"graph <{NEW}> {{{{ {{t}}\n}}}} .",
    "?s ex:q ?o . GRAPH ex:g {{ {t}\n}} . ex:n2 ex:p ?o . GRAPH ex:other {{ ?s ?p ?s }}",
]
quads = st.builds(
    Quad,
    st.sampled_from(NODES),
    st.sampled_from(PREDICATES),
    st.sampled_from(VALUES),
    st.sampled_from(GRAPHS),
)
templates = st.builds(
    lambda holder, triples: "{ " + holder.format(t=triples) + "\n}",
    st.sampled_from(HOLDERS),
    st.sampled_from(TRIPLES),
)
texts = st.one_of(
    st.builds(
        lambda start, deleted, inserted, where: (
            f"{start} DELETE {deleted} INSERT {inserted} WHERE {{ {where}\n}}"
        ),
        st.sampled_from(["", "WITH ex:g", f"with <{OTHER}>", f"WITH <{NEW}>"]),
        templates,
        templates,
        st.sampled_from(PATTERNS),
    ),
    st.builds(
        lambda start, kind, template, where: f"{start} {kind} {template} WHERE {{ {where}\n}} ;",
        st.sampled_from(["", "WITH ex:g", f"BASE <{EX}> WITH <other>"]),
        st.sampled_from(["DELETE", "INSERT", "insert"]),
        templates,
        st.sampled_from(PATTERNS),
    ),
    st.builds(lambda template: f"DELETE WHERE {template}", templates),
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.sets(quads, min_size=4, max_size=20), text=texts)
def test_it_is_what_a_comparison_of_the_graphs_sees(content: set[Quad], text: str) -> None:
    store = ox.Store()
    for graph in GRAPHS[:2]:
        store.add_graph(graph)
    store.extend(content)
    before, graphs = set(store), set(store.named_graphs())
    write = update(text, opaque=True)
    try:
        foreseen = Foreseen.of(store, write)
        snapshot = Snapshot.of(store, None, with_default=True)
        apply(store, write, tag="", max_merge=1_000)
    except InvalidInput:
        assert foreseen is None
        return
    assert foreseen is not None
    found, expected = foreseen.changes(store), snapshot.changes(store)
    assert set(found.added) == set(expected.added)
    assert set(found.removed) == set(expected.removed)
    assert (found.made, found.dropped) == (expected.made, expected.dropped)
    found.undo(store)
    assert (set(store), set(store.named_graphs())) == (before, graphs)


WHERE = "WHERE { GRAPH ex:g { ?s ?p ?o } }"
KNOWN = f"INSERT {{ GRAPH ex:g {{ ?o ?p ?s }} }} {WHERE}"


@pytest.mark.parametrize(
    "text",
    [
        KNOWN.replace("?o ?p ?s", "?o ?p []"),
        KNOWN.replace("?o ?p ?s", "_:b ?p ?s"),
        KNOWN.replace("?o ?p ?s", "?o ?p ( ?s )"),
        KNOWN.replace("?o ?p ?s", "?o ?p ?s {| ex:p 1 |}"),
        KNOWN.replace("?o ?p ?s", "?o ?p << ?s ex:p 1 >>"),
        KNOWN.replace("GRAPH ex:g { ?o", "GRAPH ?s { ?o", 1),
        KNOWN.replace("?s ?p ?o", "?s ?p ?o BIND (RAND() AS ?x)"),
        KNOWN.replace("?s ?p ?o", "?s ?p ?x BIND (now() AS ?o)"),
        KNOWN.replace("?s ?p ?o", "?x ?p ?o BIND (STRUUID() AS ?s)"),
        KNOWN.replace("?s ?p ?o", "?x ?p ?o BIND (BNODE() AS ?s)"),
        KNOWN.replace("?s ?p ?o", "{ SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1 }"),
        KNOWN.replace("WHERE", "USING ex:g WHERE"),
        f"{KNOWN} ; {KNOWN}",
        f"{KNOWN} ; CLEAR GRAPH ex:g",
        f"INSERT DATA {{ GRAPH ex:g {{ ex:x ex:p 1 }} }} ; {KNOWN}",
        "CLEAR GRAPH ex:g",
        "COPY ex:g TO ex:other",
        "",
    ],
)
def test_of_other_updates_nothing_is_known(text: str) -> None:
    assert Modification.of(update(KNOWN)) is not None
    assert Modification.of(update(text)) is None


def test_of_a_data_set_of_the_request_nothing_is_known() -> None:
    assert Modification.of(update(KNOWN, using_graphs=(G,))) is None
    assert Modification.of(update(KNOWN, using_named=(G,))) is None


def test_what_changes_very_much_is_not_asked_for_beforehand() -> None:
    store = ox.Store()
    store.extend(
        Quad(NODES[0], PREDICATES[0], Literal(number), GRAPHS[0]) for number in range(10_001)
    )
    modification = Modification.of(update(f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"))
    assert modification is not None
    assert modification.quads(store) is None
    store.remove(Quad(NODES[0], PREDICATES[0], Literal(7), GRAPHS[0]))
    assert len(modification.quads(store) or ()) == 10_000


def test_many_spellings_of_one_term_are_many() -> None:
    digits = " ".join(f"'{'0' * number}'" for number in range(1, 21))
    values = " ".join(f"VALUES ?{name} {{ {digits} }}" for name in "abcd")
    spelt = 'TRIPLE(ex:a, ex:p, STRDT(CONCAT(?a, ?b, ?c, ?d, "1"), xsd:integer))'
    text = (
        f"DELETE {{ GRAPH <{OTHER}> {{ ex:a ex:q ?t }} }} "
        f"INSERT {{ GRAPH <{G}> {{ ex:x a ex:T }} }} WHERE {{ {values} BIND({spelt} AS ?t) }}"
    )
    modification = Modification.of(update(text))
    assert modification is not None
    assert modification.quads(ox.Store()) is None  # and not that of the deletion alone


def test_an_update_of_very_many_graphs_is_not_evaluated_for_each_beforehand() -> None:
    for graphs, is_known in ((5, True), (6, False)):
        templates = " ".join(f"GRAPH ex:g{number} {{ ?s ?p ?o }}" for number in range(graphs))
        modification = Modification.of(update(f"INSERT {{ {templates} }} {WHERE}"))
        assert modification is not None
        assert (modification.quads(ox.Store()) is not None) is is_known


def test_the_base_is_that_of_the_request_and_of_the_text() -> None:
    store = ox.Store()
    store.add(Quad(NODES[0], PREDICATES[0], Literal(1), NamedNode(f"{EX}a/b/g")))
    text = "BASE <b/> WITH <g> DELETE { <../../n0> ?p 1 } WHERE { <../../n0> ?p 1 }"
    modification = Modification.of(update(text, base=f"{EX}a/"))
    assert modification is not None
    assert modification.quads(store) == frozenset(store)
