"""Over HTTP: what is too complex is a problem that names its limit, and the server goes on."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from econsec.rdf.namespaces import BASE
from econsec.settings import Settings

SETTINGS = Settings()
DIRECT = {"Content-Type": "application/sparql-query"}

TOO_MUCH = {
    "nesting": ("ASK " + "{" * 65 + "}" * 65, "max_nesting", 69),
    "operators": ("ASK { FILTER(" + "+".join("1" * 501) + ") }", "max_operators", 1011),
    "triple patterns": ("ASK {" + "?s ?p ?o." * 81 + "}", "max_triple_patterns", 732),
    "path steps": ("ASK { ?s " + "/".join("a" * 52) + " ?o }", "max_path_steps", 111),
    "list elements": ("ASK { (" + "1 " * 51 + ") ?p ?o }", "max_list_elements", 108),
    "reads": ("ASK { FILTER(" + "!(" * 24 + "1 1" + ")" * 24 + ") }", "max_reads", None),
}
ABSURD = {
    "100,000 groups": "ASK " + "{" * 100_000 + "}" * 100_000,
    "100,000 open brackets": "ASK { ?s ?p " + "(" * 100_000,
    "100,000 calls": "ASK { FILTER(" + "STR(" * 100_000,
    "20,000 terms": "ASK { FILTER(" + "+".join("1" * 20_000) + ") }",
    "20,000 arms": "ASK {" + " UNION ".join(["{}"] * 20_000) + "}",
    "20,000 patterns": "ASK {" + "?s?p?o." * 20_000 + "}",
    "20,000 optionals": "ASK {" + "OPTIONAL{}" * 20_000 + "}",
    "20,000 steps": "ASK { ?s " + "/".join("a" * 20_000) + " ?o }",
    "20,000 elements": "ASK { ?s ?p (" + "1 " * 20_000 + ") }",
}


def asked(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/sparql", content=text, headers=DIRECT)


def problem(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/problem+json"
    details: dict[str, Any] = response.json()
    assert details["status"] == response.status_code
    assert details["retryable"] is False
    return details


def still_answers(client: httpx.Client) -> bool:
    return asked(client, "ASK {}").text == '{"head":{},"boolean":true}'


@pytest.mark.parametrize("name", TOO_MUCH)
def test_going_over_a_limit_is_placed_and_named(client: httpx.Client, name: str) -> None:
    text, limit, column = TOO_MUCH[name]
    if limit == "max_list_elements":  # two patterns are hidden in each: these go over first
        limit, column = "max_triple_patterns", 88
    response = asked(client, text)
    details = problem(response)
    assert response.status_code == 400
    kind = "too-deep" if limit == "max_nesting" else "too-complex"
    assert details["type"] == f"{BASE}problems/{kind}"
    assert (details["limit"], details["line"]) == (limit, 1)
    assert details["column"] == column or column is None
    assert f"{limit}, {getattr(SETTINGS, limit)}" in details["detail"]
    assert still_answers(client)


@pytest.mark.parametrize("name", ABSURD)
def test_absurd_sizes_are_refused(client: httpx.Client, name: str) -> None:
    response = asked(client, ABSURD[name])
    details = problem(response)
    if len(ABSURD[name]) > SETTINGS.max_query_bytes:
        assert (response.status_code, details["limit"]) == (413, "max_query_bytes")
    else:
        assert response.status_code == 400
        assert details["limit"] in {"max_operators", "max_path_steps", "max_triple_patterns"}
        assert details["line"] == 1
    assert still_answers(client)


def test_load_is_refused(client: httpx.Client) -> None:
    response = asked(client, "ASK {} ;\n LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <x:g>")
    details = problem(response)
    assert (response.status_code, details["line"], details["column"]) == (403, 2, 2)
    assert details["detail"] == "LOAD <http://127.0.0.1:9/> is not on the allow-list"
