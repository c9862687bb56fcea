"""Graphs under validation: what would leave new violations there is refused, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat
from writes import EX, G, insert, log, put, update

from econsec.engine.backup import back_up, restore
from econsec.engine.loading import load
from econsec.engine.location import Location
from econsec.engine.writing.failures import GraphNotFound, NotConforming, Protected, WriterLost
from econsec.engine.writing.limits import DefaultGraphMode
from econsec.engine.writing.requests import ProtectionWrite
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.manifest import INFERRED, VOID_GRAPH
from econsec.knowledge.reading import document
from econsec.rdf.formats import TURTLE

pytestmark = pytest.mark.anyio

OTHER = f"{EX}other"
SHAPES = f"""
@prefix : <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:names sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .
:Thing sh:targetClass :Thing ; sh:property :label , :maker , :advice ; sh:sparql :unique .
:label sh:path :label ; sh:minCount 1 ; sh:message "a label is missing"@en .
:maker sh:path ( :maker :country ) ; sh:minCount 1 ; sh:message "no country"@en .
:advice sh:path :note ; sh:minCount 1 ; sh:severity sh:Warning .
:unique sh:prefixes :names ; sh:message "the code is another's"@en ;
    sh:select '''SELECT $this ?value WHERE {{
        $this ex:code ?code . ?value ex:code ?code . FILTER(?value != $this) }}''' .
"""
GOOD = "ex:a a ex:Thing ; ex:label 'a' ; ex:maker ex:m . ex:m ex:country ex:jp ."


def triples(turtle: str) -> str:
    found = ox.parse(turtle, RdfFormat.TURTLE)
    return ox.serialize(found, format=RdfFormat.N_TRIPLES).decode()


def under(graph: str = G, *, profile: str | None = None, shapes: str | None = SHAPES):
    own = None if shapes is None else triples(shapes)
    return ProtectionWrite(agent="tester", request_id="r", graph=graph, profile=profile, shapes=own)


def free(graph: str = G) -> ProtectionWrite:
    return ProtectionWrite(agent="tester", request_id="r", graph=graph)


def into(graph: str, turtle: str):
    return update(f"INSERT DATA {{ GRAPH <{graph}> {{ {turtle} }} }}", graph)


def content(folder: Path, turtle: str) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.nt"
    path.write_text(triples(f"@prefix ex: <{EX}> . {turtle} ."))
    return path


@pytest.fixture
async def asked(writing):
    """A graph under validation, with a thing that conforms to its shapes but for a warning."""
    async with writing(default_graph=DefaultGraphMode.MERGE) as asked:
        await asked.submit(into(G, GOOD))
        receipt = await asked.submit(under())
        assert receipt.report is not None
        assert receipt.report["counts"] == {"violation": 0, "warning": 1, "info": 0}
        yield asked


async def refused(asked, write) -> dict:
    """A write is refused, and nothing tells of it but its own answer."""
    before, quads = asked.publication, set(asked.location.open_current())
    records = len(log(asked.location))
    with pytest.raises(NotConforming) as caught:
        await asked.submit(write)
    assert asked.publication == before
    assert len(log(asked.location)) == records
    assert set(asked.location.open_current()) == quads
    assert caught.value.report is not None
    return caught.value.report


async def test_a_write_that_breaks_a_shape_is_refused_with_the_report(asked) -> None:
    report = await refused(asked, into(G, "ex:b a ex:Thing ; ex:maker ex:m"))
    [result] = report["results"]
    assert result["focusNode"] == f"<{EX}b>"
    assert result["messages"] == {"en": "a label is missing"}
    assert result["graph"] == G
    assert not report["conforms"]
    receipt = await asked.submit(into(G, "ex:b a ex:Thing ; ex:label 'b' ; ex:maker ex:m"))
    assert receipt.version.commit == asked.publication.commit


@pytest.mark.parametrize(
    "write",
    [
        update(
            f"WITH <{G}> DELETE {{ ?s ex:label ?o }} INSERT {{ ?s ex:name ?o }} "
            "WHERE { ?s ex:label ?o }"
        ),
        update(
            "DELETE { GRAPH ?g { ?s ex:label ?o } } WHERE { GRAPH ?g { ?s ex:label ?o } }",
            opaque=True,
        ),
        update(f"DELETE DATA {{ GRAPH <{G}> {{ ex:m ex:country ex:jp }} }}"),
        update(
            f"INSERT DATA {{ GRAPH <{G}> {{ ex:z ex:p ex:o }} }} ; "
            f"DELETE WHERE {{ GRAPH <{G}> {{ ex:a ex:label ?l }} }}"
        ),
        update(
            f"INSERT DATA {{ GRAPH <{OTHER}> {{ ex:b a ex:Thing }} }} ; MOVE <{OTHER}> TO <{G}>",
            OTHER,
            G,
        ),
    ],
    ids=["delete where", "any graph", "at a distance", "several operations", "move"],
)
async def test_every_form_of_update_is_judged(asked, write) -> None:
    assert (await refused(asked, write))["results"]


async def test_every_graph_operation_is_judged(asked, tmp_path: Path) -> None:
    bad, good = (
        "ex:b a ex:Thing",
        "ex:b a ex:Thing ; ex:label 'b' ; ex:maker ex:n . ex:n ex:country 1",
    )
    await refused(asked, put(content(tmp_path, bad)))
    await refused(asked, put(content(tmp_path, bad), method="POST"))
    await asked.submit(put(content(tmp_path, good), method="POST"))
    await asked.submit(put(content(tmp_path, good)))
    assert asked.names() == {"b", "n"}


async def test_what_stands_in_another_graph_counts(asked, tmp_path: Path) -> None:
    """The country of the maker stands in two graphs; only with the last one it is gone."""
    await asked.submit(into(OTHER, "ex:m ex:country ex:jp"))
    await asked.submit(update(f"DELETE DATA {{ GRAPH <{G}> {{ ex:m ex:country ex:jp }} }}"))
    await refused(asked, put(None, OTHER, method="DELETE"))
    await refused(asked, update(f"DROP GRAPH <{OTHER}>", OTHER))
    await refused(asked, into(OTHER, "ex:a a ex:Thing ; ex:code 1 . ex:b ex:code 1"))
    await asked.submit(into(OTHER, "ex:x a ex:Thing"))
    assert asked.names(OTHER) == {"m", "x"}


async def test_a_subclass_makes_focus_nodes(asked) -> None:
    await asked.submit(into(G, "ex:c a ex:Kind"))
    sub = "ex:Kind <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:Thing"
    assert len((await refused(asked, into(OTHER, sub)))["results"]) == 2


async def test_a_query_over_two_graphs_is_judged(asked) -> None:
    await asked.submit(into(G, "ex:a ex:code 7"))
    report = await refused(asked, into(OTHER, "ex:x ex:code 7"))
    assert report["results"][0]["messages"] == {"en": "the code is another's"}


async def test_what_violates_already_is_reported_and_blocks_nothing(writing) -> None:
    async with writing(default_graph=DefaultGraphMode.MERGE) as asked:
        await asked.submit(into(G, f"{GOOD} ex:old a ex:Thing ."))
        report = (await asked.submit(under())).report
        assert report["counts"]["violation"] == 2
        await asked.submit(into(G, "ex:old ex:note 'still without a label'"))
        await asked.submit(into(G, "ex:old ex:label 'old'"))
        await refused(asked, update(f"DELETE DATA {{ GRAPH <{G}> {{ ex:old ex:label 'old' }} }}"))


@pytest.mark.parametrize("text", [f"COPY <{OTHER}> TO <{G}>", f"ADD <{OTHER}> TO <{G}>"])
async def test_what_violates_elsewhere_is_new_where_it_comes_in(asked, text: str) -> None:
    await asked.submit(into(OTHER, "ex:b a ex:Thing ; ex:maker ex:m ; ex:code 1"))
    report = await refused(asked, update(text, G))
    assert {result["focusNode"] for result in report["results"]} >= {f"<{EX}b>"}
    await refused(asked, into(G, "ex:b ex:code 1"))
    await refused(asked, into(G, "ex:b ex:note 'described here too'"))
    await asked.submit(into(OTHER, "ex:b ex:label 'b'"))
    await asked.submit(into(G, "ex:b ex:note 'described here too'"))


async def test_a_refused_member_harms_nobody_in_its_group(asked) -> None:
    writes = [
        into(G, f"ex:n{n} a ex:Thing ; ex:maker ex:m " + ("" if n % 3 else f"; ex:label '{n}'"))
        for n in range(12)
    ]
    outcomes = await asyncio.gather(*map(asked.submit, writes), return_exceptions=True)
    for n, outcome in enumerate(outcomes):
        assert isinstance(outcome, NotConforming) is bool(n % 3), n
    assert asked.names() == {"a", "m", "n0", "n3", "n6", "n9"}
    assert len(asked.published) < 15


async def test_members_are_judged_by_the_state_that_those_before_them_leave(asked) -> None:
    first = into(OTHER, "ex:k ex:country ex:jp")
    second = into(G, "ex:b a ex:Thing ; ex:label 'b' ; ex:maker ex:k")
    third = update(f"DELETE DATA {{ GRAPH <{OTHER}> {{ ex:k ex:country ex:jp }} }}", OTHER)
    outcomes = await asyncio.gather(
        *map(asked.submit, (first, second, third)), return_exceptions=True
    )
    assert [isinstance(each, NotConforming) for each in outcomes] == [False, False, True]


async def test_a_graph_can_be_let_go(asked) -> None:
    await asked.submit(free())
    await asked.submit(into(G, "ex:b a ex:Thing"))
    with pytest.raises(GraphNotFound, match="not under validation"):
        await asked.submit(free())
    report = (await asked.submit(under())).report
    assert report["counts"]["violation"] == 2
    await refused(asked, into(G, "ex:c a ex:Thing"))


async def test_the_log_says_what_was_put_under_validation(asked) -> None:
    [request] = log(asked.location)[-1]["requests"]
    assert (request["kind"], request["graph"]) == ("protect", G)
    assert request["graphs"] == [VOID_GRAPH.value]


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (under(f"{EX}nothing"), GraphNotFound),
        (under(profile="nonsense", shapes=None), UsageError),
        (under(shapes=SHAPES.replace("sh:minCount", "sh:minCuont")), InvalidInput),
        (under(shapes=SHAPES.replace("SELECT $this", "SELEKT $this")), InvalidInput),
        (under(shapes="<x:a> <x:b> <x:c> ."), InvalidInput),
        (under(shapes=""), InvalidInput),
        (under(INFERRED.value), Protected),
    ],
    ids=[
        "no such graph",
        "no such profile",
        "misspelt",
        "broken query",
        "no target",
        "empty",
        "the service's own",
    ],
)
async def test_what_cannot_be_put_under_validation(asked, write, error) -> None:
    before = asked.publication
    with pytest.raises(error):
        await asked.submit(write)
    assert asked.publication == before


async def test_a_profile_of_the_project_is_known_by_its_name(asked) -> None:
    report = (await asked.submit(under(profile="designation", shapes=None))).report
    assert report["conforms"]
    kind = "<https://w3id.org/econsec/ontology#SpecifiedCriticalProductDesignation>"
    report = await refused(asked, into(G, f"ex:d a {kind}"))
    assert len(report["results"]) > 3


async def test_a_long_report_is_cut_and_says_so(asked) -> None:
    report = await refused(asked, into(G, " ".join(f"ex:n{n} a ex:Thing ." for n in range(80))))
    assert (len(report["results"]), report["truncated"]) == (100, True)
    assert report["counts"]["violation"] == 160


async def test_a_large_write_is_judged_with_all_data(asked) -> None:
    many = " ".join(f"ex:n{n} ex:p {n} ." for n in range(1_200))
    await refused(asked, into(G, f"{many} ex:b a ex:Thing ."))
    await asked.submit(into(G, many))


async def test_an_empty_graph_that_a_refused_write_made_is_gone(asked) -> None:
    fresh = f"{EX}fresh"
    await refused(
        asked,
        update(
            f"CREATE GRAPH <{fresh}> ; INSERT DATA {{ GRAPH <{G}> {{ ex:b a ex:Thing }} }}",
            fresh,
            G,
        ),
    )
    assert fresh not in {graph.value for graph in asked.location.open_current().named_graphs()}
    await asked.submit(insert("x"))
    assert fresh not in {graph.value for graph in asked.location.open_current().named_graphs()}


async def test_a_plain_default_graph_counts_too(writing) -> None:
    async with writing(default_graph=DefaultGraphMode.PLAIN) as asked:
        await asked.submit(into(G, "ex:a a ex:Thing ; ex:label 'a' ; ex:maker ex:m"))
        await asked.submit(update("INSERT DATA { ex:m ex:country ex:jp }", None))
        assert (await asked.submit(under())).report["conforms"]
        await refused(asked, update("DELETE DATA { ex:m ex:country ex:jp }", None))
        await refused(asked, update("CLEAR DEFAULT", None))


async def test_it_holds_after_a_restart_and_after_a_crash(asked, writing) -> None:
    await asked.writer.close()
    async with writing(default_graph=DefaultGraphMode.MERGE) as again:
        await again.submit(insert("x"))
        await refused(again, into(G, "ex:b a ex:Thing"))
        os.kill(again.writer.statistics.pid, signal.SIGKILL)
        with suppress(WriterLost):
            await again.submit(insert("y"))
        await refused(again, into(G, "ex:b a ex:Thing"))


async def test_a_backup_has_it(asked, writing, tmp_path: Path) -> None:
    await asked.writer.close()
    back_up(asked.location, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    there = Location(tmp_path / "restored")
    async with writing(at=there, default_graph=DefaultGraphMode.MERGE) as again:
        await again.submit(insert("x"))
        await refused(again, into(G, "ex:b a ex:Thing"))


async def test_documents_that_are_loaded_are_judged(asked) -> None:
    await asked.writer.close()
    location, before = asked.location, asked.location.publication()

    def loaded(turtle: str, **more) -> None:
        text = f"@prefix ex: <{EX}> . {turtle} .".encode()
        load(location, [document(text, name="a.ttl", format=TURTLE)], graph=G, **more)

    with pytest.raises(NotConforming, match="a label is missing"):
        loaded("ex:b a ex:Thing")
    with pytest.raises(NotConforming):
        loaded("ex:b a ex:Thing", replace=True)
    assert location.publication() == before
    loaded("ex:b a ex:Thing ; ex:label 'b' ; ex:maker ex:m")
    assert location.publication().commit == before.commit + 1
