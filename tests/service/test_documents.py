"""The document of a thing as JSON-LD states what its other forms state."""

from __future__ import annotations

import asyncio
import json

import pyoxigraph as ox
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.rdf.formats import JSON_LD, N_TRIPLES, TRIG
from econsec.service.about import Facts
from econsec.service.contexts import document as context
from econsec.service.documents import written
from econsec.service.resources import Resource, Resources
from econsec.settings import Settings

URL = "http://example.org/doc"
THINGS = [
    "good/permanent-magnets",
    "actor/japan",
    "section/meti-2023-01-s06",
    "chokepoint/important-technologies-and-goods",
    "designation/specified-critical-product-permanent-magnets",
]


@pytest.fixture(scope="module")
def resources(dataset: Store) -> Resources:
    return Resources(InProcess(EmbeddedStore(dataset, Settings())))


def canonical(quads: object) -> set[str]:
    found = Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)  # type: ignore
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in found}


@pytest.mark.parametrize("name", THINGS)
def test_all_forms_state_the_same(resources: Resources, name: str) -> None:
    thing: Resource = asyncio.run(resources.resource(f"https://w3id.org/econsec/id/{name}"))
    about = Facts(licence="https://creativecommons.org/licenses/by/4.0/")
    compact = json.loads(written(thing, url=URL, about=about, format=JSON_LD))
    compact["@context"] = json.loads(context())["@context"]
    found = canonical(parse(json.dumps(compact), RdfFormat.JSON_LD))
    for format, syntax in ((N_TRIPLES, RdfFormat.N_TRIPLES), (TRIG, RdfFormat.TRIG)):
        assert (
            canonical(parse(written(thing, url=URL, about=about, format=format), syntax)) == found
        )
    assert len(found) > 10


def test_graphs_are_told_where_the_format_has_them(resources: Resources) -> None:
    thing = asyncio.run(resources.resource("https://w3id.org/econsec/id/actor/japan"))
    body = written(thing, url=URL, about=Facts(), format=TRIG)
    graphs = {quad.graph_name for quad in parse(body, RdfFormat.TRIG)}
    assert len({each for each in graphs if isinstance(each, ox.NamedNode)}) > 3
