"""The packaged queries as a whole: there are enough, all parse, and the examples answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, Store

from econsec.knowledge.catalogue import KINDS, QueryFile
from econsec.rdf.namespaces import PREFIXES

FOLDER = Path(__file__).resolve().parents[2] / "queries"
FILES = sorted((path.parent.name, path.stem) for path in FOLDER.glob("*/*.rq"))
EXAMPLES = [name for kind, name in FILES if kind == "examples"]

Catalogue = dict[str, dict[str, QueryFile]]


@pytest.mark.parametrize(("kind", "least"), [("competency", 25), ("examples", 15), ("hygiene", 10)])
def test_there_are_enough(kind: str, least: int, catalogue: Catalogue) -> None:
    assert len(catalogue[kind]) >= least


@pytest.mark.parametrize(("kind", "name"), FILES)
def test_query_parses(kind: str, name: str, catalogue: Catalogue) -> None:
    Store().query(catalogue[kind][name].text, prefixes=PREFIXES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_answers(name: str, catalogue: Catalogue, dataset: Store) -> None:
    answer = dataset.query(catalogue["examples"][name].text, prefixes=PREFIXES)
    assert isinstance(answer, QueryBoolean) or next(iter(answer), None) is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_titles_tell_queries_apart(kind: str, language: str, catalogue: Catalogue) -> None:
    titles = [query.title[language] for query in catalogue[kind].values()]
    assert len(titles) == len(set(titles))
