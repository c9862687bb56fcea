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
        ' event:planted a es:Expiry ; es:onDate "2022-04"^^xsd:gYearMonth }',
        lost=("export | 2022-03-18", "import | 2022-02-26"),
    ),
    "an end dated by a month has effect to its last day": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-trade-ban-dpr-lpr-10 es:hasMilestone event:planted ."
        ' event:planted a es:Expiry ; es:onDate "2022-05"^^xsd:gYearMonth }',
    ),
    "an end on an unknown day has come": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-export-ban-ru-8 es:hasMilestone event:planted ."
        " event:planted a es:Expiry }",
        lost=("luxury goods",),
    ),
    "an end that is only planned has not come": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-export-ban-ru-8 es:hasMilestone event:planted ."
        " event:planted a es:Expiry ; es:hasStatus status:planned ;"
        ' es:onDate "2022-05-01"^^xsd:date }',
    ),
    "what is enacted is in force from its entry": Change(
        "bans-in-force-on-20-may-2022",
        "INSERT DATA { measure:jp-export-ban-ru-8 es:hasStatus status:enacted }",
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
        lost=("importance",),
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
    "a designation that ended before the day": Change(
        "specified-critical-products-on-1-march-2024",
        "INSERT DATA { designation:specified-critical-product-ship-parts es:effectiveUntil"
        ' "2024-03-01"^^xsd:date }',
        lost=("11 | ",),
    ),
    "a designation that is only a draft counts on no day": Change(
        "number-of-specified-critical-products-by-day",
        "INSERT DATA { designation:specified-critical-product-fertilisers es:hasStatus"
        " status:draft }",
        lost=(
            "2022-12-23 | 11",
            "2024-02-01 | 11",
            "2024-02-02 | 12",
            "2025-12-23 | 12",
            "2025-12-24 | 16",
        ),
        gained=(
            "2022-12-23 | 10",
            "2024-02-01 | 10",
            "2024-02-02 | 11",
            "2025-12-23 | 11",
            "2025-12-24 | 15",
        ),
    ),
    "a wording that is not known": Change(
        "wording-of-items-10-to-12-over-time",
        "DELETE WHERE { version:product-item-12-2025 es:statutoryWording ?wording }",
        lost=("磁気センサー",),
    ),
    "a mineral that was listed from the start": Change(
        "additions-to-items-already-listed",
        "DELETE { ?version es:effectiveFrom ?day } INSERT { ?version es:effectiveFrom"
        ' "2022-12-23"^^xsd:date } WHERE { ?version es:lists good:uranium ;'
        " es:effectiveFrom ?day }",
        lost=("ウラン | 2024-02-02",),
    ),
    "a minister whom no source names": Change(
        "competent-ministers-of-the-products",
        "DELETE { ?designation es:competentMinister ?minister } INSERT { ?designation es:notStated"
        " es:competentMinister } WHERE { ?designation es:designates good:ship-parts ;"
        " es:competentMinister ?minister }",
        lost=("transport-and-tourism | false",),
        gained=(" |  | true",),
    ),
    "a product that is not held to be important": Change(
        "criteria-assessed-by-rule",
        "DELETE DATA { designation:specified-critical-product-fertilisers es:hasMetAssessment"
        " assessment:fertilisers-importance }",
        lost=("by-rule | 16",),
        gained=("by-rule | 15",),
    ),
    "a support corporation that only the minister designates": Change(
        "support-corporations-and-agencies",
        "DELETE DATA { designation:support-corporation-ship-parts es:designatingAuthority"
        " post:prime-minister-of-japan }",
        lost=("2023-02-15 | https://w3id.org/econsec/id/post/prime-minister-of-japan",),
    ),
    "an article that is not known to designate nothing": Change(
        "what-the-act-designates-and-what-it-does-not",
        "DELETE WHERE { legislation:economic-security-promotion-act-article-64 skos:note ?note }",
        lost=("article-64 | false",),
    ),
    "a designation on another legal basis": Change(
        "who-designates-under-the-act",
        "DELETE WHERE { designation:support-corporation-fertilisers es:hasLegalBasis ?basis }",
        lost=("product | 2", "Prime Minister of Japan | 2"),
        gained=("product | 1", "Prime Minister of Japan | 1"),
    ),
    "a sector that is listed a day later": Change(
        "infrastructure-sectors-and-their-item-numbers",
        "DELETE { ?version es:effectiveFrom ?day } INSERT { ?version es:effectiveFrom"
        ' "2025-04-02"^^xsd:date } WHERE { ?version es:lists'
        " sector:essential-infrastructure-port-transport ; es:effectiveFrom ?day }",
        lost=(" |  | 8 | ",),
        gained=(" |  |  | ",),
    ),
    "an amendment that has entered into force": Change(
        "enacted-but-not-in-force",
        "INSERT DATA { legislation:act-no-38-of-2026-amendments-item-4 es:hasMilestone"
        ' event:planted . event:planted a es:EntryIntoForce ; es:onDate "2026-06-17"^^xsd:date }',
        lost=("2027-12-16",),
    ),
    "a longer time for commencement": Change(
        "commencement-of-each-part-of-the-act",
        "DELETE { ?time es:durationValue ?value } INSERT { ?time es:durationValue"
        ' "P3Y"^^xsd:duration } WHERE {'
        " legislation:economic-security-promotion-act-supplementary-provisions-article-1-item-5"
        " es:hasDuration ?time . ?time es:durationValue ?value }",
        lost=("P2Y | 2024-05-18",),
        gained=("P3Y | 2025-05-18",),
    ),
    "a higher fine": Change(
        "penalties-under-the-act",
        "DELETE { ?fine es:amountValue ?yen } INSERT { ?fine es:amountValue 3000000.0 } WHERE {"
        " legislation:economic-security-promotion-act-article-92 es:hasAmount ?fine ."
        " ?fine es:amountValue ?yen }",
        lost=("P2Y | 1000000",),
        gained=("P2Y | 3000000",),
    ),
    "a time limit that is not stated": Change(
        "time-limits-in-the-screening-systems",
        "DELETE WHERE { duration:economic-security-promotion-act-article-52-standstill"
        " es:durationValue ?value }",
        lost=("P30D | 三十日",),
    ),
    "a measure on another legal basis": Change(
        "acts-behind-the-short-names",
        "DELETE WHERE { GRAPH ?law { measure:us-entity-list es:hasLegalBasis"
        " legislation:ecra-2018 } }",
        lost=("エンティティリスト",),
    ),
    "a rule that was in force a day before the end of the month": Change(
        "adopted-but-not-in-force-when-the-briefing-appeared",
        "DELETE { ?entry es:onDate ?day } INSERT { ?entry es:onDate"
        ' "2023-01-31"^^xsd:date } WHERE { ?entry es:onDate ?day'
        " FILTER(?entry = event:us-fcc-authorisation-ban-entry-into-force) }",
        lost=("2022-11-11 | 2023-02-06",),
    ),
    "a year that is printed": Change(
        "inferred-dates-checked-against-a-source",
        "DELETE DATA { event:jp-import-ban-ru-9-entry-into-force es:dateInferred true }",
        lost=("4月19日 | 2022-04-19",),
    ),
    "a printed day that agrees": Change(
        "printed-days-that-differ-from-the-sources",
        "DELETE { ?event es:onDate ?day } INSERT { ?event es:onDate"
        ' "2022-10-17"^^xsd:date } WHERE { ?event es:onDate ?day FILTER(?event ='
        " event:delivery-of-report-to-the-20th-national-congress-of-the-cpc) }",
        lost=("2022-10-16",),
    ),
    "an act without a number": Change(
        "official-numbers-of-foreign-acts",
        "DELETE WHERE { GRAPH ?law { legislation:chips-and-science-act eli:id_local ?number } }",
        lost=("Pub. L. 117-167",),
    ),
    "a decision three days earlier": Change(
        "export-bans-from-cabinet-order-to-force",
        "DELETE { ?decision es:onDate ?day } INSERT { ?decision es:onDate"
        ' "2022-06-07"^^xsd:date } WHERE { ?decision es:onDate ?day FILTER(?decision ='
        " event:export-trade-control-order-amendment-2022-06-cabinet-decision) }",
        lost=("2022-06-10 | 2022-06-17 | P7D",),
        gained=("2022-06-07 | 2022-06-17 | P10D",),
    ),
    "a meeting that is only planned": Change(
        "jucip-and-epcc-meetings-after-the-briefing",
        "DELETE { ?meeting es:hasStatus ?status } INSERT { ?meeting es:hasStatus status:planned }"
        " WHERE { ?meeting es:hasStatus ?status FILTER(?meeting = meeting:jucip-ministerial-4) }",
        lost=("2024-06 |",),
    ),
    "a budget for what the law does not name": Change(
        "budgets-of-the-products-that-became-law",
        "DELETE WHERE { good:lng skos:broader good:natural-gas }",
        lost=("236億円",),
    ),
    "a ministry without an identifier": Change(
        "identifiers-of-ministries",
        "DELETE WHERE { actor:mofa skos:exactMatch ?identifier }",
        lost=("Q222241",),
    ),
    "a code that corresponds more loosely": Change(
        "hs-codes-of-banned-goods",
        "DELETE DATA { good:trucks skos:exactMatch hs2022:8704 } ;"
        " INSERT DATA { good:trucks skos:closeMatch hs2022:8704 }",
        lost=("same | 8704 | 6",),
        gained=("close | 8704 | 6",),
    ),
    "a good that no product takes in": Change(
        "hs-codes-of-designated-products",
        "DELETE WHERE { good:lng skos:broader good:natural-gas }",
        lost=("271111",),
    ),
    "a passage that shows something else": Change(
        "passages-that-show-the-act",
        "DELETE { GRAPH ?evidence { ?annotation oa:hasBody ?act } } WHERE {"
        " VALUES ?act { legislation:economic-security-promotion-act }"
        " GRAPH ?evidence { ?annotation oa:hasBody ?act ; oa:hasTarget ?passage . ?passage"
        " es:inSection section:meti-2023-01-s09 } }",
        lost=("4578 | 4587",),
    ),
    "a designation that rests on one source less": Change(
        "sources-of-the-designations",
        "DELETE DATA { designation:specified-critical-product-permanent-magnets dcterms:source"
        " <https://www.meti.go.jp/policy/economy/economic_security/index.html> }",
        lost=("Industry | 3",),
        gained=("Industry | 2",),
    ),
    "an allocation to another fund": Change(
        "allocations-to-the-k-program-fund",
        "DELETE WHERE { budget:k-program-fund-fy2022-supplementary es:funds ?fund }",
        lost=("fy2022-supplementary",),
    ),
    "money for something else": Change(
        "public-money-for-semiconductors-by-state",
        "DELETE WHERE { ?budget es:allocatedTo good:semiconductors } ;"
        " DELETE DATA { budget:scp-semiconductors es:covers good:semiconductors }",
        lost=("368610000000",),
    ),
    "a system that is not yet applied": Change(
        "when-each-system-of-the-act-began",
        "DELETE WHERE { event:essential-infrastructure-system-application es:onDate ?day }",
        lost=("applied | 2024-05-17",),
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
