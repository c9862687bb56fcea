"""The six promises, and for each the tests that prove it; some of them are here.

| promise | tests |
|---|---|
| 1. No request can stop the service for others | `test_neighbours.py`, `test_kills.py`, workers |
| 2. A complete-looking answer is complete | `test_incomplete.py`, `test_connection.py`, workers |
| 3. Input never makes us fetch anything | here, uploads, confinement, the fuzz of query texts |
| 4. An acknowledged write stays | `test_increments.py`, `test_kills.py`, `test_disk_full.py`, ... |
| 5. Every refusal says what, where, and whether a retry can help | here |
| 6. Every fact has its evidence, and every limit is published | here, the evidence's own |

`PROOFS` names each one, and a test sees to it that they are there.
"""

from __future__ import annotations

import ast
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from harness.clients import Answer, Client
from harness.data import cycle
from harness.server import Server
from rdflib import Graph, Namespace

from econsec.settings import Settings

pytestmark = pytest.mark.xdist_group("faults-promises")

PROOFS = {
    "No request from anyone can stop the service for others": (
        "service/faults/test_neighbours.py::test_light_queries_of_others_are_answered_in_time",
        "service/faults/test_neighbours.py::test_who_leaves_gives_his_worker_back",
        "service/faults/test_neighbours.py::test_who_fills_the_queue_gives_way_to_others",
        "engine/workers/test_limits.py::test_a_runaway_is_killed_at_its_deadline_and_others_go_on",
        "engine/workers/test_limits.py::test_memory_is_limited_for_each_query",
        "engine/workers/test_limits.py::test_a_crash_of_the_engine_costs_one_query",
        "engine/test_upload.py::test_harm_ends_in_an_error",
        "web/test_connection.py::test_a_dribbled_head_is_refused",
    ),
    "A complete-looking answer is complete": (
        "service/faults/test_incomplete.py::test_a_client_knows_that_its_answer_broke_off",
        "service/faults/test_incomplete.py::test_rdflib_knows_that_its_answer_broke_off",
        "service/faults/test_incomplete.py::test_over_http_1_0_the_connection_is_reset",
        "engine/workers/test_faults.py::test_a_worker_killed_in_the_middle_breaks_the_answer",
        "web/test_connection.py::test_an_answer_that_breaks_off_is_an_incomplete_transfer",
    ),
    "Input never makes us fetch anything": (
        "service/faults/test_promises.py::test_input_fetches_nothing",
        "engine/workers/test_limits.py::test_a_worker_opens_no_socket",
        "engine/workers/test_confinement.py::test_sockets_are_out_of_reach",
        "engine/test_upload.py::test_other_contexts_are_named",
        "engine/test_upload.py::test_a_document_type_is_refused",
    ),
    "An acknowledged write survives, was applied whole, and is in the audit log": (
        "service/faults/test_increments.py::test_concurrent_increments_leave_the_acknowledged_count",
        "service/faults/test_kills.py::test_kills_lose_nothing_acknowledged_and_tear_nothing",
        "service/faults/test_disk_full.py::test_a_full_disk_refuses_writes_until_there_is_room",
        "service/faults/test_stop.py::test_a_stop_ends_what_runs_and_loses_nothing",
        "engine/writing/test_faults.py::test_killed_before_it_is_visible",
        "engine/writing/test_faults.py::test_killed_after_it_is_visible",
        "web/writing/test_update.py::"
        "test_updates_of_several_operations_are_carried_out_whole_or_not_at_all",
    ),
    "Every refusal says what, where, and whether a retry can help": (
        "service/faults/test_promises.py::test_a_refusal_says_what_and_where_and_what_to_do",
        "web/test_connection.py::test_a_bad_head_is_a_problem",
    ),
    "Every fact has its evidence, and every limit is published": (
        "service/faults/test_promises.py::test_every_limit_is_published",
        "service/test_description.py::test_every_limit_is_published_with_its_value_and_unit",
        "data/test_evidence.py::test_every_thing_has_a_passage_or_a_reason",
        "data/test_evidence.py::test_every_passage_is_found_again",
    ),
}
GRAPH = "http://example.org/graph"
LONG = "SELECT * { " + "?s ?p ?o . " * 200 + "}"
NESTED = "SELECT * " + "{" * 100 + "}" * 100
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }"
SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def server(start: Callable[..., Server]) -> Server:
    """A server with a short deadline, some data, and little patience for uploads."""
    server = start(deadline_seconds=1, max_upload_bytes=100_000)
    assert server.client().put(GRAPH, cycle(1_000)).is_good
    return server


@pytest.mark.parametrize("promise", PROOFS)
def test_each_promise_has_its_tests(promise: str, root: Path) -> None:
    for proof in PROOFS[promise]:
        path, _, name = proof.partition("::")
        tree = ast.parse((root / "tests" / path).read_text(encoding="utf-8"))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {node.name for node in tree.body if isinstance(node, functions)}, proof


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port of the loopback, and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    visitor, address = listener.accept()
                    came.append(address)
                    visitor.close()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1], came
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def attempts(client: Client, url: str) -> Iterator[tuple[str, Answer, set[int]]]:
    """Every way to name an address, with the statuses that may come of it."""
    for silent in ("", "SILENT "):
        yield (
            "SERVICE",
            client.query(f"SELECT * {{ SERVICE {silent}<{url}> {{ ?s ?p ?o }} }}"),
            {403},
        )
        yield "LOAD", client.update(f"LOAD {silent}<{url}> INTO GRAPH <{GRAPH}/loaded>"), {403}
    variable = f"SELECT * {{ VALUES ?g {{ <{url}> }} SERVICE ?g {{ ?s ?p ?o }} }}"
    yield "SERVICE by a variable", client.query(variable), {403}
    yield "FROM", client.query(f"ASK FROM <{url}> {{ ?s ?p ?o }}"), {200}
    yield "GRAPH", client.query(f"ASK FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"), {200}
    by_request = client.query("ASK { ?s ?p ?o }", **{"default-graph-uri": url})
    yield "default-graph-uri", by_request, {200}
    yield "GSP", client.send("GET", f"/store?graph={url}"), {404}
    for kind, body in uploads(url):
        answer = client.send("PUT", f"/store?graph={GRAPH}/sent", body.encode(), Content_Type=kind)
        yield kind, answer, {200, 201, 204, 400, 403}


def uploads(url: str) -> Iterator[tuple[str, str]]:
    """Documents that name an address, by their media types."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    yield "application/ld+json", f'{{"@context": "{url}", "@id": "http://e.org/a"}}'
    yield "application/ld+json", f'{{"@context": {{"@import": "{url}"}}, "@id": "http://e.org/a"}}'
    described = f'<rdf:Description xmlns:rdf="{rdf}" rdf:about="http://e.org/a"/>'
    for kind in ("SYSTEM", 'PUBLIC "x"'):
        dtd = f'<!DOCTYPE r [<!ENTITY e {kind} "{url}"> %e; ]>'
        yield "application/rdf+xml", f'<?xml version="1.0"?>{dtd}{described}'
        yield "application/rdf+xml", f'<!DOCTYPE r {kind} "{url}">{described}'
    imports = "http://www.w3.org/2002/07/owl#imports"
    yield "text/turtle", f"@base <{url}> . <> <{imports}> <{url}> ."


def test_input_fetches_nothing(server: Server, tmp_path: Path) -> None:
    client = server.client()
    canary = tmp_path / "canary.nt"
    canary.write_text("<http://e.org/canary> <http://e.org/p> 1 .\n")
    with listening() as (port, came):
        for url in (f"http://127.0.0.1:{port}/data.nt", canary.as_uri()):
            for name, answer, statuses in attempts(client, url):
                assert answer.status in statuses, (name, url, answer.body)
                if answer.status == 200:
                    assert answer.json()["boolean"] is False, (name, url)
    assert came == []
    ask = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER (?s = <http://e.org/canary>) }"
    assert client.query(ask).json()["boolean"] is False


@dataclass(frozen=True)
class Refusal:
    """What is asked, and what has to be said: the status, and which members beside the usual."""

    ask: Callable[[Server], Answer]
    status: int
    members: tuple[str, ...] = ()
    retryable: bool = False


TURTLE = {"Content_Type": "text/turtle"}
REFUSALS = {
    "syntax": Refusal(lambda s: s.client().query("SELECT * {\n ?s ?p }"), 400, ("line", "column")),
    "too many patterns": Refusal(lambda s: s.client().query(LONG), 400, ("limit",)),
    "too deep": Refusal(lambda s: s.client().query(NESTED), 400, ("limit",)),
    "SERVICE": Refusal(
        lambda s: s.client().query("ASK {\n SERVICE <http://e.org/> {} }"), 403, ("line", "column")
    ),
    "no token": Refusal(lambda s: s.client(token=None).update("CLEAR NAMED"), 401),
    "a wrong token": Refusal(lambda s: s.client(token="x" * 20).update("CLEAR NAMED"), 401),
    "a protected graph": Refusal(
        lambda s: s.client().update("INSERT DATA { <http://e.org/a> <http://e.org/b> 1 }"), 403
    ),
    "no such path": Refusal(lambda s: s.client().send("GET", "/nothing"), 404),
    "no such graph": Refusal(lambda s: s.client().send("GET", "/store?graph=http://e.org/x"), 404),
    "a method": Refusal(lambda s: s.client().send("DELETE", "/sparql"), 405),
    "a format": Refusal(
        lambda s: s.client().query("ASK {}", accept="image/png"), 406, ("offered",)
    ),
    "a condition": Refusal(
        lambda s: s.client().send("PUT", f"/store?graph={GRAPH}", b"", **TURTLE, If_None_Match="*"),
        412,
    ),
    "an upload": Refusal(
        lambda s: s.client().send("PUT", f"/store?graph={GRAPH}", bytes(200_000), **TURTLE),
        413,
        ("limit",),
    ),
    "a broken upload": Refusal(
        lambda s: s.client().send("PUT", f"/store?graph={GRAPH}", b"\n <a> <b> ", **TURTLE),
        400,
        ("line", "column"),
    ),
    "a media type": Refusal(
        lambda s: s.client().send("POST", "/sparql", b"ASK {}", Content_Type="text/plain"), 415
    ),
    "a deadline": Refusal(lambda s: s.client().query(ENDLESS), 503, ("limit",)),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_says_what_and_where_and_what_to_do(server: Server, name: str) -> None:
    refusal = REFUSALS[name]
    answer = refusal.ask(server)
    assert answer.status == refusal.status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status
    assert problem["title"] and problem["detail"] and problem["type"]
    assert problem["requestId"] == answer.headers["X-Request-Id"]
    assert problem["retryable"] is refusal.retryable
    assert ("Retry-After" in answer.headers) is refusal.retryable
    for member in refusal.members:
        assert problem[member], problem
    if "limit" in problem:
        assert problem["limit"] in {field.name for field in fields(Settings)}
    assert "Traceback" not in answer.body.decode()


def test_a_busy_service_says_that_a_retry_can_help(start: Callable[..., Server]) -> None:
    server = start(workers=1, workers_per_client=1, queue_length=0, deadline_seconds=3)
    assert server.client().put(GRAPH, cycle(1_000)).is_good

    def occupy() -> None:
        # The worker of the upload may be on its way back still.
        while b"queue_length" in server.client().query(ENDLESS).body:
            pass

    asking = threading.Thread(target=occupy)
    asking.start()
    answers = []
    while asking.is_alive():
        answers.append(server.client(address="127.0.0.3").query(f"ASK {{}} # {len(answers)}"))
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    for answer in refused:
        assert (answer.status, answer.json()["limit"]) == (503, "queue_length")
        assert answer.json()["retryable"] is True
        assert int(answer.headers["Retry-After"]) > 0


def test_every_limit_is_published(server: Server) -> None:
    answer = server.client().send("GET", "/sparql", Accept="text/turtle")
    assert answer.status == 200
    graph = Graph().parse(data=answer.body, format="turtle")
    said = {
        str(graph.value(limit, SCHEMA.name)): graph.value(limit, SCHEMA.value)
        for limit in graph.objects(None, SCHEMA.additionalProperty)
    }
    numbers = {
        field.name
        for field in fields(Settings)
        if type(field.default) is int and field.name != "port"
    }
    assert said.keys() >= numbers
    assert said["deadline_seconds"].toPython() == 1
    assert said["max_upload_bytes"].toPython() == 100_000
    assert said["max_nesting"].toPython() == Settings().max_nesting
