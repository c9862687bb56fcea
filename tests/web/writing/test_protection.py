"""Graphs under validation over HTTP: what would leave new violations is refused by every route."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from econsec.knowledge.manifest import VOID_GRAPH

EX = "http://example.org/"
SH = "http://www.w3.org/ns/shacl#"
ESH = "https://w3id.org/econsec/shapes#"
SHAPES = f"""@prefix : <{EX}> .
@prefix sh: <{SH}> .
:Thing a sh:NodeShape ; sh:targetClass :Thing ; sh:property :label , :kind .
:label sh:path :label ; sh:minCount 1 ; sh:message "a label is missing"@en .
:kind sh:path :maker ; sh:class :Maker ; sh:message "this is no maker"@en .
"""
TURTLE = {"Content-Type": "text/turtle"}
DIRECT = {"Content-Type": "application/sparql-update"}
PROBLEM = "application/problem+json"

Send = Callable[[httpx.Client, str, str], httpx.Response]


def good(graph: str) -> str:
    """A thing with its maker, and no other test's."""
    thing = f"<{graph}#a> a <{EX}Thing> ; <{EX}label> 'a' ; <{EX}maker> <{graph}#m> ."
    return f"{thing} <{graph}#m> a <{EX}Maker> ."


def bad(graph: str) -> str:
    """A thing without a label."""
    return f"<{graph}#b> a <{EX}Thing> ."


def insert(turtle: str, graph: str) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {turtle} }} }}"


def protect(client: httpx.Client, graph: str, shapes: str | None = SHAPES, **more: Any) -> Any:
    sent = {} if shapes is None else {"content": shapes, "headers": TURTLE}
    return client.put("/protection", params={"graph": graph, **more}, **sent)


def lines(client: httpx.Client, graph: str) -> set[str]:
    accept = {"Accept": "application/n-triples"}
    return set(client.get("/store", params={"graph": graph}, headers=accept).text.splitlines())


def refusal(answer: httpx.Response) -> dict[str, Any]:
    """The problem of a write that was refused for what it would leave."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert problem["type"].endswith("problems/not-conforming")
    assert problem["report"]["conforms"] is False
    assert problem["retryable"] is False
    return problem


@pytest.fixture
def guarded(writer: httpx.Client, graph: str) -> Iterator[str]:
    """A graph under validation, with a thing that conforms."""
    put = writer.put("/store", params={"graph": graph}, content=good(graph), headers=TURTLE)
    assert put.status_code == 201, put.text
    answer = protect(writer, graph)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["conforms"], answer.text
    yield graph
    writer.delete("/protection", params={"graph": graph})


def test_a_setting_is_put_read_and_let_go(writer: httpx.Client, guarded: str) -> None:
    [setting] = _all(writer, guarded)
    assert setting["profile"] is None
    assert f"<{SH}minCount>" in setting["shapes"]
    assert writer.get("/protection", params={"graph": guarded}).json() == setting
    both = protect(writer, guarded, profile="designation")
    assert int(both.headers["EconSec-Commit"]) > 0
    [setting] = _all(writer, guarded)
    assert (setting["profile"], setting["shapes"] is None) == ("designation", False)
    assert protect(writer, guarded, None, profile="document").status_code == 200
    assert _all(writer, guarded) == [{"graph": guarded, "profile": "document", "shapes": None}]
    gone = writer.delete("/protection", params={"graph": guarded})
    assert (gone.status_code, gone.content) == (204, b"")
    assert "EconSec-Commit" in gone.headers
    assert _all(writer, guarded) == []
    for method in ("GET", "DELETE"):
        again = writer.request(method, "/protection", params={"graph": guarded})
        assert (again.status_code, again.headers["content-type"]) == (404, PROBLEM)
        assert "not under validation" in again.json()["detail"]


def _all(client: httpx.Client, graph: str) -> list[dict[str, Any]]:
    found = client.get("/protection").json()["graphs"]
    assert found == sorted(found, key=lambda each: each["graph"])
    return [each for each in found if each["graph"] == graph]


def test_a_query_shows_it(writer: httpx.Client, guarded: str) -> None:
    protect(writer, guarded, profile="designation")
    query = f"SELECT ?p ?o {{ GRAPH {VOID_GRAPH} {{ <{guarded}> ?p ?o }} }} ORDER BY ?p"
    answer = writer.post("/sparql", data={"query": query}).json()
    found = [(row["p"]["value"], row["o"]["value"]) for row in answer["results"]["bindings"]]
    assert [name for name, _ in found] == [ESH + "validatedByProfile", ESH + "validatedByShapes"]
    assert found[0][1] == "designation"


def test_what_violates_already_is_told_and_blocks_nothing(
    writer: httpx.Client, guarded: str
) -> None:
    writer.delete("/protection", params={"graph": guarded})
    writer.post("/store", params={"graph": guarded}, content=bad(guarded), headers=TURTLE)
    report = protect(writer, guarded).json()
    assert report["counts"] == {"violation": 1, "warning": 0, "info": 0}
    assert report["results"][0]["focusNode"] == f"<{guarded}#b>"
    note = insert(f"<{guarded}#b> <{EX}note> 'still without a label'", guarded)
    assert writer.post("/update", content=note, headers=DIRECT).status_code == 204
    other = insert(f"<{guarded}#c> a <{EX}Thing>", guarded)
    refusal(writer.post("/update", content=other, headers=DIRECT))


def _update(path: str, *, form: bool) -> Send:
    def send(client: httpx.Client, graph: str, turtle: str) -> httpx.Response:
        text = insert(turtle, graph)
        sent: dict[str, Any] = (
            {"data": {"update": text}} if form else {"content": text, "headers": DIRECT}
        )
        return client.post(path, **sent)

    return send


def _store(method: str, media_type: str = "text/turtle", *, form: bool = False) -> Send:
    def send(client: httpx.Client, graph: str, turtle: str) -> httpx.Response:
        fields = {"graph": graph}
        if form:
            files = {"a": ("a.ttl", turtle), "b": ("b.nt.gz", gzip.compress(b""))}
            return client.request(method, "/store", params=fields, files=files)
        syntax = ox.RdfFormat.from_media_type(media_type)
        assert syntax is not None
        quads = ox.parse(turtle, ox.RdfFormat.TURTLE)
        content = ox.serialize((quad.triple for quad in quads), format=syntax)
        headers = {"Content-Type": media_type, "Content-Encoding": "gzip"}
        body = gzip.compress(content or b"")
        return client.request(method, "/store", params=fields, content=body, headers=headers)

    return send


ROUTES: dict[str, Send] = {
    "POST /update": _update("/update", form=False),
    "POST /update, form": _update("/update", form=True),
    "POST /sparql": _update("/sparql", form=False),
    "POST /sparql, form": _update("/sparql", form=True),
    "PUT /store, multipart": _store("PUT", form=True),
    "POST /store, multipart": _store("POST", form=True),
    **{
        f"{method} /store, {media_type}": _store(method, media_type)
        for method in ("PUT", "POST")
        for media_type in (
            "text/turtle",
            "application/n-triples",
            "application/ld+json",
            "application/rdf+xml",
            "application/trig",
            "application/n-quads",
        )
    },
}


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_is_refused_with_the_report(
    writer: httpx.Client, guarded: str, name: str
) -> None:
    before = lines(writer, guarded)
    problem = refusal(ROUTES[name](writer, guarded, bad(guarded)))
    [result] = problem["report"]["results"]
    assert result["focusNode"] == f"<{guarded}#b>"
    assert result["path"] == f"<{EX}label>"
    assert result["messages"] == {"en": "a label is missing"}
    assert result["graph"] == guarded
    assert "a label is missing" in problem["detail"]
    assert guarded in problem["detail"]
    assert lines(writer, guarded) == before
    mended = f"{bad(guarded)} <{guarded}#b> <{EX}label> 'b' ."
    assert ROUTES[name](writer, guarded, mended).status_code == 204
    assert f'<{guarded}#b> <{EX}label> "b" .' in lines(writer, guarded)


def test_a_graph_named_by_its_path_is_judged_too(writer: httpx.Client, guarded: str) -> None:
    path = f"/store/{guarded.rpartition('/')[2]}"
    assert writer.put(path, content=good(guarded), headers=TURTLE).status_code == 201
    own = f"{str(writer.base_url).rstrip('/')}{path}"
    assert protect(writer, own).status_code == 200
    for method in ("PUT", "POST"):
        problem = refusal(writer.request(method, path, content=bad(guarded), headers=TURTLE))
        assert problem["report"]["results"][0]["graph"] == own
    assert len(lines(writer, own)) == 4
    assert writer.delete("/protection", params={"graph": own}).status_code == 204


def test_what_others_need_is_not_deleted(writer: httpx.Client, guarded: str) -> None:
    """The class of the maker stands in another graph, which is under no validation."""
    other = {"graph": f"{guarded}/makers"}
    maker = f"<{guarded}#m> a <{EX}Maker>"
    writer.put("/store", params=other, content=f"{maker} .", headers=TURTLE)
    moved = f"DELETE DATA {{ GRAPH <{guarded}> {{ {maker} }} }}"
    assert writer.post("/update", content=moved, headers=DIRECT).status_code == 204
    problem = refusal(writer.delete("/store", params=other))
    assert problem["report"]["results"][0]["messages"] == {"en": "this is no maker"}
    refusal(writer.put("/store", params=other, content="", headers=TURTLE))
    refusal(writer.post("/update", content=f"DROP GRAPH <{other['graph']}>", headers=DIRECT))
    assert len(lines(writer, other["graph"])) == 1
    assert writer.delete("/store", params={"graph": guarded}).status_code == 204
    assert writer.delete("/store", params=other).status_code == 204


def test_a_graph_that_is_let_go_takes_anything(writer: httpx.Client, guarded: str) -> None:
    refusal(writer.post("/store", params={"graph": guarded}, content=bad(guarded), headers=TURTLE))
    writer.delete("/protection", params={"graph": guarded})
    sent = writer.post("/store", params={"graph": guarded}, content=bad(guarded), headers=TURTLE)
    assert sent.status_code == 204


def test_only_who_may_write_may_do_so(
    anonymous: httpx.Client, writer: httpx.Client, guarded: str
) -> None:
    before = _all(writer, guarded)
    for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong-wrong"}):
        for method in ("PUT", "DELETE"):
            answer = anonymous.request(
                method, "/protection", params={"graph": guarded, "profile": "all"}, headers=headers
            )
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
    assert _all(anonymous, guarded) == before


@pytest.mark.parametrize(
    ("fields", "shapes", "status", "said"),
    [
        ({"graph": f"{EX}absent", "profile": "all"}, None, 404, "there is no graph"),
        ({"profile": "nonsense"}, None, 400, "nonsense"),
        ({}, None, 400, "nothing to validate by"),
        ({"graph": "relative", "profile": "all"}, None, 400, "relative"),
        ({"graph": "https://w3id.org/econsec/graph/void", "profile": "all"}, None, 403, "build"),
        ({}, SHAPES.replace("sh:minCount", "sh:minCuont"), 400, "minCuont"),
        ({}, SHAPES + f"<{EX}S> <{SH}targetNode> 1 ; <{SH}path> [] .", 400, "path"),
        ({}, "", 400, "nothing to validate by"),
        ({}, "# nothing", 400, "no targets"),
    ],
    ids=["graph", "profile", "nothing", "relative", "void", "term", "path", "no body", "empty"],
)
def test_what_cannot_be_put_under_validation(
    writer: httpx.Client,
    guarded: str,
    fields: dict[str, str],
    shapes: str | None,
    status: int,
    said: str,
) -> None:
    before = _all(writer, guarded)
    answer = protect(writer, fields.pop("graph", guarded), shapes, **fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    assert said in answer.json()["detail"]
    assert _all(writer, guarded) == before


def test_a_graph_and_a_profile_are_named_once(writer: httpx.Client, guarded: str) -> None:
    for query in (f"graph={guarded}&graph={EX}h&profile=all", "profile=all", ""):
        for method in ("PUT", "DELETE"):
            assert writer.request(method, f"/protection?{query}").status_code == 400
    twice = writer.put(f"/protection?graph={guarded}&profile=all&profile=document")
    assert twice.status_code == 400


def test_broken_shapes_say_where(writer: httpx.Client, guarded: str) -> None:
    answer = protect(writer, guarded, SHAPES + ":S sh:path oops .")
    assert answer.status_code == 400
    assert answer.json()["line"] == SHAPES.count("\n") + 1
    assert answer.json()["column"] > 1
    text = {"content": SHAPES, "headers": {"Content-Type": "text/csv"}}
    assert writer.put("/protection", params={"graph": guarded}, **text).status_code == 415
    huge = SHAPES + "#" * 5_000_000
    assert protect(writer, guarded, huge).status_code == 413


def test_shapes_may_come_in_files_and_pieces(writer: httpx.Client, guarded: str) -> None:
    head, _, rest = SHAPES.partition(":Thing")
    parts = [("a", ("a.ttl", f"{head}:Thing{rest}")), ("b", ("b.nt", ""))]
    files = writer.put("/protection", params={"graph": guarded}, files=parts)
    assert files.status_code == 200, files.text

    def pieces() -> Any:
        yield SHAPES[:100].encode()
        yield SHAPES[100:].encode()

    chunked = writer.put("/protection", params={"graph": guarded}, content=pieces(), headers=TURTLE)
    assert chunked.status_code == 200, chunked.text
    refusal(writer.post("/store", params={"graph": guarded}, content=bad(guarded), headers=TURTLE))


def test_the_description_names_what_may_happen(anonymous: httpx.Client) -> None:
    paths = anonymous.get("/openapi.json").json()["paths"]
    for path, method in (
        ("/update", "post"),
        ("/sparql", "post"),
        ("/store", "put"),
        ("/store", "post"),
        ("/store", "delete"),
    ):
        described = paths[path][method]["responses"]["422"]
        assert "violations" in described["description"]
        assert PROBLEM in described["content"]
    assert {"200", "401", "403", "404"} <= {*paths["/protection"]["put"]["responses"]}
    assert "204" in paths["/protection"]["delete"]["responses"]
    assert {*paths["/protection"]} == {"get", "put", "delete"}


def test_the_methods_are_told(writer: httpx.Client) -> None:
    answer = writer.post("/protection", params={"graph": f"{EX}g"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, PUT"


def test_a_later_request_sees_what_an_earlier_one_left(writer: httpx.Client, guarded: str) -> None:
    """ETags, and so conditions, are of what is there: a refusal changes none."""
    tag = writer.get("/store", params={"graph": guarded}).headers["etag"]
    refusal(writer.post("/store", params={"graph": guarded}, content=bad(guarded), headers=TURTLE))
    assert writer.get("/store", params={"graph": guarded}).headers["etag"] == tag
    sent = writer.post(
        "/store",
        params={"graph": guarded},
        content=f"{bad(guarded)} <{guarded}#b> <{EX}label> 'b' .",
        headers={**TURTLE, "If-Match": tag},
    )
    assert sent.status_code == 204
