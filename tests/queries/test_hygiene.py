"""The hygiene queries find nothing in the packaged data, and each finds what is planted for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from econsec.knowledge.catalogue import QueryFile
from econsec.knowledge.hygiene import run

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "hygiene"
QUERIES = sorted(path.stem for path in (ROOT / "queries" / "hygiene").glob("*.rq"))

GOOD = "<https://w3id.org/econsec/id/good/{}>"
EVENT = "<https://w3id.org/econsec/id/event/{}>"
ES = "<https://w3id.org/econsec/ontology#{}>"
GRAPH = "<https://w3id.org/econsec/graph/{}>"
MAPPING_SET = "<https://w3id.org/econsec/id/mapping-set/{}>"
STATUS = "<https://w3id.org/econsec/vocab/status/{}>"
WIKIDATA = "<http://www.wikidata.org/entity/{}>"

FINDINGS = {
    "alignment-ambiguous": {GOOD.format("planted"), GOOD.format("planted-code")},
    "alignment-contradictory": {GOOD.format("planted")},
    "alignment-malformed": {
        GOOD.format("planted-wikidata-page"),
        GOOD.format("planted-wikidata-zero"),
        GOOD.format("planted-ror-letter"),
        GOOD.format("planted-law"),
        GOOD.format("planted-hs"),
        GOOD.format("planted-alpha-2"),
        GOOD.format("planted-alpha-3"),
        GOOD.format("planted-numeric"),
        GOOD.format("planted-subdivision"),
        "<https://w3id.org/econsec/vocab/hs2022/8507>",
    },
    "alignment-mixed": {"<https://example.org/planted>"},
    "alignment-one-sided": {GOOD.format("planted-exact"), GOOD.format("planted-broad")},
    "alignment-shared": {WIKIDATA.format("Q999999991"), '"999"'},
    "alignment-unattributed": {
        MAPPING_SET.format("planted-unsure"),
        MAPPING_SET.format("planted-unsourced"),
        GOOD.format("planted-alone"),
        GOOD.format("planted-elsewhere"),
        GOOD.format("planted-twice"),
        GOOD.format("planted-idle"),
    },
    "alignment-undescribed": {
        GOOD.format("planted"),
        GOOD.format("planted-with-code"),
        ES.format("PlantedClass"),
    },
    "amount-unborne": {
        "<https://w3id.org/econsec/id/amount/planted>",
        "<https://w3id.org/econsec/id/count/planted>",
    },
    "blank-node": {GRAPH.format("law/jp"), GRAPH.format("reference")},
    "concept-unlisted": {
        STATUS.format("planted-without-scheme"),
        STATUS.format("planted-in-another-scheme"),
    },
    "definition-missing": {GOOD.format("planted")},
    "evidence-dangling": {GOOD.format("planted")},
    "evidence-missing": {GOOD.format("planted")},
    "inferred-repeated": {"<https://w3id.org/econsec/id/measure/jp-export-ban-ru-1>"},
    "label-ambiguous": {GOOD.format("semiconductors")},
    "label-missing": {GOOD.format("planted")},
    "label-shared": {'"semiconductors"@en'},
    "label-untagged": {GOOD.format("semiconductors")},
    "merge-incomplete": {GRAPH.format("source/meti-2023-01/s21"), GRAPH.format("inferred")},
    "milestone-unborne": {EVENT.format("planted")},
    "orphan": {GOOD.format("planted")},
    "part-cycle": {
        EVENT.format("planted"),
        GOOD.format("planted-part"),
        GOOD.format("planted-whole"),
        GOOD.format("planted-narrow"),
        GOOD.format("planted-broad"),
    },
    "property-kind": {GOOD.format("semiconductors")},
    "property-punned": {ES.format("inputTo")},
    "property-undeclared": {"<https://example.org/planted>"},
    "reading-missing": {
        "<https://w3id.org/econsec/id/person/planted>",
        "<https://w3id.org/econsec/id/actor/planted>",
    },
    "source-missing": {GOOD.format("planted")},
    "source-undescribed": {"<https://example.org/unknown>", "<https://example.org/half-known>"},
    "term-undefined": {ES.format("plantedProperty"), ES.format("PlantedClass")},
    "thing-undefined": {GOOD.format("planted"), STATUS.format("planted")},
    "type-missing": {GOOD.format("planted"), GOOD.format("planted-with-a-foreign-type")},
}
"""What each query says is wrong with its planted defects: the value that names the culprit."""

CULPRITS = {"thing-undefined": "thing"}
"""The variable that names it, where that is not the first of the row."""

Queries = dict[str, dict[str, QueryFile]]


@pytest.mark.parametrize("name", QUERIES)
def test_the_packaged_data_are_clean(name: str, catalogue: Queries, dataset: Store) -> None:
    assert [str(finding) for finding in run(dataset, [catalogue["hygiene"][name]])] == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_planted_defect_is_found(name: str, catalogue: Queries, draft: Store) -> None:
    query = catalogue["hygiene"][name]
    before = {str(finding) for finding in run(draft, [query])}
    draft.extend(parse(path=CASES / f"{name}.trig", format=RdfFormat.TRIG))
    found = [finding.row for finding in run(draft, [query]) if str(finding) not in before]
    assert {row[CULPRITS.get(name, next(iter(row)))] for row in found} == FINDINGS[name]


def test_every_query_has_a_planted_defect() -> None:
    planted = sorted(path.stem for path in CASES.iterdir())
    assert planted == QUERIES == sorted(FINDINGS)
