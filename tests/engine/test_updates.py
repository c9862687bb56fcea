"""The guard reads an update as the engine does: nothing that it may change goes unnamed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from econsec.engine.complexity import TooComplex, TooDeep
from econsec.engine.updates import UpdateTooLong, UpdateTraits, check_update
from econsec.errors import EconSecError, InvalidInput, Refused
from econsec.rdf.namespaces import PREFIXES
from econsec.settings import Settings

SETTINGS = Settings()
EX = "PREFIX ex: <x:/> "
BASE = "http://h/x/y"


def graphs(text: str, *, base: str | None = None) -> frozenset[str | None] | None:
    return check_update(text, SETTINGS, base=base).graphs


def carried_out(text: str, *, base: str | None = None) -> bool:
    """Whether the engine's parser takes the text."""
    try:
        ox.Store().update(text, prefixes=PREFIXES, base_iri=base)
    except SyntaxError:
        return False
    except (RuntimeError, OSError):  # a graph that is not there, found after parsing
        return True
    return True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("", set()), ("# nothing", set()), (";", set()), (EX + ";", set()), (EX, set())),
        ("INSERT DATA { <x:a> <x:b> 1 }", {None}),
        ("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } . }", {"x:g"}),
        ("INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } <x:a> a 'x' }", {None, "x:g"}),
        ("insert data{graph<x:g>{<x:a><x:b>1}graph<x:h>{}}", {"x:g", "x:h"}),
        ("INSERT DATA { <x:a> <x:b> true.GRAPH<x:g>{<x:a> <x:b> 1} }", {None, "x:g"}),
        ("INSERT DATA { GRAPH <x:g> { [] <x:b> (1 [ <x:c> 2 ]), 'GRAPH <x:h> {' } }", {"x:g"}),
        ("INSERT DATA { [ <x:a> 1 ] . GRAPH <x:g> {} }", {None, "x:g"}),
        ("INSERT DATA { <x:a> <x:b> 1 {| <x:c> 2 |} ~ <x:r> }", {None}),
        ("INSERT DATA { GRAPH <x:g> { << <x:a> <x:b> 1 >> <x:c> 2 {| <x:d> 3 |} } }", {"x:g"}),
        ("DELETE DATA { GRAPH <x:g> { <x:a> <x:b> 1 } } ; CLEAR DEFAULT ;", {None, "x:g"}),
        ("DELETE WHERE { GRAPH <x:g> { ?s ?p ?o } }", {"x:g"}),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", None),
        ("DELETE { ?s ?p ?o } WHERE { GRAPH <x:g> { ?s ?p ?o } }", {None}),
        ("DELETE { GRAPH <x:g> {} } INSERT { GRAPH <x:h> {} } WHERE {}", {"x:g", "x:h"}),
        ("INSERT { GRAPH $g { <x:a> <x:b> 1 } } WHERE { VALUES $g { <x:z> } }", None),
        (
            "WITH <x:w> DELETE { ?s ?p 1 } INSERT { GRAPH <x:v> {} } WHERE { ?s ?p ?o }",
            {"x:w", "x:v"},
        ),
        ("WITH <x:w> INSERT { GRAPH <x:v> { <x:a> <x:b> 1 } } WHERE {}", {"x:v"}),
        ("INSERT { <x:a> <x:b> 1 } USING <x:u> USING NAMED <x:n> WHERE {}", {None}),
        ("CLEAR GRAPH <x:a>; DROP SILENT GRAPH <x:b>; CREATE GRAPH <x:c>", {"x:a", "x:b", "x:c"}),
        *(
            ("CLEAR ALL", None),
            ("DROP SILENT NAMED", None),
            ("CREATE GRAPH <x:a>; CLEAR NAMED", None),
        ),
        ("DROP DEFAULT", {None}),
        ("ADD <x:a> TO <x:b>; COPY SILENT GRAPH <x:c> TO DEFAULT", {"x:b", None}),
        ("MOVE <x:a> TO GRAPH <x:b>; MOVE DEFAULT TO <x:c>", {"x:a", "x:b", "x:c", None}),
        (
            "BASE <http://h/a/> PREFIX : <b#> INSERT DATA { GRAPH :c {} GRAPH <../d> {} }",
            {"http://h/a/b#c", "http://h/d"},
        ),
        ("CREATE GRAPH graph:void", {"https://w3id.org/econsec/graph/void"}),
        ("CREATE GRAPH <\\u0078:g>", {"x:g"}),
    ],
)
def test_the_graphs_that_may_change(text: str, expected: set[str | None] | None) -> None:
    assert carried_out(text)
    assert graphs(text) == expected


def test_relative_iris_need_a_base() -> None:
    text = "INSERT DATA { GRAPH <g> { <a> <b> <c> } }"
    assert graphs(text, base=BASE) == {"http://h/x/g"}
    with pytest.raises(InvalidInput, match="<g> is not a valid IRI"):
        graphs(text)
    with pytest.raises(InvalidInput, match="'here' is not an absolute IRI"):
        graphs("CLEAR ALL", base="here")


@pytest.mark.parametrize(
    ("text", "line", "column", "detail"),
    [
        ("SELECT * {}", 1, 1, "this is a query"),
        ("PREFIX a: <x:>\n ask {}", 2, 2, "this is a query"),
        ("CLEAR ALL;;", 1, 11, "expected an update, found ;"),
        (";CLEAR ALL", 1, 2, "expected the end of the update, found CLEAR"),
        ("CLEAR ALL CLEAR ALL", 1, 11, "expected ;, found CLEAR"),
        ("CLEAR ALL;\nPREFIX a: <x:> CLEAR ALL", 2, 1, "no PREFIX after a semicolon"),
        ("INSERT DATA <x:a>", 1, 13, "expected {, found <x:a>"),
        ("INSERT { ?s ?p ?o }", 1, 20, "expected WHERE, found the end of the text"),
        ("WITH <x:g> DELETE WHERE {}", 1, 19, "expected {, found WHERE"),
        ("WITH <x:g> CLEAR ALL", 1, 12, "expected DELETE or INSERT, found CLEAR"),
        ("DELETE { GRAPH { } } WHERE {}", 1, 16, "expected the name of a graph, found {"),
        ("CLEAR <x:g>", 1, 7, "expected GRAPH, DEFAULT, NAMED or ALL"),
        ("COPY <x:g>", 1, 11, "expected TO, found the end"),
        ("CREATE GRAPH", 1, 13, "expected the IRI of a graph, found the end"),
    ],
)
def test_what_is_no_update_is_placed(text: str, line: int, column: int, detail: str) -> None:
    assert not carried_out(text)
    with pytest.raises(InvalidInput, match=detail) as caught:
        graphs(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.status == 400


RUN_TOGETHER = [
    "CLEARALL",
    "INSERTDATA{<x:a><x:b>1}",
    EX + "CREATE GRAPHex:g",
    EX + "PREFIX GRAPHex: <x:q> COPY GRAPHex:a TO <x:b>",
    EX + "PREFIX GRAPHex: <x:q> INSERT DATA { GRAPHex:g { ex:a ex:b 1 } }",
    "PREFIX GRAPH: <x:q> PREFIX : <x:/> INSERT DATA { GRAPH:g { :a :b 1 } }",
    EX + "PREFIX SILENTex: <x:q> MOVE SILENTex:a TO <x:b>",
    EX + "PREFIX DEFAULTTOex: <x:q> ADD DEFAULTTOex:c",
]


@pytest.mark.parametrize("text", RUN_TOGETHER)
def test_what_the_engine_cuts_in_two_is_refused(text: str) -> None:
    assert carried_out(text)
    with pytest.raises(InvalidInput):
        graphs(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("LOAD <http://127.0.0.1:9/>", "LOAD <http://127.0.0.1:9/>"),
        ("CLEAR ALL ;\nload silent <x:a> INTO GRAPH <x:g>", "LOAD <x:a>"),
        ("LOADSILENT<x:a>", "LOAD <x:a>"),
        (EX + "LOAD ex:a", "LOAD <x:/a>"),
        ("INSERT {} WHERE { SERVICE SILENT ?s {} }", "SERVICE ?s"),
        ("DELETE {} WHERE { FILTER(EXISTS{SERVICE<x:a>{}}) }", "SERVICE <x:a>"),
        ("INSERT {} WHERE { { SELECT * { ?s ?p trueSERVICE<x:a>{} } } }", "SERVICE <x:a>"),
    ],
)
def test_reaching_out_is_refused(text: str, what: str) -> None:
    with pytest.raises(Refused) as caught:
        graphs(text)
    assert caught.value.detail == f"{what} is not on the allow-list"
    assert caught.value.status == 403
    assert caught.value.line is not None


@pytest.mark.parametrize(
    "text", ["WITH <x:g> INSERT {} WHERE {}", "CLEAR ALL; DELETE {} USING <x:g> WHERE {}"]
)
def test_a_data_set_is_named_once(text: str) -> None:
    assert check_update(text, SETTINGS).names_dataset
    with pytest.raises(InvalidInput, match="cannot stand beside using-graph-uri"):
        check_update(text, SETTINGS, protocol_graphs=["x:h"])
    plain = check_update("DELETE WHERE { ?s ?p ?o }", SETTINGS, protocol_graphs=["x:h"])
    assert plain == UpdateTraits(graphs=frozenset({None}), names_dataset=False)


def test_the_size_is_measured_in_bytes() -> None:
    settings = Settings(max_update_bytes=11)
    assert check_update("CLEAR ALL#あ".replace("ALL#あ", "ALL#a"), settings).graphs is None
    with pytest.raises(UpdateTooLong, match="13 bytes; the limit max_update_bytes is 11") as caught:
        check_update("CLEAR ALL#あ", settings)
    assert (caught.value.status, caught.value.limit) == (413, "max_update_bytes")


def test_data_are_no_patterns_however_much_there_is() -> None:
    rows = "".join(
        f"<x:s{i}> <x:p> {i}, 'a'@en-GB ; <x:q> es:a, ex:é, _:b{i} .\n" for i in range(20_000)
    )
    assert graphs(EX + "INSERT DATA { GRAPH <x:g> {" + rows + "} }") == {"x:g"}
    assert graphs("INSERT DATA { <x:a> <x:b> (" + "1 " * 20_000 + ") }") == {None}
    values = "INSERT { ?s <x:b> 1 } WHERE { VALUES ?s {" + "<x:a> " * 20_000 + "} }"
    assert graphs(values) == {None}


def test_limits_are_those_of_each_operation() -> None:
    operation = "DELETE WHERE { " + "?s ?p ?o . " * 80 + "}"
    assert graphs(";".join([operation] * 50)) == {None}
    with pytest.raises(TooComplex, match="the update has more triple patterns") as caught:
        graphs(operation + ";\n" + operation.replace("}", "?s ?p ?o }"))
    assert caught.value.line == 2
    nested = "INSERT DATA { <x:a> <x:b> " + "(" * 63 + "1" + ")" * 63 + " }"
    assert graphs(nested) == {None}
    with pytest.raises(TooDeep):
        graphs(nested.replace("(1)", "((1))"))


NAMES = ("<x:g0>", "<x:g1>", "ex:g2", "<g3>", "<\\u0078:g0>", "?g")
TRIPLES = ("<x:s> <x:p> 1 .", "?s ?p ?o .", "<x:s> a ex:C", "<x:s> ?p 2 ; ?p 1", "[] <x:p> ()", "")


def update(chance: random.Random) -> str:
    return "BASE <x:/> " + EX + " ; ".join(operation(chance) for _ in range(chance.randint(1, 3)))


def operation(chance: random.Random) -> str:
    def graph() -> str:
        return chance.choice(NAMES[:5])

    def place() -> str:
        return chance.choice(("DEFAULT", graph(), f"GRAPH {graph()}"))

    def quads() -> str:
        return "{" + " ".join(_quads(chance)) + "}"

    silent = chance.choice(("", "SILENT "))
    return chance.choice(
        [
            f"INSERT DATA {quads()}",
            f"DELETE DATA {quads()}",
            f"DELETE WHERE {quads()}",
            f"{chance.choice(('CLEAR', 'DROP'))} {silent}"
            + chance.choice((f"GRAPH {graph()}", "DEFAULT", "ALL", "NAMED")),
            f"CREATE {silent}GRAPH {graph()}",
            f"{chance.choice(('ADD', 'COPY', 'MOVE'))} {silent}{place()} TO {place()}",
            chance.choice(("", f"WITH {graph()} "))
            + chance.choice(
                (f"DELETE {quads()} ", f"INSERT {quads()} ", f"DELETE {quads()} INSERT {quads()} ")
            )
            + chance.choice(("", f"USING {graph()} "))
            + "WHERE { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o . VALUES ?g { <x:g4> } } }",
        ]
    )


def _quads(chance: random.Random) -> Iterator[str]:
    for _ in range(chance.randint(0, 3)):
        triples = chance.choice(TRIPLES)
        named = (
            chance.choice(("GRAPH ", "graph", "trueGRAPH"))
            + chance.choice(NAMES)
            + "{"
            + triples
            + "}"
        )
        yield chance.choice((triples, named, named + "."))


def contents(store: ox.Store) -> dict[str | None, set[ox.Triple]]:
    found: dict[str | None, set[ox.Triple]] = {None: set()}
    for name in store.named_graphs():
        assert isinstance(name, ox.NamedNode)
        found[name.value] = set()
    for quad in store:
        name = quad.graph_name
        found[name.value if isinstance(name, ox.NamedNode) else None].add(quad.triple)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_graph_that_changes_is_named(seed: int) -> None:
    chance = random.Random(seed)
    told = changes = 0
    for _ in range(1_500):
        store = ox.Store()
        store.update(
            "INSERT DATA { <x:s> <x:p> 1, 2 "
            + "".join(
                f"GRAPH <x:{g}> {{ <x:s> <x:p> 1, '{g}' }} " for g in ("g0", "g1", "/g2", "/g3")
            )
            + "}"
        )
        text, before = update(chance), contents(store)
        try:
            store.update(text, prefixes=PREFIXES)
        except (SyntaxError, RuntimeError):
            continue
        try:
            named = graphs(text)
        except EconSecError:
            continue
        after = contents(store)
        changed = {g for g in {*before, *after} if before.get(g) != after.get(g)}
        changes += len(changed)
        told += named is not None
        assert named is None or changed <= named, text
    assert told > 100
    assert changes > 100
