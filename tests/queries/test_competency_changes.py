"""The answers to competency questions follow the data: a changed fact changes the right rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, Store

from econsec.knowledge.catalogue import QueryFile
from econsec.rdf.namespaces import PREFIXES


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the data, and the words of the rows that the answer loses and gains by it."""

    question: str
    update: str
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()


def rows(store: Store, query: QueryFile) -> list[str]:
    """The rows of an answer as a person reads them."""
    solutions = store.query(query.text)
    assert isinstance(solutions, QuerySolutions)
    return [" | ".join(words(term) for term in solution) for solution in solutions]


def words(term: Any) -> str:
    """What a person reads of a term."""
    return "" if term is None else str(term.value)


CHANGES = {
    "an item that was not added later was covered from the start": Change(
        "bans-in-force-by-april-2022",
        "DELETE DATA { event:jp-export-ban-ru-7-catalysts-added es:addsItem"
        " good:oil-refining-catalysts }",
        gained=("catalysts for oil refining",),
    ),
    "a ban that is not dated has not taken effect": Change(
        "bans-in-force-by-april-2022",
        "DELETE WHERE { event:jp-trade-ban-dpr-lpr-10-import-entry-into-force es:onDate ?date }",
        lost=("import | 2022-02-26",) * 2,
    ),
    "the day of expiry is the first without effect": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-export-ban-ru-8 es:hasMilestone event:planted ."
        " event:planted a es:Expiry ; es:hasDirection direction:export ;"
        ' es:onDate "2022-05-20"^^xsd:date }',
        lost=("luxury goods",),
    ),
    "an expiry that names no direction ends both": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-trade-ban-dpr-lpr-10 es:hasMilestone event:planted ."
        ' event:planted a es:Expiry ; es:onDate "2022-05"^^xsd:gYearMonth }',
        lost=("export | 2022-03-18", "import | 2022-02-26"),
    ),
    "what is only planned is not in force": Change(
        "bans-in-force-on-20-may-2022",
        "DELETE { ?ban es:hasStatus ?status } INSERT { ?ban es:hasStatus status:planned }"
        " WHERE { ?ban es:hasStatus ?status FILTER(?ban = measure:jp-export-ban-ru-2) }",
        lost=("general-purpose items",),
    ),
    "the day before expiry still has effect": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-export-ban-ru-8 es:hasMilestone event:planted ."
        " event:planted a es:Expiry ; es:hasDirection direction:export ;"
        ' es:onDate "2022-05-21"^^xsd:date }',
    ),
    "the expiry of one direction leaves the other": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-trade-ban-dpr-lpr-10 es:hasMilestone event:planted ."
        " event:planted a es:Expiry ; es:hasDirection direction:export ;"
        ' es:onDate "2022-05-01"^^xsd:date }',
        lost=("export | 2022-03-18",),
    ),
    "a month stands for its first day": Change(
        "bans-in-force-on-20-may-2022",
        "DELETE { ?entry es:onDate ?date } INSERT { ?entry es:onDate"
        ' "2022-05"^^xsd:gYearMonth } WHERE { ?entry es:onDate ?date FILTER(?entry ='
        " event:jp-export-ban-ru-6-entry-into-force) }",
        gained=(
            "industrial base | ロシア向け産業基盤強化に資する物品の輸出の禁止措置 |"
            " export | 2022-05-01",
        ),
    ),
    "a criterion that the rule does not require is none": Change(
        "criteria-for-specified-critical-products",
        "DELETE WHERE { ?rule es:requiresAllOf criterion:importance }",
        lost=("Importance",),
    ),
    "a commitment in weaker words": Change(
        "jucip-on-export-control",
        "DELETE { ?plan es:hasModality modality:established } INSERT { ?plan es:hasModality"
        " modality:discussed } WHERE { ?plan es:hasModality modality:established ;"
        ' es:modalityAsPrinted "開始" }',
        lost=("established | 開始",) * 2,
        gained=("discussed | 開始",) * 2,
    ),
    "a chokepoint through another factor": Change(
        "chokepoints-and-measures",
        "INSERT DATA { good:pharmaceuticals es:hasChokepointFactor factor:resource-constraint ."
        " <https://w3id.org/econsec/id/assessment/planted> es:assessedItem good:pharmaceuticals ;"
        " es:hasChokepointFactor factor:resource-constraint ;"
        " es:hasBasis <https://w3id.org/econsec/vocab/basis/stated> }",
        gained=("resource constraint | stated",),
    ),
    "a support measure that no budget funds": Change(
        "chokepoints-and-measures",
        "DELETE WHERE { budget:scp-critical-minerals es:funds ?measure }",
        lost=("smelting",) * 2,
    ),
    "a budget that is one yen off": Change(
        "sum-of-the-eight-budgets",
        "DELETE { amount:scp-lng es:amountValue ?yen } INSERT { amount:scp-lng es:amountValue"
        " 23600000001.0 } WHERE { amount:scp-lng es:amountValue ?yen }",
        lost=("958210000000 | 958210000000 | 9582.1億円 | 0",),
        gained=("958210000001 | 958210000000 | 9582.1億円 | 1",),
    ),
    "another number of entities": Change(
        "entity-counts-of-the-bans",
        "DELETE { ?count es:countValue 287 } INSERT { ?count es:countValue 288 }"
        " WHERE { ?count es:countValue 287 }",
        lost=("287 |",),
        gained=("288 |",),
    ),
    "what is no longer inferred bears on nothing": Change(
        "measures-that-bear-on-a-risk",
        "DELETE WHERE { GRAPH graph:inferred { ?measure es:bearsOn risk:military-threat } }",
        lost=("list controls",) * 2,
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_answer_follows_the_data(
    change: Change, catalogue: dict[str, dict[str, QueryFile]], draft: Store
) -> None:
    query = catalogue["competency"][change.question]
    before = rows(draft, query)
    draft.update(change.update, prefixes=PREFIXES)
    after = rows(draft, query)
    lost = [row for row in before if row not in after]
    gained = [row for row in after if row not in before]
    assert len(lost) == len(change.lost), lost
    assert len(gained) == len(change.gained), gained
    assert all(part in text for part, text in zip(change.lost, lost, strict=True)), lost
    assert all(part in text for part, text in zip(change.gained, gained, strict=True)), gained
