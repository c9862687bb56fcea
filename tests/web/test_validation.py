"""`/validate`: what is sent is judged in a worker, and the report is negotiated."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.location import Location
from econsec.rdf.namespaces import BASE, PREFIXES, RDF
from econsec.service.stores import location_backend
from econsec.settings import Settings

from .conftest import asking, listening

Serving = Callable[[Settings], AbstractContextManager[httpx.Client]]

PREFIX = "@prefix ex: <http://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
DATA = PREFIX + "ex:yokohama a ex:Port .\nex:kobe a ex:Port .\n"
GOOD = PREFIX + 'ex:yokohama a ex:Port ; ex:name "Yokohama" .\n'
SHAPES = PREFIX + (
    "ex:S sh:targetClass ex:Port ; sh:property [ sh:path ex:name ; sh:minCount 1 ; "
    'sh:message "a port has a name"@en, "港には名前がある"@ja ] .\n'
)
ADVICE = SHAPES.replace("sh:minCount 1", "sh:minCount 1 ; sh:severity sh:Warning")
TURTLE = "text/turtle"
ONE = "http://example.org/one"


ONTOLOGY = f"GRAPH <{BASE}graph/ontology> {{ <x:a> <x:b> <x:c> }}"
"""A store without an ontology is judged before that of the package, which takes its time."""


@pytest.fixture(scope="module")
def small() -> EmbeddedStore:
    store = ox.Store()
    ban = "a <http://example.org/Ban> ; <http://example.org/amount> 1.5"
    store.update(f"INSERT DATA {{ {ONTOLOGY} GRAPH <{ONE}> {{ <http://example.org/ban> {ban} }} }}")
    return EmbeddedStore(store, Settings())


@pytest.fixture(scope="module")
def client(small: EmbeddedStore) -> Iterator[httpx.Client]:
    with listening(InProcess(small), Settings()) as root, asking(root) as client:
        client.timeout = httpx.Timeout(60)
        yield client


@pytest.fixture
def serving(small: EmbeddedStore) -> Serving:
    @contextmanager
    def serve(settings: Settings) -> Iterator[httpx.Client]:
        with listening(InProcess(small), settings) as root, asking(root) as client:
            yield client

    return serve


def files(*data: str, shapes: str = SHAPES) -> list[tuple[str, tuple[str, bytes, str]]]:
    parts = [("data", (f"data{n}.ttl", text.encode(), TURTLE)) for n, text in enumerate(data)]
    return [*parts, ("shapes", ("shapes.ttl", shapes.encode(), TURTLE))]


def report(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    details: dict[str, Any] = answer.json()
    return details


def test_a_form_brings_data_and_shapes(client: httpx.Client) -> None:
    answer = client.post("/validate?report=json", files=files(DATA))
    assert answer.headers["econsec-conforms"] == "false"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["econsec-complete"] == "true"
    found = report(answer)
    assert found["conforms"] is False
    assert [result["focusNode"] for result in found["results"]] == [
        "<http://example.org/kobe>",
        "<http://example.org/yokohama>",
    ]


def test_several_files_are_one_graph(client: httpx.Client) -> None:
    named = PREFIX + 'ex:kobe ex:name "Kobe" . ex:yokohama ex:name "Yokohama" .'
    answer = client.post("/validate", files=files(DATA, named))
    assert answer.status_code == 200
    assert answer.headers["econsec-conforms"] == "true"


def test_a_body_is_judged_by_a_profile_of_ours(client: httpx.Client) -> None:
    body = f"<{BASE}id/amount/a> <{RDF}type> <{PREFIXES['es']}Amount> ."
    for content, headers in (
        (body.encode(), {}),
        (gzip.compress(body.encode()), {"Content-Encoding": "gzip"}),
    ):
        answer = client.post(
            "/validate?profile=document&report=json",
            content=content,
            headers={"Content-Type": "application/n-triples", **headers},
        )
        shapes = {result["shape"] for result in report(answer)["results"]}
        assert "esh:amount-value" in shapes


def test_a_graph_of_the_data_set_is_judged(client: httpx.Client) -> None:
    shapes = PREFIX + "ex:S sh:targetClass ex:Ban ; sh:closed true ; sh:ignoredProperties ( ) ."
    answer = client.post(
        "/validate", params={"graph": ONE, "report": "json"}, files=files(shapes=shapes)
    )
    assert {result["graph"] for result in report(answer)["results"]} == {ONE}
    as_field = client.post("/validate", data={"graph": ONE}, files=files(shapes=shapes))
    assert as_field.headers["econsec-conforms"] == "false"


def test_typed_data_are_turtle_and_empty_fields_nothing(client: httpx.Client) -> None:
    typed = {"data": DATA, "shapes": SHAPES, "report": "json"}
    empty = [("data", ("", b"", "application/octet-stream"))]
    answer = client.post("/validate", data=typed, files=empty)
    assert len(report(answer)["results"]) == 2


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/sarif+json", "application/sarif+json"),
        ("text/csv;q=0.5, application/ld+json", "application/ld+json"),
    ],
)
def test_the_form_of_the_report_is_negotiated(
    client: httpx.Client, accept: str | None, given: str
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = client.post("/validate", files=files(GOOD), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == given


def test_a_form_that_is_not_offered_is_406_before_anything_is_sent(client: httpx.Client) -> None:
    for answer in (
        client.post("/validate?report=xls", files=files(DATA)),
        client.post("/validate", files=files(DATA), headers={"Accept": "image/png"}),
    ):
        assert "text/turtle" in problem(answer, 406)["offered"]


def test_the_language_is_asked_for_or_preferred(client: httpx.Client) -> None:
    japanese = {"Accept-Language": "de, ja-JP;q=0.8, en;q=0.5"}
    for query, headers, expected in (
        ("?report=text", {}, "a port has a name"),
        ("?report=text&lang=ja", {}, "港には名前がある"),
        ("?report=text", japanese, "港には名前がある"),
        ("?report=text&lang=en", japanese, "a port has a name"),
    ):
        answer = client.post("/validate" + query, files=files(DATA), headers=headers)
        assert expected in answer.text


def test_warnings_conform_and_can_be_left_out(client: httpx.Client) -> None:
    answer = client.post("/validate?report=json", files=files(DATA, shapes=ADVICE))
    assert answer.headers["econsec-conforms"] == "true"
    assert len(report(answer)["results"]) == 2
    grave = client.post(
        "/validate?report=json&severity=violation", files=files(DATA, shapes=ADVICE)
    )
    assert report(grave)["results"] == []


def test_truncation_is_said_in_the_head_and_in_the_report(client: httpx.Client) -> None:
    answer = client.post("/validate?report=json&limit=1", files=files(DATA))
    assert answer.headers["econsec-truncated"] == "true"
    assert "econsec-complete" not in answer.headers
    found = report(answer)
    assert (len(found["results"]), found["truncated"], found["conforms"]) == (1, True, False)


def test_a_service_has_a_limit_of_results(serving: Serving) -> None:
    with serving(Settings(max_validation_results=1)) as client:
        answer = client.post("/validate", files=files(DATA))
        assert answer.headers["econsec-truncated"] == "true"
        more = problem(client.post("/validate?limit=2", files=files(DATA)), 400)
        assert "max_validation_results" in more["remedy"]


@pytest.mark.parametrize(
    "query",
    ["lang=de", "severity=grave", "limit=-1", "limit=x", "group=x", "timeout=0", "timeout=1000"],
)
def test_parameters_that_are_none_are_400(client: httpx.Client, query: str) -> None:
    problem(client.post(f"/validate?{query}", files=files(DATA)), 400)


def test_a_misspelt_parameter_is_an_error_and_not_everything(client: httpx.Client) -> None:
    details = problem(client.post("/validate?profil=hygiene", files=files(DATA)), 400)
    assert details["remedy"] == "did you mean 'profile'?"


def test_an_unknown_profile_is_400_and_an_unknown_graph_404(client: httpx.Client) -> None:
    details = problem(client.post("/validate?profile=x", files=files(DATA)), 400)
    assert "hygiene" in details["remedy"]
    absent = client.post("/validate", params={"graph": "http://example.org/none"})
    assert "http://example.org/none" in problem(absent, 404)["detail"]


def test_nothing_to_validate_is_400(client: httpx.Client) -> None:
    assert "?graph=" in problem(client.post("/validate"), 400)["remedy"]
    assert "?graph=" in problem(client.post("/validate", files=files()), 400)["remedy"]


def test_a_part_with_another_name_is_400(client: httpx.Client) -> None:
    odd = [("shape", ("s.ttl", SHAPES.encode(), TURTLE))]
    assert problem(client.post("/validate", files=odd), 400)["remedy"] == "call it data or shapes"


def test_what_cannot_be_read_is_named_with_its_place(client: httpx.Client) -> None:
    details = problem(client.post("/validate", files=files(DATA, DATA + "ex:a ex:b")), 400)
    assert "data1.ttl" in details["detail"]
    assert details["line"] == DATA.count("\n") + 1
    broken = problem(client.post("/validate", files=files(DATA, shapes=SHAPES + "]")), 400)
    assert "shapes.ttl" in broken["detail"]
    assert broken["line"] == SHAPES.count("\n") + 1


def test_misspelt_shapes_are_400_and_no_violations(client: httpx.Client) -> None:
    shapes = SHAPES.replace("sh:minCount", "sh:minCuont")
    details = problem(client.post("/validate", files=files(DATA, shapes=shapes)), 400)
    assert "minCuont" in details["detail"]
    assert details["detail"].startswith("shapes.ttl: the shapes cannot be used: ")
    assert details["line"] == PREFIX.count("\n") + 1


def test_designations_are_explained_on_the_page(client: httpx.Client) -> None:
    kind = f"<{PREFIXES['es']}SpecifiedCriticalProductDesignation>"
    form = [
        ("data", ("d.ttl", f"<x:d> a <{PREFIXES['es']}Designation>, {kind} .".encode(), TURTLE))
    ]
    for language, said in (("en", "Not valid: x:d does not"), ("ja", "無効：「x:d」は")):
        query = f"report=html&profile=designation&lang={language}"
        assert said in client.post(f"/validate?{query}", files=form).text
    assert "Not valid" not in client.post("/validate?report=text&lang=en", files=form).text


def test_data_in_no_graph_are_said_to_be_in_none(client: httpx.Client) -> None:
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<Port xmlns="http://example.org/" rdf:about="http://example.org/osaka"/></rdf:RDF>'
    )
    parts = [*files(DATA), ("data", ("osaka.rdf", xml.encode(), "application/rdf+xml"))]
    found = report(client.post("/validate?report=json", files=parts))["results"]
    assert [(each["graph"], each["place"]) for each in found] == [
        (None, {"document": "data0.ttl", "line": 4}),
        (None, {"document": "osaka.rdf", "line": None}),
        (None, {"document": "data0.ttl", "line": 3}),
    ]


def test_shapes_that_reach_out_are_refused(client: httpx.Client) -> None:
    query = "SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }"
    shapes = PREFIX + f'ex:S sh:targetClass ex:Port ; sh:sparql [ sh:select "{query}" ] .'
    details = problem(client.post("/validate", files=files(DATA, shapes=shapes)), 403)
    assert "SERVICE" in details["detail"]


def test_other_media_types_are_415(client: httpx.Client) -> None:
    answer = client.post("/validate", content=b"a,b", headers={"Content-Type": "text/csv"})
    problem(answer, 415)
    assert "multipart/form-data" in answer.headers["accept-post"]


def test_too_much_is_413(serving: Serving) -> None:
    with serving(Settings(max_upload_bytes=100)) as client:
        answer = client.post("/validate", content=DATA * 9, headers={"Content-Type": TURTLE})
        assert problem(answer, 413)["limit"] == "max_upload_bytes"


def test_it_is_posted_to(client: httpx.Client) -> None:
    problem(client.delete("/validate"), 405)
    answer = client.options("/validate")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_people_get_a_form(client: httpx.Client) -> None:
    answer = client.get("/validate", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'enctype="multipart/form-data"' in answer.text


def test_pages_elsewhere_may_read_the_verdict(client: httpx.Client) -> None:
    answer = client.post("/validate", files=files(GOOD), headers={"Origin": "http://a.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "EconSec-Conforms" in answer.headers["access-control-expose-headers"]


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with one worker, a process that can be killed."""

    def fill(store: ox.Store) -> None:
        store.update(f"INSERT DATA {{ {ONTOLOGY} }}")

    root = tmp_path_factory.mktemp("location")
    Location.create(root).publish(fill)
    settings = Settings(workers=1, quota_seconds=60)
    backend = location_backend(root, settings, is_writable=False)
    with (
        listening(backend, settings) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as client,
    ):
        yield client


def test_a_worker_judges_and_the_client_pays(workers: httpx.Client) -> None:
    answer = workers.post("/validate", files=files(DATA), headers={"Accept": "application/json"})
    assert len(report(answer)["results"]) == 2
    assert answer.headers["econsec-conforms"] == "false"
    after = workers.get("/health/live")
    assert "ratelimit" not in after.headers
    assert workers.get("/shapes?format=json").headers["ratelimit"]


def test_an_expensive_pattern_costs_its_worker_alone(workers: httpx.Client) -> None:
    data = PREFIX + f'ex:p a ex:Port ; ex:name "{"a" * 40}!" .'
    # A backreference is what no engine matches in linear time.
    shapes = PREFIX + (
        "ex:S sh:targetClass ex:Port ; sh:property [ sh:path ex:name ; "
        r'sh:pattern "^(?:(a+)+)+(?=b)$" ] .'
    )
    answer = workers.post("/validate?timeout=2", files=files(data, shapes=shapes))
    if answer.status_code == 400:  # patterns outside of what all engines share are refused
        assert "pattern" in problem(answer, 400)["detail"]
    else:
        assert problem(answer, 503)["limit"] == "deadline_seconds"
    good = workers.post("/validate", files=files(GOOD))
    assert good.headers["econsec-conforms"] == "true"


def test_a_deadline_is_kept(workers: httpx.Client) -> None:
    many = PREFIX + "".join(f"ex:p{n} a ex:Port .\n" for n in range(40_000))
    answer = workers.post("/validate?timeout=0.3", files=files(many))
    details = problem(answer, 503)
    assert (details["limit"], details["retryable"]) == ("deadline_seconds", False)
    assert details["detail"].startswith("the validation was not finished within 0.3 s")
    assert "query" not in details["title"]
    assert json.loads(workers.get("/health/live").content) == {"status": "live"}
