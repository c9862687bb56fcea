"""`/sparql` as a page: who gets it, what is in it, and what its editor completes by."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pyoxigraph import Store

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.knowledge.catalogue import read_catalogue
from econsec.paths import resources
from econsec.rdf.namespaces import ES, PREFIXES
from econsec.settings import Settings

from .conftest import asking, listening

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
ASK = "ASK { ?s ?p ?o }"
EXAMPLES = read_catalogue(resources() / "queries")["examples"]


@pytest.fixture(scope="module")
def reader(dataset: Store) -> Iterator[httpx.Client]:
    """A client of a server over the packaged data set."""
    backend = InProcess(EmbeddedStore(dataset, Settings()))
    with listening(backend, Settings(quota_seconds=100_000)) as root, asking(root) as client:
        yield client


def page(client: httpx.Client, *, language: str = "en", **parameters: str) -> httpx.Response:
    headers = {"Accept": BROWSER, "Accept-Language": language}
    return client.get("/sparql", params=parameters, headers=headers)


def text_of(response: httpx.Response) -> str:
    """What stands in the text area."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", response.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def kind(response: httpx.Response) -> str:
    return response.headers["Content-Type"].partition(";")[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("application/xhtml+xml, text/html;q=0.9", "text/html"),
        ("text/html;q=0.5, text/turtle", "text/turtle"),
        ("text/html;q=0.5, text/turtle;q=0.4", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json, text/html;q=0.9", "application/ld+json"),
        ("*/*", "text/turtle"),
        (None, "text/turtle"),
    ],
)
def test_the_page_is_for_who_likes_it_best(
    client: httpx.Client, accept: str | None, expected: str
) -> None:
    response = client.get("/sparql", headers={} if accept is None else {"Accept": accept})
    assert response.status_code == 200, response.text
    assert kind(response) == expected
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "parameters", "status", "expected"),
    [
        (BROWSER, {}, 200, "text/html"),
        (BROWSER, {"format": "csv"}, 200, "text/csv"),
        (JAVA, {}, 200, "application/sparql-results+json"),
        ("text/html", {}, 406, "application/problem+json"),
        ("*/*", {}, 200, "application/sparql-results+json"),
        (None, {}, 200, "application/sparql-results+json"),
        ("*/*", {"format": "html"}, 200, "text/html"),
    ],
)
def test_a_query_is_opened_for_browsers_and_answered_for_programs(
    client: httpx.Client,
    accept: str | None,
    parameters: dict[str, str],
    status: int,
    expected: str,
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.get("/sparql", params={"query": ASK, **parameters}, headers=headers)
    assert response.status_code == status
    # A refusal may be told in a page, too.
    assert kind(response) == expected or (status == 406 and kind(response) == "text/html")
    if expected == "text/html":
        assert text_of(response) == ASK


def test_a_post_is_never_a_page(client: httpx.Client) -> None:
    response = client.post("/sparql", data={"query": ASK}, headers={"Accept": BROWSER})
    assert kind(response) != "text/html"
    assert response.status_code == 200


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_lists_every_example_by_topic(reader: httpx.Client, language: str) -> None:
    response = page(reader, language=language)
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    for example in EXAMPLES:
        assert f"/sparql?example={example.name}" in response.text
        assert example.title[language] in html.unescape(response.text)
    headings = re.findall(r"<h3>(.+?)</h3>", response.text)
    assert 3 <= len(headings) < len(EXAMPLES) / 2
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", [example.name for example in EXAMPLES])
def test_an_example_opens_and_answers(reader: httpx.Client, name: str, language: str) -> None:
    response = page(reader, language=language, example=name)
    assert response.status_code == 200
    text = text_of(response)
    assert "#+" not in text
    title = next(example for example in EXAMPLES if example.name == name).title[language]
    assert text.startswith(f"# {title}\n")
    answer = reader.get("/sparql", params={"query": text, "format": "json"})
    assert answer.status_code == 200, answer.text
    found: Any = answer.json()
    rows = found["results"]["bindings"] if "results" in found else found
    assert len(rows) > 0


def test_an_unknown_example_is_missing(reader: httpx.Client) -> None:
    response = page(reader, example="<b>nothing")
    assert response.status_code == 404
    assert "&lt;b&gt;nothing" in response.text
    assert "<b>nothing" not in response.text


def test_a_query_of_ones_own_is_text(reader: httpx.Client) -> None:
    query = '\n</textarea><script>alert(1)</script> "&amp;'
    response = page(reader, query=query)
    assert "<script>alert" not in response.text
    assert text_of(response) == query


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("path", ["/sparql", "/docs"])
def test_nothing_comes_from_elsewhere(reader: httpx.Client, path: str, language: str) -> None:
    response = reader.get(path, headers={"Accept": BROWSER, "Accept-Language": language})
    assert response.status_code == 200
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]*)"', response.text)
    assert loaded
    assert [each for each in loaded if not each.startswith(("/", "data:"))] == []
    assert re.search(r"<script(?![^>]*(?:src=|application/json))", response.text) is None
    assert re.search(r'\s(?:style|on\w+)="', response.text) is None


def test_the_policy_lets_no_text_become_a_script(reader: httpx.Client) -> None:
    policies = {
        path: reader.get(path, headers={"Accept": BROWSER}).headers["Content-Security-Policy"]
        for path in ("/sparql", "/docs", "/")
    }
    for policy in policies.values():
        assert "script-src 'self';" in policy
        assert "connect-src 'self'" in policy
        assert "eval" not in policy
    assert "style-src 'self' 'unsafe-inline'" in policies["/sparql"]
    assert "style-src 'self';" in policies["/docs"]


def test_it_completes_by_the_terms_of_the_data(reader: httpx.Client) -> None:
    response = reader.get("/sparql/terms")
    known = response.json()
    assert known["prefixes"] == PREFIXES
    terms = {(term["iri"], term["kind"]): term for term in known["terms"]}
    chokepoint = terms[ES("Chokepoint").value, "class"]
    assert chokepoint["labels"] == {"en": "chokepoint", "ja": "チョークポイント"}
    assert terms[f"{PREFIXES['rdf']}type", "property"]["labels"] == {}
    assert sum(kind == "class" for _, kind in terms) > 100
    assert sum(kind == "property" for _, kind in terms) > 100
    again = reader.get("/sparql/terms", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_script_is_told_what_it_needs(reader: httpx.Client) -> None:
    response = page(reader, language="ja")
    found = re.search(r'id="editor-settings">(.*?)</script>', response.text, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    assert told["endpoint"] == "/sparql"
    assert told["language"] == "ja"
    assert told["run"] is False
    used = set(re.findall(r'\bt\(\s*"(\w+)"', scripts()))
    assert used and used <= set(told["texts"])
    opened = page(reader, query=ASK).text
    assert '"run": true' in opened


def scripts() -> str:
    """The sources of the editor; the package has them built alone."""
    folder = resources() / "server" / "web" / "src"
    files = [folder / "editor.js", *(folder / "lib").glob("*.js")]
    return "\n".join(file.read_text("utf-8") for file in files)
