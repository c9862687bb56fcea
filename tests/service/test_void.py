"""The VoID description as tools read it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from pyoxigraph import Store

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import PREFIXES
from econsec.service import void
from econsec.service.catalogue import Catalogue
from econsec.service.census import Census
from econsec.service.statistics import Statistics
from econsec.settings import Settings

ROOT = "http://example.org"


def description(store: Store) -> ox.Store:
    async def described() -> void.Described:
        backend = InProcess(EmbeddedStore(store, Settings()))
        return void.Described(
            root=ROOT,
            manifested=await Catalogue(backend).manifested(),
            counts=await Statistics(backend).counts(),
            graphs=await Census(backend).sizes(),
            dumps=[f"{ROOT}/dumps/d.nq.gz"],
        )

    found = ox.Store()
    body = void.describe(asyncio.run(described())).written(TURTLE)
    found.load(body, format=ox.RdfFormat.TURTLE)
    return found


@pytest.fixture(scope="module")
def found(dataset: Store) -> Iterator[ox.Store]:
    yield description(dataset)


def ask(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


DATASET = "<https://w3id.org/econsec/data>"


@pytest.mark.parametrize(
    "pattern",
    [
        f"<{ROOT}/.well-known/void> a void:DatasetDescription ; foaf:primaryTopic {DATASET}",
        f"{DATASET} void:sparqlEndpoint <{ROOT}/sparql> ; void:dataDump <{ROOT}/dumps/d.nq.gz>",
        f'{DATASET} void:uriSpace "https://w3id.org/econsec/id/" ; void:exampleResource ?thing',
        f"{DATASET} void:vocabulary es: , skos: , owl:",
        f"{DATASET} owl:versionInfo ?version ; dcterms:license ?licence",
        f"{DATASET} void:classPartition [ void:class es:Chokepoint ; void:entities ?number ;"
        " void:propertyPartition [ void:property skos:prefLabel ;"
        " void-ext:datatypePartition [ void-ext:datatype rdf:langString ; void:triples ?t ] ] ]",
        f"{DATASET} void:propertyPartition [ void:property es:dateInferred ;"
        " void:distinctSubjects ?s ; void-ext:datatypePartition"
        " [ void-ext:datatype xsd:boolean ] ]",
        f"{DATASET} void:subset [ a void:Linkset ; void:subjectsTarget {DATASET} ;"
        " void:objectsTarget [ void:uriSpace 'https://ror.org/' ] ; void:triples 15 ]",
        f"{DATASET} void:subset graph:reference . graph:reference void:triples ?t ;"
        " dcterms:title ?title",
    ],
)
def test_the_description_has(found: ox.Store, pattern: str) -> None:
    assert ask(found, pattern), pattern


def test_the_subsets_are_the_graphs_of_the_manifest(found: ox.Store, dataset: Store) -> None:
    query = f"SELECT ?g {{ {DATASET} void:subset ?g . FILTER NOT EXISTS {{ ?g a void:Linkset }} }}"
    graphs = {str(row["g"]) for row in found.query(query, prefixes=PREFIXES)}  # type: ignore
    assert graphs == {str(each) for each in dataset.named_graphs()}


def test_a_data_set_without_a_manifest_is_described_by_its_numbers() -> None:
    store = ox.Store()
    store.update("INSERT DATA { <x:a> a <http://example.org/v#C> ; <x:p> 1 }")
    bare = description(store)
    assert ask(bare, f"<{ROOT}/.well-known/void#dataset> a void:Dataset ; void:triples 2")
    assert ask(bare, "?d void:vocabulary <http://example.org/v#>")
    assert ask(bare, "?d void:classPartition [ void:class <http://example.org/v#C> ]")
