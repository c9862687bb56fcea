"""The places where the source document misleads, and what the data say there instead.

Years that are not printed, glyphs that a scan got wrong, figures that were lost, lists that
are open, and conclusions that the text does not draw. Each is a question to which the data
set must answer yes.
"""

from __future__ import annotations

import pytest
from pyoxigraph import QueryBoolean, Store

from econsec.rdf.namespaces import PREFIXES

ANSWERED_YES = {
    # Years and days
    "a day without a year is dated 2022 and flagged": """
        event:jp-export-ban-ru-1-entry-into-force es:onDate "2022-03-18"^^xsd:date ;
            es:dateAsPrinted "3月18日" ; es:dateInferred true""",
    "a day with its year is not flagged": """
        ?event es:dateAsPrinted "2022/5/4" ; es:onDate "2022-05-04"^^xsd:date ;
            es:dateInferred false""",
    "14 and 19 are the years 2014 and 2019": """
        ?first es:onDate "2014"^^xsd:gYear ; es:dateAsPrinted ?a ; es:dateInferred true .
        ?second es:onDate "2019"^^xsd:gYear ; es:dateAsPrinted ?b ; es:dateInferred true
        FILTER(CONTAINS(?a, "14") && CONTAINS(?b, "19"))""",
    "20年4月 is April 2020": """
        ?event es:onDate "2020-04"^^xsd:gYearMonth ; es:dateAsPrinted "20年4月" ;
            es:dateInferred true""",
    "10/22 is stored as printed, with a note": """
        ?event es:onDate "2022-10-22"^^xsd:date ; es:dateAsPrinted "10/22" ;
            es:dateInferred true ; skos:editorialNote ?note""",
    "10/17 is stored as printed, with a note": """
        ?event es:onDate "2022-10-17"^^xsd:date ; es:dateAsPrinted "10/17" ;
            es:dateInferred true ; skos:editorialNote ?note""",
    "ban (10) has a date for each direction": """
        ?export es:hasDirection direction:export ; es:onDate ?a .
        ?import es:hasDirection direction:import ; es:onDate ?b .
        measure:jp-trade-ban-dpr-lpr-10 es:hasMilestone ?export, ?import
        FILTER(?a != ?b)""",
    # Glyphs and slips: the label is right, what is printed can still be found
    "授權": """
        ?thing es:asPrinted ?printed ; skos:prefLabel ?label
        FILTER(CONTAINS(?printed, "授權") && CONTAINS(?label, "授権"))""",
    "財經": """
        ?thing es:asPrinted ?printed ; skos:prefLabel ?label
        FILTER(CONTAINS(?printed, "財經") && CONTAINS(?label, "財経"))""",
    "A I": """technology:ai es:asPrinted "A I" ; skos:prefLabel "AI"@ja""",
    "作成とする際": """
        ?thing es:asPrinted ?printed ; skos:editorialNote ?note
        FILTER(CONTAINS(?printed, "作成とする際"))""",
    "運行安全管理": """
        ?thing es:asPrinted ?printed ; skos:prefLabel ?label
        FILTER(CONTAINS(?printed, "運行安全管理") && CONTAINS(?label, "運航安全管理"))""",
    "chapter IV": """
        ?thing es:listMarker "IV" ; skos:editorialNote ?note FILTER(CONTAINS(?note, "VI"))""",
    "内訳": """
        ?thing es:asPrinted ?printed ; skos:editorialNote ?note
        FILTER(CONTAINS(?printed, "内訳") && CONTAINS(?note, "在り方"))""",
    "CMSS": """
        ?thing es:asPrinted ?printed ; skos:editorialNote ?note
        FILTER(CONTAINS(?printed, "CMSS") && CONTAINS(?note, "MSS"))""",
    # What was lost, what is open, what is not said
    "the fields of the policy system whose figures are lost say so": """
        ?thing skos:editorialNote ?note FILTER(CONTAINS(?note, "Only the heading survives"))""",
    "lists that end in dots are open": """?thing es:openEnumeration ?property""",
    "a tag glyph that could mean several things leaves a technology untagged": """
        ?thing a es:Technology ; skos:editorialNote ?note
        FILTER(CONTAINS(?note, "The name does not say which is meant"))""",
    "the 287 entities and the 21 added are two counts": """
        ?all es:countValue 287 . ?added es:countValue 21
        FILTER NOT EXISTS { ?sum es:countValue 308 }""",
    "the level of the price cap stays open": """
        good:crude-oil-above-price-cap skos:editorialNote ?note
        FILTER NOT EXISTS { GRAPH ?section { good:crude-oil-above-price-cap es:hasAmount ?any }
            FILTER(CONTAINS(STR(?section), "/graph/source/")) }""",
    "ban (7) covers nothing but the catalysts that were added": """
        measure:jp-export-ban-ru-7 es:hasMilestone [ a es:ScopeExtension ; es:addsItem ?item ]
        FILTER(CONTAINS(STR(?item), "catalyst"))""",
    "the two summits share their items": """
        GRAPH graph:source\\/meti-2023-01\\/s18 { ?item a ?type }
        GRAPH graph:source\\/meti-2023-01\\/s20 { ?item ?p ?o }""",
    "13-fold is a claim that somebody makes": """
        ?claim a ?type ; es:claimedBy ?who ; es:hasGrowth [ es:growthFactor ?factor ]
        FILTER(?factor = 13)""",
    "the self-styled republics are territories and no states": """
        ?dpr a es:SelfStyledEntity, es:Territory ; skos:prefLabel ?label
        FILTER(CONTAINS(?label, "自称"))
        FILTER NOT EXISTS { ?dpr a es:State }""",
    "ban (4) is an instrument, the naming of an entity in it a designation": """
        designation:jp-russian-ministry-of-defence a es:EntityDesignation
        FILTER NOT EXISTS { measure:jp-export-ban-ru-4 a es:Designation }""",
    # What must not be there
    "nobody is said to be a member of the European Union": """
        FILTER NOT EXISTS { ?state a es:State ; ?p actor:european-union }""",
    "TikTok has no owner": """
        service:tiktok a es:DigitalPlatform
        FILTER NOT EXISTS { ?company ?p service:tiktok ; a es:Company }""",
    "the four criminal cases name nobody": """
        ?case a es:LegalProceeding
        FILTER NOT EXISTS { ?any a es:LegalProceeding ; ?p ?person . ?person a es:Person }""",
    "the briefing itself designates no product": """
        FILTER NOT EXISTS {
            GRAPH ?section { ?d a es:SpecifiedCriticalProductDesignation }
            FILTER(CONTAINS(STR(?section), "/graph/source/")) }""",
    "no technology is designated": """
        FILTER NOT EXISTS { ?designation es:designates ?thing . ?thing a es:Technology
            FILTER NOT EXISTS { ?thing a es:Good } }""",
    "money is never a float": """
        FILTER NOT EXISTS { ?amount es:amountValue ?value
            FILTER(DATATYPE(?value) != xsd:decimal) }""",
    "currencies are those printed, and none is converted": """
        FILTER NOT EXISTS { ?amount es:hasCurrency ?a, ?b FILTER(?a != ?b) }""",
}


@pytest.mark.parametrize("trap", ANSWERED_YES)
def test_the_trap_is_handled(trap: str, dataset: Store) -> None:
    answer = dataset.query(f"ASK {{ {ANSWERED_YES[trap]} }}", prefixes=PREFIXES)
    assert isinstance(answer, QueryBoolean)
    assert bool(answer)
