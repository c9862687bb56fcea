"""The catalogue has what DCAT-AP 3.0 demands.

The mandatory properties are those of https://semiceu.github.io/DCAT-AP/releases/3.0.0/
(classes Agent, Catalogue, Data Service, Dataset, Distribution, Checksum), with their
cardinalities as in its shapes:
https://github.com/SEMICeu/DCAT-AP/blob/master/releases/3.0.0/shacl/dcat-ap-SHACL.ttl
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from econsec.rdf.formats import N_QUADS, TRIG, TURTLE
from econsec.rdf.namespaces import DCAT, DCTERMS, FOAF, OWL, RDF, SPDX, VCARD, XSD
from econsec.service.catalogue import Entry, Manifested
from econsec.service.dcat import Described, describe
from econsec.service.dumps import Dump, Release
from econsec.service.named import Named

ROOT = "http://example.org"
IRI = "https://w3id.org/econsec/data"
SHA = "ab" * 32
LITERAL, NODE = Literal, NamedNode
MANDATORY = {
    FOAF("Agent"): {FOAF("name"): LITERAL},
    DCAT("Catalog"): {
        DCTERMS("title"): LITERAL,
        DCTERMS("description"): LITERAL,
        DCTERMS("publisher"): NODE,
    },
    DCAT("Dataset"): {DCTERMS("title"): LITERAL, DCTERMS("description"): LITERAL},
    DCAT("DataService"): {DCTERMS("title"): LITERAL, DCAT("endpointURL"): NODE},
    DCAT("Distribution"): {DCAT("accessURL"): NODE},
    SPDX("Checksum"): {SPDX("algorithm"): NODE, SPDX("checksumValue"): LITERAL},
}
AT_MOST_ONE = (
    DCTERMS("publisher"),
    DCTERMS("license"),
    DCTERMS("modified"),
    DCTERMS("accessRights"),
    DCAT("byteSize"),
    DCAT("mediaType"),
    DCAT("compressFormat"),
    DCAT("version"),
    SPDX("checksum"),
    SPDX("algorithm"),
    SPDX("checksumValue"),
)
TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def said(
    subject: str, predicate: NamedNode, value: str, kind: str = "literal", **more: str
) -> Entry:
    return Entry(Named(subject, "uri"), predicate.value, Named(value, kind, **more))


BARE = Described(
    root=ROOT,
    manifested=Manifested(None, ()),
    names=("d.nq.gz", "d.trig.gz"),
    formats=(N_QUADS, TRIG),
    release=None,
)
FULL = replace(
    BARE,
    manifested=Manifested(
        IRI,
        (
            said(IRI, DCTERMS("title"), "Data", language="en", datatype=TEXT),
            said(IRI, DCTERMS("title"), "データ", language="ja", datatype=TEXT),
            said(IRI, DCTERMS("license"), "https://creativecommons.org/licenses/by/4.0/", "uri"),
            said(IRI, DCTERMS("modified"), "2026-11-23", datatype=XSD("date").value),
            said(IRI, OWL("versionInfo"), "0.1.0"),
            said(IRI, DCTERMS("publisher"), "http://example.org/us", "uri"),
            said("http://example.org/us", FOAF("name"), "We"),
            said(IRI, DCAT("contactPoint"), "http://example.org/desk", "uri"),
            said("http://example.org/desk", VCARD("hasEmail"), "mailto:a@example.org", "uri"),
        ),
    ),
    release=Release(
        version="0.1.0",
        commit=1,
        quads=3,
        files=(
            Dump("d.nq.gz", N_QUADS, Path("d.nq.gz"), 100, SHA),
            Dump("d.trig.gz", TRIG, Path("d.trig.gz"), 90, SHA),
        ),
        canonical=SHA,
    ),
)


def catalogue(described: Described) -> set[Triple]:
    body = describe(described).written(TURTLE)
    return {quad.triple for quad in parse(body, RdfFormat.TURTLE)}


def faults(triples: set[Triple]) -> list[str]:
    """What the profile demands and is not there, or is there too often."""
    found = []
    for kind, properties in MANDATORY.items():
        for subject in {
            t.subject for t in triples if (t.predicate, t.object) == (RDF("type"), kind)
        }:
            for name, term in properties.items():
                values = [t.object for t in triples if (t.subject, t.predicate) == (subject, name)]
                if not values or not all(isinstance(value, term) for value in values):
                    found.append(f"{subject} has no {name}")
    for name in AT_MOST_ONE:
        subjects = [t.subject for t in triples if t.predicate == name]
        found += [f"{each} has {name} twice" for each in {*subjects} if subjects.count(each) > 1]
    return found


@pytest.mark.parametrize("described", [BARE, FULL], ids=["bare", "full"])
def test_what_the_profile_demands_is_there(described: Described) -> None:
    triples = catalogue(described)
    assert faults(triples) == []
    kinds = {t.object for t in triples if t.predicate == RDF("type")}
    assert kinds >= MANDATORY.keys() - ({SPDX("Checksum")} if described is BARE else set())


def test_the_check_finds_what_is_missing() -> None:
    triples = catalogue(FULL)
    url = next(t for t in triples if t.predicate == DCAT("accessURL"))
    assert len(faults(triples - {url})) == 1
    second = Triple(NamedNode(IRI), DCTERMS("license"), NamedNode("http://example.org/other"))
    assert len(faults({*triples, second})) == 1


def values(triples: set[Triple], subject: str, predicate: NamedNode) -> set[str]:
    found = (t for t in triples if (t.subject, t.predicate) == (NamedNode(subject), predicate))
    return {t.object.value for t in found if isinstance(t.object, Literal | NamedNode)}


def test_a_dump_says_its_size_and_its_hash() -> None:
    triples = catalogue(FULL)
    dump = f"{ROOT}/dcat#d.nq.gz"
    assert dump in values(triples, IRI, DCAT("distribution"))
    assert values(triples, dump, DCAT("downloadURL")) == {f"{ROOT}/dumps/d.nq.gz"}
    size = Literal("100", datatype=XSD("nonNegativeInteger"))
    assert Triple(NamedNode(dump), DCAT("byteSize"), size) in triples
    (checksum,) = values(triples, dump, SPDX("checksum"))
    assert values(triples, checksum, SPDX("algorithm")) == {SPDX("checksumAlgorithm_sha256").value}
    digest = Literal(SHA, datatype=XSD("hexBinary"))
    assert Triple(NamedNode(checksum), SPDX("checksumValue"), digest) in triples
    (canonical,) = values(triples, IRI, SPDX("checksum"))
    assert values(triples, canonical, DCTERMS("conformsTo")) == {"https://www.w3.org/TR/rdf-canon/"}


def test_the_service_says_where_it_is_described_and_what_it_serves() -> None:
    triples = catalogue(FULL)
    service = f"{ROOT}/dcat#service"
    assert values(triples, service, DCAT("servesDataset")) == {IRI}
    assert values(triples, service, DCAT("endpointDescription")) == {
        f"{ROOT}/sparql",
        f"{ROOT}/openapi.json",
    }


def test_the_manifest_speaks_for_the_data_set() -> None:
    triples = catalogue(FULL)
    assert values(triples, IRI, DCTERMS("title")) == {"Data", "データ"}
    assert values(triples, IRI, DCAT("version")) == {"0.1.0"}
    assert values(triples, IRI, DCTERMS("publisher")) == {"http://example.org/us"}
    assert values(triples, IRI, DCAT("contactPoint")) == {"http://example.org/desk"}
    assert values(triples, "http://example.org/desk", VCARD("hasEmail")) == {"mailto:a@example.org"}
    assert len(values(triples, IRI, DCTERMS("language"))) == 2


def test_the_sizes_are_left_out_as_long_as_nobody_knows_them() -> None:
    triples = catalogue(replace(FULL, release=None))
    assert not any(t.predicate in {DCAT("byteSize"), SPDX("checksum")} for t in triples)
    assert values(triples, f"{ROOT}/dcat#d.nq.gz", DCAT("downloadURL"))
