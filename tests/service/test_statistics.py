"""The numbers of the description are those of the data."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.rdf.namespaces import GRAPH, RDF, SKOS, XSD
from econsec.service.statistics import URI_SPACE, Counts, Statistics
from econsec.settings import Settings


def backend(store: Store) -> InProcess:
    return InProcess(EmbeddedStore(store, Settings()))


@pytest.fixture(scope="module")
def counts(dataset: Store) -> Iterator[Counts]:
    yield asyncio.run(Statistics(backend(dataset)).counts())


@pytest.fixture(scope="module")
def quads(dataset: Store) -> list[ox.Quad]:
    return [*dataset.quads_for_pattern(None, None, None, DefaultGraph())]


def test_the_whole_is_counted(counts: Counts, quads: list[ox.Quad]) -> None:
    assert counts.triples == len(quads)
    assert counts.subjects == len({quad.subject for quad in quads})
    assert counts.objects == len({quad.object for quad in quads})
    named = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    assert counts.entities == sum(each.value.startswith(URI_SPACE) for each in named)
    assert counts.is_detailed


def test_classes_and_properties_are_counted(counts: Counts, quads: list[ox.Quad]) -> None:
    types = Counter(str(quad.object) for quad in quads if quad.predicate == RDF("type"))
    assert {f"<{each.iri}>": each.entities for each in counts.classes} == {
        name: number for name, number in types.items() if name.startswith("<")
    }
    properties = Counter(quad.predicate.value for quad in quads)
    assert {each.iri: each.triples for each in counts.properties} == properties
    label = next(each for each in counts.properties if each.iri == SKOS("prefLabel").value)
    assert label.subjects == len(
        {quad.subject for quad in quads if quad.predicate == SKOS("prefLabel")}
    )


def test_datatypes_are_counted_within_classes_and_without(
    counts: Counts, quads: list[ox.Quad]
) -> None:
    expected: dict[str, Counter[str]] = {}
    types: dict[object, set[object]] = {}
    for quad in quads:
        if quad.predicate == RDF("type"):
            types.setdefault(quad.subject, set()).add(quad.object)
        if isinstance(quad.object, Literal):
            found = expected.setdefault(quad.predicate.value, Counter())
            found[quad.object.datatype.value] += 1
    assert {each.iri: each.datatypes for each in counts.properties if each.datatypes} == expected
    some = counts.classes[len(counts.classes) // 2]
    within = Counter(
        (quad.predicate.value, quad.object.datatype.value)
        for quad in quads
        if isinstance(quad.object, Literal)
        and NamedNode(some.iri) in types.get(quad.subject, set())
    )
    assert within == {
        (use.iri, datatype): number
        for use in some.properties
        for datatype, number in use.datatypes.items()
    }


def test_links_are_grouped_by_where_they_lead(counts: Counts, dataset: Store) -> None:
    wikidata = "http://www.wikidata.org/entity/"
    expected = Counter(
        quad.predicate.value
        for quad in dataset.quads_for_pattern(None, None, None, GRAPH("alignment"))
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(wikidata)
    )
    assert expected
    found = {each.predicate: each.triples for each in counts.links if each.target == wikidata}
    assert found == expected
    targets = {each.target for each in counts.links}
    assert {"https://ror.org/", "https://w3id.org/econsec/vocab/hs2022/"} <= targets
    assert not any(each.startswith(URI_SPACE) for each in targets)


def test_an_empty_data_set_has_nothing() -> None:
    found = asyncio.run(Statistics(backend(ox.Store())).counts())
    assert (found.triples, found.classes, found.properties, found.examples) == (0, (), (), ())


def test_a_commit_is_counted_once_and_the_next_anew() -> None:
    store = ox.Store()
    store.update("INSERT DATA { <x:a> <x:p> 1 }")
    running = backend(store)
    statistics = Statistics(running)

    async def count() -> tuple[Counts, Counts, Counts]:
        first = await statistics.counts()
        store.update("INSERT DATA { <x:a> <x:p> 2 }")
        same = await statistics.counts()
        running.publication = Publication(commit=1)
        return first, same, await statistics.counts()

    counted = asyncio.run(count())
    assert tuple(each.triples for each in counted) == (1, 1, 2)
    assert XSD("integer").value in counted[-1].properties[0].datatypes
