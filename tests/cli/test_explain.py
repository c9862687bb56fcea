"""`econsec explain`: why a designation is valid or not, and how the command ends."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from econsec.rdf.namespaces import PREFIXES

Command = Callable[..., Any]

PREFIXED = (
    *("actor", "assessment", "criterion", "designation", "es"),
    *("good", "legislation", "skos", "xsd"),
)

MAGNETS = "designation:specified-critical-product-permanent-magnets"
SMALL = ("--manifest", str(Path(__file__).parents[1] / "cases" / "dataset" / "manifest.ttl"))
HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXED)
EARLY = """designation:early a es:SpecifiedCriticalProductDesignation ;
    skos:prefLabel "the early designation"@en, "早すぎる指定"@ja ;
    es:designates good:permanent-magnets ; es:designatingAuthority actor:cabinet-of-japan ;
    es:hasLegalBasis
        legislation:order-for-enforcement-of-the-economic-security-promotion-act-article-1 ;
    es:designationDate "2022-07-31"^^xsd:date ; es:hasUnmetAssessment assessment:early .
assessment:early es:assessesCriterion criterion:importance .
"""


@pytest.fixture
def early(tmp_path: Path) -> Path:
    file = tmp_path / "early.ttl"
    file.write_text(HEAD + EARLY, encoding="utf-8")
    return file


def lines(outcome: Any) -> list[str]:
    text: str = outcome.out.decode()
    return text.splitlines()


def test_a_valid_designation_is_told_criterion_by_criterion(econsec: Command) -> None:
    outcome = econsec("explain", MAGNETS)
    told = lines(outcome)
    assert outcome.code == 0
    assert told[0].startswith("Valid: Designation of permanent magnets as a specified critical")
    assert "It was made by Cabinet of Japan." in told
    assert "It is dated 2022-12-23." in told
    act = "Article 7 of the Economic Security Promotion Act"
    criteria = [line for line in told if line.startswith("Criterion “")]
    assert len(criteria) == 4
    assert all(f"({act}): met (basis “by rule”, that is: the law" in line for line in criteria)
    assert any(line.startswith("Evidence: permanent magnets in “") for line in told)
    assert any(line.startswith("Checked without a fault: ") for line in told)


def test_in_japanese_and_in_full(econsec: Command) -> None:
    iri = PREFIXES["designation"] + MAGNETS.partition(":")[2]
    told = lines(econsec("explain", f"<{iri}>", "--lang", "ja"))
    assert told[0].startswith("有効：「永久磁石の特定重要物資としての指定」")
    assert sum(line.startswith("要件「") for line in told) == 4
    assert not any("Criterion" in line for line in told)


def test_what_is_designated_leads_to_its_designation(econsec: Command) -> None:
    assert lines(econsec("explain", "good:permanent-magnets")) == lines(econsec("explain", MAGNETS))


def test_json_has_both_languages(econsec: Command) -> None:
    outcome = econsec("explain", MAGNETS, "-f", "json", "--lang", "ja")
    (told,) = json.loads(outcome.out)
    assert (outcome.code, told["valid"]) == (0, True)
    assert told["iri"].endswith("/specified-critical-product-permanent-magnets")
    assert {frozenset(each) for each in (told["label"], *told["sentences"])} == {
        frozenset({"en", "ja"})
    }


def test_a_file_of_ones_own_is_explained(econsec: Command, early: Path) -> None:
    outcome = econsec("explain", "designation:early", early)
    told = lines(outcome)
    assert outcome.code == 1
    assert told[0].startswith("Not valid: the early designation")
    # These labels, the rule and the passages stand in sources, behind which nothing is judged.
    assert "It was made by Cabinet of Japan." in told
    assert any(line.startswith("Criterion “importance” (") and "not met" in line for line in told)
    assert any("not assessed; information is missing." in line for line in told)
    assert any(line.startswith("Evidence: permanent magnets in “") for line in told)
    faults = [line for line in told if line.startswith("Fault")]
    assert any("Criterion not met: " in line for line in faults)
    assert any("Information is missing: " in line for line in faults)
    assert any("The provision was not in force: " in line for line in faults)
    assert all("[" in line and "To mend it: " in line for line in faults)


def test_a_file_comes_by_standard_input_too(
    econsec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (HEAD + EARLY).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    outcome = econsec("explain", "designation:early", "-", "--lang", "ja")
    assert (outcome.code, lines(outcome)[0][:3]) == (1, "無効：")
    assert econsec("explain", "designation:early", "-", "-").code == 2


def test_a_name_that_is_nearly_right_is_put_right(econsec: Command) -> None:
    outcome = econsec("explain", "good:permanent-magnetz")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "did you mean good:permanent-magnets" in outcome.err


def test_what_nothing_designates_says_so(econsec: Command) -> None:
    outcome = econsec("explain", "actor:china")
    assert (outcome.code, lines(outcome)) == (0, ["No designation in the data names China."])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("https://example.org/yokohoma", *SMALL), 2, "did you mean <https://example.org/yoko"),
        (("two words", *SMALL), 2, "is no IRI"),
        (("https://example.org/yokohama", *SMALL, "--profile", "x"), 2, "no profile 'x'"),
        ((MAGNETS, "none.ttl", *SMALL), 3, "none.ttl"),
        ((MAGNETS, "early.ttl", "-l", "folder"), 2, "name two data sets"),
        ((MAGNETS, "--manifest", "m.ttl", "-l", "folder"), 2, "name two data sets"),
        ((MAGNETS, "-f", "xml"), 2, "xml"),
    ],
)
def test_what_cannot_be_explained(
    econsec: Command, arguments: tuple[str, ...], code: int, said: str
) -> None:
    outcome = econsec("explain", *arguments)
    assert (outcome.code, outcome.out) == (code, b"")
    assert said in outcome.err
    assert "Traceback" not in outcome.err
