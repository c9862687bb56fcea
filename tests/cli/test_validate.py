"""`econsec validate`: what it reads, what it writes and how it ends."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from econsec.rdf.namespaces import PREFIXES, SH

Command = Callable[..., Any]

HEAD = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("amount", "designation", "es", "event", "qualifier", "sh", "skos", "unit", "xsd")
)
EVENT = """event:example a es:Announcement ; es:onDate "2022-03-18"^^xsd:date ;
    es:dateAsPrinted "3月18日" ; es:dateInferred true ;
    skos:prefLabel "Example"@en , "例"@ja .
"""
AMOUNT = """amount:example a es:Amount ; es:amountValue "25300000000"^^xsd:decimal ;
    es:hasCurrency unit:CCY_JPY ; es:hasQualifier qualifier:draft ; es:asPrinted "253億円" ;
    skos:prefLabel "Example"@en , "例"@ja .
"""
UNPRINTED = AMOUNT.replace(' es:asPrinted "253億円" ;', "")
EARLY = """designation:example a es:SpecifiedCriticalProductDesignation ;
    es:designationDate "2022-12-22"^^xsd:date .
"""
WARNING_ONLY = "es:S sh:targetClass es:Amount ; sh:severity sh:Warning ; sh:closed true ."


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "data.ttl") -> Path:
        file = tmp_path / name
        file.write_text(HEAD + text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def check(econsec: Command, root: Path) -> Command:
    """Validates with a small data set behind the data, by our shapes of figures."""
    manifest = root / "tests" / "cases" / "dataset" / "manifest.ttl"

    def check(*arguments: str | Path) -> Any:
        profile = () if {"--profile", "--shapes"} & {*arguments} else ("--profile", "document")
        return econsec("validate", *arguments, *profile, "--manifest", manifest)

    return check


Write = Callable[..., Path]


def test_conforming_data_end_with_0(econsec: Command, write: Write) -> None:
    outcome = econsec("validate", write(EVENT), "--profile", "hygiene")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.decode().startswith("Conforms (no findings).")


def test_violations_end_with_1_and_say_what_where_and_why(check: Command, write: Write) -> None:
    outcome = check(write(UNPRINTED))
    text = outcome.out.decode()
    assert outcome.code == 1
    for shown in ("Example", "amount:example", "es:asPrinted", "[esh:amount-printed]"):
        assert shown in text
    assert "violations: 1" in text


def test_warnings_alone_end_with_0(check: Command, write: Write) -> None:
    shapes = write(WARNING_ONLY, "shapes.ttl")
    outcome = check(write(AMOUNT), "--shapes", shapes)
    assert outcome.code == 0
    assert "warnings: " in outcome.out.decode()


def test_the_report_is_written_in_japanese(check: Command, write: Write) -> None:
    text = check(write(UNPRINTED), "--lang", "ja").out.decode()
    for shown in ("違反", "例", "不適合"):
        assert shown in text


def test_information_missing_is_told_from_a_date_too_early(econsec: Command, write: Write) -> None:
    outcome = econsec("validate", write(EARLY), "--profile", "designation", "-f", "json")
    severities = {
        result["shape"]: result["severity"] for result in json.loads(outcome.out)["results"]
    }
    assert severities["esh:product-first-order"] == "warning"
    assert severities["esh:importance-assessed"] == "violation"
    assert "esh:product-provision-in-force" not in severities


@pytest.mark.parametrize(
    ("name", "syntax"),
    [("turtle", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("json-ld", RdfFormat.JSON_LD)],
)
def test_a_standard_report_in_rdf(
    check: Command, write: Write, name: str, syntax: RdfFormat
) -> None:
    outcome = check(write(UNPRINTED), "-f", name)
    assert outcome.code == 1
    quads = list(parse(outcome.out, syntax))
    assert sum(quad.object == SH("ValidationReport") for quad in quads) == 1
    assert sum(quad.object == SH("ValidationResult") for quad in quads) == 1


def test_the_suffix_of_the_output_chooses_the_format(
    check: Command, write: Write, tmp_path: Path
) -> None:
    target = tmp_path / "report.json"
    outcome = check(write(UNPRINTED), "-o", target)
    assert (outcome.code, outcome.out) == (1, b"")
    assert json.loads(target.read_bytes())["conforms"] is False
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.ttl", "report.json"]


def test_standard_input_is_turtle(check: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.TextIOWrapper(io.BytesIO((HEAD + UNPRINTED).encode()))
    monkeypatch.setattr(sys, "stdin", content)
    outcome = check("-", "-f", "json")
    assert outcome.code == 1
    assert [result["shape"] for result in json.loads(outcome.out)["results"]] == [
        "esh:amount-printed"
    ]


def test_several_files_are_one_graph(check: Command, write: Write) -> None:
    printed = write('amount:example es:asPrinted "253億円" .', "printed.ttl")
    assert check(write(UNPRINTED), printed).code == 0


def test_a_dataset_is_validated_by_its_manifest(check: Command, write: Write) -> None:
    shapes = write(
        "es:S sh:targetClass <https://example.org/Seaport> ; sh:property [ "
        "sh:path <https://example.org/cranes> ; sh:maxInclusive 6 ] .",
        "shapes.ttl",
    )
    outcome = check("--shapes", shapes, "-f", "json")
    assert outcome.code == 1
    (result,) = json.loads(outcome.out)["results"]
    assert result["focusNode"] == "<https://example.org/yokohama>"
    assert result["graph"] == "https://example.org/graph/section/one"


def test_an_unknown_profile_ends_with_2_and_names_the_known(check: Command, write: Write) -> None:
    outcome = check(write(AMOUNT), "--profile", "hygeine")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "known are all, designation, document, hygiene" in outcome.err


def test_an_unknown_format_ends_with_2(check: Command, write: Write) -> None:
    outcome = check(write(AMOUNT), "-f", "xls")
    assert outcome.code == 2
    assert "known are text, turtle, json-ld, nt, json" in outcome.err


def test_standard_input_twice_ends_with_2(check: Command) -> None:
    assert check("-", "-").code == 2


def test_unreadable_data_end_with_3_and_leave_no_file(
    check: Command, write: Write, tmp_path: Path
) -> None:
    broken = write("amount:example a es:Amount ;;; es:asPrinted .", "broken.ttl")
    outcome = check(broken, "-o", tmp_path / "report.json")
    line = HEAD.count("\n") + 1
    assert (outcome.code, outcome.out) == (3, b"")
    assert f"{broken}:{line}:" in outcome.err
    assert "Traceback" not in outcome.err
    assert [file.name for file in tmp_path.iterdir()] == ["broken.ttl"]


def test_a_missing_file_ends_with_3(check: Command, tmp_path: Path) -> None:
    outcome = check(tmp_path / "none.ttl")
    assert outcome.code == 3
    assert "none.ttl" in outcome.err


def test_misspelt_shapes_end_with_3(check: Command, write: Write) -> None:
    shapes = write("es:S sh:targetClass es:Amount ; sh:clsoed true .", "shapes.ttl")
    outcome = check(write(AMOUNT), "--shapes", shapes)
    assert outcome.code == 3
    assert "sh:clsoed is no term of SHACL Core or SHACL-SPARQL (did you mean sh:closed?)" in (
        outcome.err
    )
