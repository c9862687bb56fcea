"""What a validation is carried out on, and the bytes that its report becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from econsec.errors import UsageError
from econsec.knowledge.reading import Document, document
from econsec.knowledge.reports import ReportFormat
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import PREFIXES
from econsec.service.validation import Request, render, validate

HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("amount", "es", "sh"))
AMOUNT = 'amount:example a es:Amount ; es:asPrinted "253億円" .'


def documents(text: str) -> list[Document]:
    return [document((HEAD + text).encode(), name="-", format=TURTLE)]


def test_a_profile_chooses_the_shapes() -> None:
    report = validate(Request(documents=documents(AMOUNT), profile="document"))
    names = {str(result.shape).rpartition("#")[2][:-1] for result in report.results}
    assert names == {"amount-value", "amount-currency", "amount-qualifier"}
    assert validate(Request(documents=documents(AMOUNT), profile="designation")).results == ()


def test_without_a_profile_every_shape_counts() -> None:
    report = validate(Request(documents=documents(AMOUNT)))
    names = {str(result.shape).rpartition("#")[2][:-1] for result in report.results}
    assert {"amount-value", "label-en", "label-ja"} <= names


def test_with_shapes_of_ones_own_ours_are_left_out(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + "es:S sh:targetClass es:Amount ; sh:closed true .")
    report = validate(Request(documents=documents(AMOUNT), shape_files=[shapes]))
    assert {result.component.value.rpartition("#")[2] for result in report.results} == {
        "ClosedConstraintComponent"
    }


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError, match="all, designation, document, hygiene"):
        validate(Request(documents=documents(AMOUNT), profile="documents"))


def test_every_format_is_rendered() -> None:
    report = validate(Request(documents=documents(AMOUNT), profile="document"))
    written = {format: render(report, format, language="ja").decode() for format in ReportFormat}
    assert "不適合" in written[ReportFormat.TEXT]
    assert "sh:ValidationReport" in written[ReportFormat.TURTLE]
    assert "ValidationReport> ." in written[ReportFormat.N_TRIPLES]
    assert json.loads(written[ReportFormat.JSON])["conforms"] is False
    assert len(json.loads(written[ReportFormat.JSON_LD])) > 3
