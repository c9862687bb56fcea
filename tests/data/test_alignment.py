"""Identifiers from elsewhere: as sure as the tables they come from say, and no surer."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from econsec.paths import resources
from econsec.rdf.namespaces import BASE, ES, PREFIXES, SKOS

FILES = (
    *sorted((resources() / "data" / "alignment").glob("*.ttl")),
    *sorted((resources() / "data" / "reference").glob("*.ttl")),
    *sorted((resources() / "ontology" / "alignment").glob("*.ttl")),
)
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
SURENESS = ("none", "low", "medium", "high")
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
HS = f"{BASE}vocab/hs2022/"
TABLES = {"wikidata": "alignments.csv", "other": "alignments_other_ids.csv"}
FIBO = "https://spec.edmcouncil.org/fibo/ontology/"
FORMS = {
    "ELI": "",
    "EU authority": "",
    "FIBO": "",
    "OMG LCC": "",
    "OpenSanctions program": "https://www.opensanctions.org/programs/",
    "e-Gov LawId": "https://laws.e-gov.go.jp/law/",
}
"""What makes an IRI of an identifier of a scheme."""
FOUND_SINCE = {"Q11456": "medium", "Q66096": "high"}
"""Numbers that stand in no table: seen by name in public files after it was drawn up."""
FOUND_AGAIN = {"Q15": "high", "Q816": "high"}
"""Numbers that the table has from memory and that were found by name since."""
HS_LEFT_OUT = {"8456", "880710", "880720", "880730"}
"""Codes within others that are mapped, and one that was not read."""
WIKIDATA_LEFT_OUT = {"Q334", "Q8146", "Q55606242"}
"""Singapore, the yen and an owner whom the document does not name: nothing here to map."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping of a thing or term of ours, with what its set says of it."""

    thing: str
    relation: str
    identifier: str
    confidence: str


def select(store: Store, query: str) -> QuerySolutions:
    answer = store.query(query, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    return answer


@pytest.fixture(scope="module")
def alignment() -> Store:
    """The alignments and the sets they belong to."""
    store = Store()
    for path in FILES:
        store.bulk_load(path=path, format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def mappings(alignment: Store) -> list[Mapping]:
    """Every mapping to an identifier from elsewhere."""
    rows = select(
        alignment,
        """
        SELECT ?thing ?match ?identifier ?confidence WHERE {
          ?thing ?match ?identifier ; es:mappedIn ?set .
          ?set es:targetSpace ?space ; es:hasConfidence ?confidence .
          FILTER(STRSTARTS(STR(?match), STR(skos:)) && STRSTARTS(STR(?identifier), ?space))
        }
        """,
    )
    return [
        Mapping(
            thing=row["thing"].value,
            relation=row["match"].value.removeprefix(SKOS),
            identifier=row["identifier"].value,
            confidence=row["confidence"].value.removeprefix(f"{BASE}vocab/confidence/"),
        )
        for row in rows
    ]


def table(test_data: Path, name: str) -> list[dict[str, str]]:
    path = test_data / "alignments" / TABLES[name]
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def within(mappings: list[Mapping], space: str) -> list[Mapping]:
    return [mapping for mapping in mappings if mapping.identifier.startswith(space)]


def check_digits(number: str) -> int:
    """The check digits of a ROR number: ISO 7064, modulus 97-10, over Crockford's base 32."""
    value = 0
    for character in number[:-2]:
        value = value * len(CROCKFORD) + CROCKFORD.index(character)
    return 98 - value * 100 % 97


def test_every_mapping_has_a_confidence(alignment: Store, mappings: list[Mapping]) -> None:
    stated = sum(
        1
        for match in MATCHES
        for quad in alignment.quads_for_pattern(None, SKOS(match), None)
        if isinstance(quad.object, NamedNode)
    )
    assert stated == len(mappings) > 0
    assert {mapping.confidence for mapping in mappings} == {"high", "medium"}


def test_wikidata_numbers_are_as_sure_as_the_table(
    mappings: list[Mapping], test_data: Path
) -> None:
    stated = {row["wikidata"]: row["confidence"] for row in table(test_data, "wikidata")}
    sure = {**stated, **FOUND_AGAIN, **FOUND_SINCE}
    for mapping in within(mappings, PREFIXES["wd"]):
        number = mapping.identifier.removeprefix(PREFIXES["wd"])
        assert SURENESS.index(mapping.confidence) <= SURENESS.index(sure[number]), number
    assert FOUND_SINCE.keys().isdisjoint(stated)
    mapped = {mapping.identifier for mapping in within(mappings, PREFIXES["wd"])}
    expected = {n for n, c in sure.items() if c in ("medium", "high")} - WIKIDATA_LEFT_OUT
    assert mapped == {PREFIXES["wd"] + number for number in expected}


def test_ror_numbers_are_those_of_the_table(mappings: list[Mapping], test_data: Path) -> None:
    rows = [row for row in table(test_data, "other") if row["scheme"] == "ROR"]
    assert {mapping.identifier for mapping in within(mappings, PREFIXES["ror"])} == {
        row["identifier"] for row in rows
    }


def test_ror_numbers_have_their_check_digits(mappings: list[Mapping]) -> None:
    ror = PREFIXES["ror"]
    numbers = [mapping.identifier.removeprefix(ror) for mapping in within(mappings, ror)]
    assert numbers
    assert [n for n in numbers if int(n[-2:]) != check_digits(n)] == []


@pytest.mark.parametrize("number", ["055tm7f08", "055tm7g07", "05t5m7f07"])
def test_a_mistyped_ror_number_is_noticed(number: str) -> None:
    assert int(number[-2:]) != check_digits(number)


def test_hs_codes_claim_no_more_than_the_table(mappings: list[Mapping], test_data: Path) -> None:
    rows = [row for row in table(test_data, "other") if row["scheme"] == "HS2022"]
    mapped = within(mappings, HS)
    assert mapped
    for mapping in mapped:
        code = mapping.identifier.removeprefix(HS)
        of_code = [row for row in rows if code in re.findall(r"\d+", row["identifier"])]
        surest = max(SURENESS.index(row["confidence"]) for row in of_code)
        assert SURENESS.index(mapping.confidence) <= surest, mapping
        if mapping.relation == "exactMatch":
            assert any("match=exact" in row["verified_by"] for row in of_code), mapping
        if all("match=related" in row["verified_by"] for row in of_code):
            assert mapping.relation == "relatedMatch", mapping


def test_the_hs_codes_of_the_table_are_described_and_used(
    alignment: Store, mappings: list[Mapping], test_data: Path
) -> None:
    rows = [row for row in table(test_data, "other") if row["scheme"] == "HS2022"]
    stated = {code for row in rows for code in re.findall(r"\d+", row["identifier"])}
    used = {mapping.identifier for mapping in within(mappings, HS)}
    scheme = NamedNode(HS.removesuffix("/"))
    described = {
        str(quad.subject) for quad in alignment.quads_for_pattern(None, SKOS("inScheme"), scheme)
    }
    assert used == {HS + code for code in stated - HS_LEFT_OUT}
    assert described == {f"<{code}>" for code in used}


def test_other_identifiers_are_as_sure_as_the_table(
    mappings: list[Mapping], test_data: Path
) -> None:
    mapped = {mapping.identifier: mapping.confidence for mapping in mappings}
    stated = {
        FORMS[row["scheme"]] + row["identifier"].partition(";")[0]: row["confidence"]
        for row in table(test_data, "other")
        if row["scheme"] in FORMS
    }
    assert {i: c for i, c in stated.items() if mapped.get(i) != c} == {
        f"{FIBO}FND/Accounting/ISO4217-CurrencyCodes/Yen": "high"
    }


def test_nothing_that_is_unsure_is_loaded(mappings: list[Mapping], test_data: Path) -> None:
    unsure = {
        word
        for row in (*table(test_data, "wikidata"), *table(test_data, "other"))
        if row["confidence"] in ("low", "none")
        for word in re.findall(r"Q\d{2,}|https?://\S+", " ".join(row.values()))
    }
    assert unsure
    loaded = {mapping.identifier for mapping in mappings}
    assert loaded.isdisjoint(unsure | {PREFIXES["wd"] + word for word in unsure})


def test_iso_codes_are_those_of_the_table(alignment: Store, test_data: Path) -> None:
    stated = {
        tuple(row["iso"].split(";"))
        for row in table(test_data, "wikidata")
        if re.fullmatch(r"[A-Z]{2};[A-Z]{3};[0-9]{3}", row["iso"])
    }
    rows = select(
        alignment,
        "SELECT ?a ?b ?n WHERE"
        " { ?place es:isoAlpha2Code ?a ; es:isoAlpha3Code ?b ; es:isoNumericCode ?n }",
    )
    codes = [(row["a"].value, row["b"].value, row["n"].value) for row in rows]
    assert codes and set(codes) <= stated
    assert max(Counter(number for _, _, number in codes).values()) == 1


def test_mappings_entail_nothing(dataset: Store, mappings: list[Mapping]) -> None:
    """A match is no identity: nothing follows of, from or to what is elsewhere."""
    query = "SELECT ?s ?p ?o WHERE { GRAPH graph:inferred { ?s ?p ?o } }"
    identifiers = {mapping.identifier for mapping in mappings}
    elsewhere = {f"<{iri}>" for iri in identifiers if not iri.startswith(BASE)}
    elsewhere |= {str(SKOS(match)) for match in MATCHES}
    rows = [{str(term) for term in row} for row in select(dataset, query)]
    assert rows
    assert [row for row in rows if row & elsewhere] == []


def test_the_sets_are_all_used(alignment: Store) -> None:
    used = {quad.object for quad in alignment.quads_for_pattern(None, ES("mappedIn"), None)}
    typed = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    described = {q.subject for q in alignment.quads_for_pattern(None, typed, ES("MappingSet"))}
    assert used == described
