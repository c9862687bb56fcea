"""Generated designations with seeded faults: both engines find the same, and find the faults."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Quad, QuerySolutions

from econsec.errors import InvalidInput
from econsec.knowledge.conformance import Described, conformance_of_documents, load_shapes
from econsec.knowledge.graph_texts import texts_of_quads
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.reading import document
from econsec.knowledge.reports import Report, spelt
from econsec.knowledge.shapes import Engine, validate, validation
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.findings import RawResult
from econsec.rdf.formats import N_TRIPLES
from econsec.rdf.namespaces import BASE as PROJECT

sys.path.append(str(Path(__file__).parent))

from generated import FAULTS, Generated, generate

SIZES = [10_000, *([100_000] if os.environ.get("ECONSEC_TEST_SOAK") == "1" else [])]
"""Triples; pySHACL takes minutes for the larger."""

SHAPES_OF = {
    "no date": "product-date",
    "no authority": "product-authority",
    "no law": "product-legal-basis",
    "no system": "product-system",
    "no currency": "amount-currency",
    "no Japanese label": "label-ja",
    "no definition": "definition-en",
    "no basis": "assessment-basis",
    "no assessment": "necessity-of-measures-assessed",
    "a criterion not met": "importance-met",
    "two goods": "product",
    "before the law": "product-provision-in-force",
    "a date that is none": "product-date",
    "an end before the start": "designation-from",
    "a negative amount": "amount-value",
    "an amount in doubles": "amount-value",
    "an unknown qualifier": "amount-qualifier",
    "a label of two lines": "label-text",
    "a wrong sum": "total-sum",
}
"""Each kind of fault, and the shape or constraint that finds it."""


@pytest.fixture(scope="module")
def shapes(root: Path) -> list[Quad]:
    return load_shapes(root / "shapes", profile="all")


def multiset(report: Report) -> Counter[tuple[str, ...]]:
    """What a report says, without what an engine may put in its own words."""
    return Counter(
        (
            str(result.focus),
            str(result.shape),
            str(result.constraint),
            result.component.value,
            "" if result.path is None else result.path.text,
            str(result.value),
            result.severity.value,
        )
        for result in report.results
    )


def sources(report: Report) -> Counter[str]:
    """How many results each shape or constraint has, by its local name."""
    return Counter(
        spelt(result.constraint or result.shape).partition(":")[2] for result in report.results
    )


@pytest.mark.parametrize("triples", SIZES)
def test_both_engines_find_the_same(shapes: list[Quad], triples: int) -> None:
    made = generate(triples, faulty=0.2)
    assert abs(made.triples - triples) < triples / 20
    quads = made.quads()
    fast = validate(quads, shapes=shapes)
    reference = validate(quads, shapes=shapes, engine=Engine.REFERENCE)
    assert multiset(fast) == multiset(reference)
    assert {audit.shape: audit.focus_nodes for audit in fast.audit} == {
        audit.shape: audit.focus_nodes for audit in reference.audit
    }
    assert made.faults.total() <= len(fast.results)


@pytest.mark.parametrize("is_scoped", [False, True])
def test_engines_side_by_side_find_the_same(
    shapes: list[Quad], is_scoped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    quads = generate(10_000, faulty=0.2).quads()
    scope = Described(texts_of_quads(quads[: len(quads) // 2])) if is_scoped else None
    alone = validate(quads, shapes=shapes, scope=scope)
    monkeypatch.setattr(validation, "_LARGE", 0)
    monkeypatch.setattr(validation, "_MANY", 0)
    together = validate(quads, shapes=shapes, scope=scope)
    assert multiset(together) == multiset(alone) != Counter()
    assert [replace(audit, seconds=None) for audit in together.audit] == [
        replace(audit, seconds=None) for audit in alone.audit
    ]


def test_what_fails_beside_another_engine_leaves_nothing_of_its_thread(
    shapes: list[Quad], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(data: Data, **_: object) -> Iterator[RawResult]:
        rows = iter(cast(QuerySolutions, data.store.query("SELECT * { ?s ?p ?o }")))
        next(rows)
        raise InvalidInput("no further")
        yield

    monkeypatch.setattr(validation, "_LARGE", 0)
    monkeypatch.setattr(validation, "run_constraint", failing)
    with pytest.raises(InvalidInput, match="no further") as caught:
        validate(generate(2_000).quads(), shapes=shapes)
    assert all("rows" not in each.frame.f_locals for each in caught.traceback)


def test_every_kind_of_fault_is_found_as_often_as_it_was_sown(shapes: list[Quad]) -> None:
    made = generate(200_000, faulty=0.1, seed=1)
    assert set(made.faults) == {*FAULTS, "a wrong sum"} == set(SHAPES_OF)
    found = sources(validate(made.quads(), shapes=shapes))
    sown: Counter[str] = Counter()
    for fault, number in made.faults.items():
        sown[SHAPES_OF[fault]] += number
    # A fault may be found in more than one way, and a wrong amount makes a wrong sum too.
    assert {name: number for name, number in sown.items() if found[name] < number} == {}


def test_without_faults_nothing_is_found_but_undeclared_terms(shapes: list[Quad]) -> None:
    made = generate(10_000, faulty=0)
    assert made.faults == Counter()
    assert set(sources(validate(made.quads(), shapes=shapes))) <= {"closure-property"}


def test_nor_before_what_stands_behind_a_document(shapes: list[Quad]) -> None:
    made = generate(4_000, faulty=0).text.encode()
    report = conformance_of_documents(
        [document(made, name="designations.nt", format=N_TRIPLES)],
        manifest=Manifest.read(default_manifest()),
        shapes=shapes,
    )
    # Of the project's things it says only that they are known.
    assert all(str(result.focus).startswith(f"<{PROJECT}") for result in report.results)
    assert sum(audit.focus_nodes for audit in report.audit) > 1_000


def test_the_same_seed_makes_the_same_document() -> None:
    first, again, other = (generate(2_000, seed=seed) for seed in (3, 3, 4))
    assert isinstance(first, Generated)
    assert first.text == again.text != other.text
