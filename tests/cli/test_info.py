"""`econsec info`: what a data set holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import Store

from econsec import __version__
from econsec.engine.loading import install, load
from econsec.engine.location import Location
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest
from econsec.knowledge.reading import document
from econsec.knowledge.summary import summarise
from econsec.rdf.formats import TURTLE

EX = "https://example.org/"


Command = Callable[..., Any]


@pytest.fixture
def location(root: Path, tmp_path: Path) -> Location:
    location = Location.create(tmp_path / "here")
    manifest = root / "tests" / "cases" / "dataset" / "manifest.ttl"
    install(location, build(Manifest.read(manifest)))
    return location


def test_a_location_as_json(econsec: Command, location: Location) -> None:
    outcome = econsec("info", "-l", location.root, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    report = json.loads(outcome.out)
    assert report["econsec"] == __version__
    assert report["engines"]["pyoxigraph"] == pyoxigraph.__version__
    dataset = report["dataset"]
    assert (dataset["version"], dataset["modified"]) == ("0.1.0", "2026-11-23")
    graphs = {graph["iri"]: graph for graph in dataset["graphs"]}
    assert graphs[f"{EX}graph/section/two"] == {
        "iri": f"{EX}graph/section/two",
        "triples": 4,
        "title_en": "Section two",
        "title_ja": "第二節",
    }


def test_a_location_for_people(econsec: Command, location: Location) -> None:
    outcome = econsec("info", "-l", location.root)
    assert outcome.code == 0
    assert "0.1.0 of 2026-11-23" in outcome.out.decode()
    assert "Section two" in outcome.out.decode()
    assert f"pyoxigraph {pyoxigraph.__version__}" in outcome.out.decode().replace("\n", " ")


def test_what_a_user_loaded_is_listed(econsec: Command, location: Location) -> None:
    text = f"<{EX}a> <{EX}p> 1 ."
    given = document(text.encode(), name="given", format=TURTLE)
    load(location, [given], graph=f"{EX}graph/mine")
    graphs = json.loads(econsec("info", "-l", location.root, "-f", "json").out)["dataset"]["graphs"]
    mine = next(graph for graph in graphs if graph["iri"] == f"{EX}graph/mine")
    assert (mine["triples"], mine["title_en"]) == (1, None)


def test_the_packaged_data_set(econsec: Command) -> None:
    report = json.loads(econsec("info", "-f", "json").out)
    assert report["dataset"]["entities"] > 100
    assert report["dataset"]["terms"] > 100


def test_entities_and_terms_are_counted_once_each() -> None:
    store = Store()
    store.update(
        """
        PREFIX es: <https://w3id.org/econsec/ontology#>
        PREFIX actor: <https://w3id.org/econsec/id/actor/>
        PREFIX graph: <https://w3id.org/econsec/graph/>
        INSERT DATA {
          actor:meti a es:Actor , es:Organisation .
          actor:mod a es:Actor .
          <https://example.org/id/actor/x> a es:Actor .
          GRAPH graph:ontology { es:Actor a es:Class ; es:p 1 . <https://example.org/C> a es:Class }
          GRAPH graph:other { es:Other a es:Class . actor:other a es:Actor }
        }
        """
    )
    summary = summarise(store)
    assert (summary.entities, summary.terms, summary.triples) == (2, 1, 4)
    assert (summary.version, summary.modified) == (None, None)


def test_no_location(econsec: Command, tmp_path: Path) -> None:
    outcome = econsec("info", "-l", tmp_path / "absent")
    assert outcome.code == 4
    assert "econsec build -l" in outcome.err


def test_an_unknown_format(econsec: Command) -> None:
    assert econsec("info", "-f", "xml").code == 2
