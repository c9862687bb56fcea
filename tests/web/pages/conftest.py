"""Servers over the packaged data, and over data that would do harm if pages let them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pyoxigraph as ox
import pytest
from justhtml import JustHTML
from pyoxigraph import Store

Serving = Callable[[ox.Store], AbstractContextManager[httpx.Client]]

HOSTILE = r"""
PREFIX es: <https://w3id.org/econsec/ontology#>
PREFIX good: <https://w3id.org/econsec/id/good/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { GRAPH <https://w3id.org/econsec/graph/hostile> {
    good:evil a es:Good ;
        skos:prefLabel "<img src=x onerror=alert(1)>"@en , "</script><script>alert(2)</script>"@ja ;
        skos:definition "\u202Ereversed \u0007 & <b>bold</b>"@en ;
        skos:note "'\"><svg onload=alert(3)>" ;
        es:concerns <javascript:alert(4)> , <data:text/html,x> , <vbscript:x> ,
            <https://example.org/a'b> , <https://example.org/plain> , <mailto:a@example.org> ;
        <javascript:alert(5)> "a predicate" .
    <javascript:alert(6)> es:concerns good:evil .
} } ;
INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }
"""


@pytest.fixture(scope="session")
def site(dataset: Store, serving_data: Serving) -> Iterator[httpx.Client]:
    """A client of a server over the packaged data set."""
    with serving_data(dataset) as client:
        client.timeout = httpx.Timeout(60)  # the dumps are packed when they are first asked for
        yield client


@pytest.fixture(scope="session")
def hostile(serving_data: Serving) -> Iterator[httpx.Client]:
    """A client of a server whose data are markup and addresses that run."""
    store = ox.Store()
    store.update(HOSTILE)
    with serving_data(store) as client:
        yield client


@pytest.fixture(scope="session")
def parsed() -> Callable[[httpx.Response], JustHTML]:
    """The page of an answer, which must be HTML without a parse error."""

    def parse(answer: httpx.Response) -> JustHTML:
        assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text[:500]
        page = JustHTML(answer.text, collect_errors=True, sanitize=False)
        assert page.errors == [], answer.request.url
        return page

    return parse
