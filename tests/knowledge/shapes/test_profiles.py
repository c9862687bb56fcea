"""Profiles: what they select, by way of one another too, and what is left of the rest."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from econsec.errors import UsageError
from econsec.knowledge.shapes.profiles import read_profiles, select, shapes_of
from econsec.rdf.namespaces import ESH, PREFIXES, SH

HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("esh", "sh", "es"))
SHAPES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
esh:one a esh:Profile ; skos:notation "one" ; dcterms:hasPart esh:A .
esh:both a esh:Profile ; skos:notation "both" ; dcterms:hasPart esh:one , esh:B .
esh:loop a esh:Profile ; skos:notation "loop" ; dcterms:hasPart esh:loop , esh:both .
esh:A a sh:NodeShape ; sh:targetClass es:Actor ; sh:node esh:B .
esh:B a sh:NodeShape ; sh:targetSubjectsOf es:onDate ; sh:targetNode es:x .
"""


@pytest.fixture
def quads() -> list[Quad]:
    return list(parse((HEAD + SHAPES).encode(), RdfFormat.TURTLE))


def test_a_profile_selects_its_shapes(quads: list[Quad]) -> None:
    assert shapes_of("one", read_profiles(quads)) == {ESH("A")}


@pytest.mark.parametrize("name", ["both", "loop"])
def test_a_profile_selects_the_shapes_of_the_profiles_in_it(quads: list[Quad], name: str) -> None:
    assert shapes_of(name, read_profiles(quads)) == {ESH("A"), ESH("B")}


def test_an_unknown_profile_names_the_known_ones(quads: list[Quad]) -> None:
    with pytest.raises(UsageError, match=r"no profile 'ono' \(known are both, loop, one\)"):
        shapes_of("ono", read_profiles(quads))


def test_shapes_that_are_not_selected_stay_without_their_targets(quads: list[Quad]) -> None:
    left = {
        quad.predicate for quad in select(quads, frozenset({ESH("A")})) if "#target" in str(quad)
    }
    assert left == {SH("targetClass")}
    assert len(select(quads, frozenset({ESH("A")}))) == len(quads) - 2
