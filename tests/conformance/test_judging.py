"""The judge, on tests whose outcome is plain."""

from __future__ import annotations

from pathlib import Path

import pytest
from w3c.exchange import Exchange
from w3c.judging import judge
from w3c.manifest import Document, Source, Test
from w3c.outcome import Verdict
from w3c.server import Server
from w3c.suites import Suite

DATA = "<http://e.org/a> <http://e.org/b> 2 , 1 ."


@pytest.fixture
def judged(tmp_path: Path, server: Server) -> Judged:
    return Judged(tmp_path, server)


class Judged:
    """Makes a test of texts and judges it."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder = folder
        self._server = server

    def document(self, name: str, text: str) -> Document:
        path = self._folder / name
        path.write_text(text)
        return Document(f"http://e.org/{name}", path)

    def __call__(
        self,
        type: str,
        request: str = "",
        *,
        result: tuple[str, str] | None = None,
        after: str = "",
        exchange: Exchange | None = None,
    ) -> Verdict:
        test = Test(
            iri="http://e.org/manifest#test",
            key="e#test",
            name="test",
            suite=Suite("e"),
            type=type,
            request=self.document("request", request),
            data=(Source(self.document("data.ttl", DATA)),),
            result=None if result is None else self.document(*result),
            after=(Source(self.document("after.ttl", after)),),
            exchanges=() if exchange is None else (exchange,),
        )
        return judge(test, self._server).verdict


@pytest.mark.parametrize(
    ("query", "file", "expected", "verdict"),
    [
        ("SELECT ?o { ?s ?p ?o }", "r.tsv", "?o\n1\n2\n", "passed"),
        ("SELECT ?o { ?s ?p ?o }", "r.tsv", "?o\n2\n1\n", "passed"),
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o", "r.tsv", "?o\n1\n2\n", "passed"),
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o", "r.tsv", "?o\n2\n1\n", "failed"),
        ("SELECT ?o { ?s ?p ?o } LIMIT 1", "r.tsv", "?o\n1\n2\n", "failed"),
        ("SELECT ?o { ?s ?p ?o } LIMIT", "r.tsv", "?o\n1\n2\n", "failed"),
        ("SELECT ?o { ?s ?p ?o }", "r.csv", "o\r\n1\r\n2\r\n", "passed"),
        ("SELECT ?o { ?s ?p ?o }", "r.csv", "o\r\n1\r\n3\r\n", "failed"),
        ("ASK { <a> <b> 1 }", "r.srj", '{"head": {}, "boolean": true}', "passed"),
        ("ASK { <a> <b> 1 }", "r.srj", '{"head": {}, "boolean": false}', "failed"),
        ("CONSTRUCT { ?s <c> [] } { ?s ?p 1 }", "r.ttl", "<a> <c> []", "passed"),
        ("CONSTRUCT { ?s <c> [] } { ?s ?p 1 }", "r.ttl", "<a> <c> <a>", "failed"),
        ("ASK { SERVICE <x> {} }", "r.srj", '{"head": {}, "boolean": true}', "inapplicable"),
    ],
)
def test_queries(judged: Judged, query: str, file: str, expected: str, verdict: str) -> None:
    expected = expected + " ." if file.endswith("ttl") else expected
    assert judged("QueryEvaluationTest", query, result=(file, expected)) == verdict


@pytest.mark.parametrize(
    ("type", "text", "verdict"),
    [
        ("PositiveSyntaxTest11", "ASK {}", "passed"),
        ("PositiveSyntaxTest11", "ASK {", "failed"),
        ("NegativeSyntaxTest11", "ASK {", "passed"),
        ("NegativeSyntaxTest11", "ASK {}", "failed"),
        ("PositiveUpdateSyntaxTest11", "CLEAR ALL", "passed"),
        ("PositiveUpdateSyntaxTest11", "PREFIX : <x> # nothing\n", "passed"),
        ("PositiveUpdateSyntaxTest11", "LOAD <http://127.0.0.1:9/never-asked>", "passed"),
        ("PositiveUpdateSyntaxTest11", "CLEAR", "failed"),
        ("NegativeUpdateSyntaxTest11", "CLEAR", "passed"),
        ("NegativeUpdateSyntaxTest11", "CLEAR ALL", "failed"),
    ],
)
def test_syntax(judged: Judged, type: str, text: str, verdict: str) -> None:
    assert judged(type, text) == verdict


@pytest.mark.parametrize(
    ("update", "after", "verdict"),
    [
        ("DELETE WHERE { ?s ?p 1 }", "<a> <b> 2 .", "passed"),
        ("DELETE WHERE { ?s ?p 1 }", "<a> <b> 1 , 2 .", "failed"),
        ("DELETE WHERE { ?s ?p", "<a> <b> 1 , 2 .", "failed"),
        ("LOAD SILENT <http://127.0.0.1:9/never-asked>", DATA, "inapplicable"),
    ],
)
def test_updates(judged: Judged, update: str, after: str, verdict: str) -> None:
    assert judged("UpdateEvaluationTest", update, after=after) == verdict


@pytest.mark.parametrize(
    ("statuses", "format", "boolean", "verdict"),
    [
        ({"2xx", "3xx"}, "boolean", True, "passed"),
        ({"200"}, None, None, "passed"),
        ({"4xx"}, None, None, "failed"),
        ({"2xx"}, "boolean", False, "failed"),
        ({"2xx"}, "RDF", None, "failed"),
    ],
)
def test_exchanges(
    judged: Judged, statuses: set[str], format: str | None, boolean: bool | None, verdict: str
) -> None:
    path = "/sparql/?query=ASK%20%7B%7D"
    exchange = Exchange(
        method="GET", path=path, statuses=frozenset(statuses), format=format, boolean=boolean
    )
    assert judged("ProtocolTest", exchange=exchange) == verdict
