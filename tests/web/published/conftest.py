"""A server over the packaged data, asked as programs ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Store, parse

Serving = Callable[[ox.Store], AbstractContextManager[httpx.Client]]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SYNTAXES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="session")
def site(dataset: Store, serving_data: Serving) -> Iterator[httpx.Client]:
    """A client of a server over the packaged data set."""
    with serving_data(dataset) as client:
        client.timeout = httpx.Timeout(60)
        yield client


@pytest.fixture(scope="session")
def triples(site: httpx.Client) -> Callable[[httpx.Response], set[ox.Triple]]:
    """What an answer states; the context that it names is the one that is served."""
    context = site.get("/context.jsonld").text

    def read(answer: httpx.Response) -> set[ox.Triple]:
        assert answer.status_code == 200, answer.text[:500]
        syntax = SYNTAXES[answer.headers["content-type"].partition(";")[0]]
        text = answer.text
        if syntax == RdfFormat.JSON_LD:
            name = '"@context": "https://w3id.org/econsec/context.jsonld"'
            inlined = context.strip().removeprefix("{").removesuffix("}")
            text = text.replace(name, inlined, 1)
        return {quad.triple for quad in parse(text, syntax, base_iri="http://x/")}

    return read
