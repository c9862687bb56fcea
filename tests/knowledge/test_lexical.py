"""Texts that denote a value of their datatype, and texts that only look so."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from econsec.knowledge.lexical import is_well_formed
from econsec.rdf.namespaces import XSD

WELL_FORMED = {
    "decimal": ("1", "-1.5", "+.5", "1.", "0"),
    "integer": ("0", "-7", "+7", "007", "9" * 5000),
    "boolean": ("true", "false", "1", "0"),
    "date": ("2022-02-28", "2024-02-29", "2022-03-18+09:00", "2022-03-18Z", "-0044-03-15"),
    "gYearMonth": ("2022-05", "2022-12Z"),
    "gYear": ("2022", "-0044", "12022"),
    "dateTime": ("2022-03-18T23:59:59", "2022-03-18T24:00:00", "2022-03-18T00:00:00.5+09:00"),
    "double": ("1e3", "-INF", "NaN", ".5E-7"),
    "byte": ("-128", "127"),
    "nonNegativeInteger": ("0",),
    "string": ("anything",),
}
ILL_FORMED = {
    "decimal": ("1e3", "", "1,000", "１", "NaN", "1.5 ", "--1"),
    "integer": ("1.0", "", "0x1", "1_000"),
    "boolean": ("yes", "True", ""),
    "date": (
        "2022-02-30",
        "2022-13-01",
        "2022-3-18",
        "22-03-18",
        "2022-03-18T00:00:00",
        "02022-01-01",
    ),
    "gYearMonth": ("2022-13", "2022-1", "2022-00"),
    "gYear": ("22", "2022-05", "02022"),
    "dateTime": ("2022-03-18", "2022-03-18T25:00:00", "2022-02-30T00:00:00", "2022-03-18T24:00:01"),
    "double": ("1e", "inf", ""),
    "byte": ("128", "-129", "c"),
    "nonNegativeInteger": ("-1",),
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WELL_FORMED.items() for text in texts]
)
def test_well_formed(name: str, text: str) -> None:
    assert is_well_formed(Literal(text, datatype=XSD(name)))


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in ILL_FORMED.items() for text in texts]
)
def test_ill_formed(name: str, text: str) -> None:
    assert not is_well_formed(Literal(text, datatype=XSD(name)))


def test_texts_in_a_language_are_not_judged() -> None:
    assert is_well_formed(Literal("２０２２年", language="ja"))
