"""Every section of the briefing is asked about: without it, the answer to a question changes."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from econsec.knowledge.build import build, derive
from econsec.knowledge.catalogue import QueryFile
from econsec.knowledge.manifest import GraphEntry, Manifest, Role, default_manifest
from econsec.rdf.namespaces import GRAPH

SECTIONS = {
    "s01": "dates-of-policy-documents",
    "s02": "criminal-cases-and-their-programme",
    "s03": "measures-of-the-united-states-by-field",
    "s04": "pillars-of-open-strategic-autonomy",
    "s05": "lists-and-laws-of-china",
    "s06": "chokepoint-factors",
    "s07": "directions-of-japan-and-the-approaches",
    "s08": "fields-of-the-policy-system",
    "s09": "milestones-of-the-act",
    "s10": "chapters-of-the-basic-guidelines",
    "s11": "alternatives-within-the-criteria",
    "s12": "sum-of-the-eight-budgets",
    "s13": "conditions-for-critical-products-and-technologies",
    "s14": "bodies-and-money-of-the-k-program",
    "s15": "technologies-of-the-k-program",
    "s16": "items-of-the-national-security-strategy",
    "s17": "export-control-wording-over-time",
    "s18": "joint-research-wording",
    "s19": "threat-information-sharing-wording",
    "s20": "outcomes-of-january-2023",
    "s21": "bans-by-category",
}


def sections(manifest: Manifest) -> dict[str, GraphEntry]:
    """The graphs of the briefing's sections, by the last part of their IRI."""
    prefix = GRAPH("source/meti-2023-01/s").value
    entries = (entry for entry in manifest.graphs if entry.iri.value.startswith(prefix))
    return {entry.iri.value.rpartition("/")[2]: entry for entry in entries}


def answer(store: Store, query: QueryFile) -> list[str]:
    """The rows that a question is answered with, in an order that does not depend on the store."""
    solutions = store.query(query.text)
    assert isinstance(solutions, QuerySolutions)
    return sorted(str(solution) for solution in solutions)


def test_every_section_has_a_question(manifest: Manifest) -> None:
    assert set(SECTIONS) == set(sections(manifest))


@pytest.mark.parametrize("section", SECTIONS)
def test_answer_needs_the_section(
    section: str,
    catalogue: dict[str, dict[str, QueryFile]],
    manifest: Manifest,
    asserted: Store,
    draft: Store,
) -> None:
    query = catalogue["competency"][SECTIONS[section]]
    absent = sections(manifest)[section].iri
    draft.remove_graph(absent)
    rest = [graph for graph in manifest.with_role(Role.MERGED) if graph != absent]
    derive(draft, rest, reasoner=None)
    assert answer(draft, query) != answer(asserted, query)


def test_answers_are_kept_with_all_sections(
    catalogue: dict[str, dict[str, QueryFile]], manifest: Manifest, asserted: Store, draft: Store
) -> None:
    derive(draft, manifest.with_role(Role.MERGED), reasoner=None)
    for name in SECTIONS.values():
        query = catalogue["competency"][name]
        assert answer(draft, query) == answer(asserted, query) != []


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    """The packaged manifest."""
    return Manifest.read(default_manifest())


@pytest.fixture(scope="module")
def asserted(manifest: Manifest) -> Store:
    """The packaged data set without inferences, so that a changed answer is due to the section."""
    return build(manifest, infer=False).store


@pytest.fixture
def draft(asserted: Store) -> Store:
    """A copy of the asserted data set, for a test to change."""
    copy = Store()
    copy.extend(asserted)
    return copy
