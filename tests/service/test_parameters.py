"""The values that a query is asked with: defaults, types, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, NamedNode

from econsec.engine.store import Binding
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.catalogue import Parameter, ParameterType
from econsec.rdf.namespaces import ES, XSD
from econsec.service.parameters import bindings

TEXT = "SELECT ?asOf { ?thing ?p ?asOf }"
DAY = Parameter("asOf", ParameterType.DATE, {"en": "The day.", "ja": "日。"}, "2026-06-17")
THING = Parameter("thing", ParameterType.IRI, {"en": "The thing.", "ja": "事物。"}, None)
COUNT = Parameter("n", ParameterType.INTEGER, {"en": "A number.", "ja": "数。"}, None)
WORD = Parameter("word", ParameterType.STRING, {"en": "A word.", "ja": "語。"}, None)


def day(text: str) -> Binding:
    return Binding("asOf", Literal(text, datatype=XSD("date")))


def test_values_come_before_defaults() -> None:
    thing = Binding("thing", ES("Actor"))
    given = bindings(TEXT, [DAY, THING], values=["thing=es:Actor"], as_of=None)
    assert given == (day("2026-06-17"), thing)
    given = bindings(TEXT, [DAY, THING], values=["thing=es:Actor"], as_of="2022-06-01")
    assert given == (day("2022-06-01"), thing)
    values = ["asOf=2022-06-01", f"thing={ES('Actor').value}"]
    assert bindings(TEXT, [DAY, THING], values=values, as_of=None) == given


def test_a_query_without_parameters_has_no_bindings_but_may_take_the_day() -> None:
    assert bindings(TEXT, (), values=(), as_of=None) == ()
    assert bindings(TEXT, (), values=(), as_of="2022-06-01") == (day("2022-06-01"),)


@pytest.mark.parametrize(
    ("values", "as_of", "said"),
    [
        ((), None, "needs a value for 'thing'"),
        (("thing=es:Actor", "day=2022-06-01"), None, "no parameter 'day'"),
        (("thing=es:Actor", "asOf=2022-06-01"), "2022-06-01", "given twice"),
        (("thing=es:Actor", "thing=es:Actor"), None, "given twice"),
        (("thing",), None, "'thing' gives no value"),
        (("=es:Actor",), None, "gives no value"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_can(
    values: tuple[str, ...], as_of: str | None, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        bindings(TEXT, [DAY, THING], values=values, as_of=as_of)
    assert said in str(refused.value)
    assert refused.value.remedy is not None
    if "twice" not in said and "gives no value" not in said:
        assert "asOf (date, default 2026-06-17): The day." in refused.value.remedy
        assert "thing (iri, required): The thing." in refused.value.remedy


@pytest.mark.parametrize(
    ("parameters", "value", "as_of", "said"),
    [
        ([THING], "thing=Actor", None, "--param: 'Actor' is no iri for 'thing' (write an IRI in"),
        ([DAY], None, "2022-06", "--as-of: '2022-06' is no date for 'asOf' (write a day as YYYY-"),
        ([DAY], None, "2022-02-30", "no date for 'asOf' (write a day as YYYY-MM-DD, one that the"),
        ((), None, "2022-02-30", "no date for 'asOf' (write a day as YYYY-MM-DD, one that the"),
        ([COUNT], "n=two", None, "'two' is no integer for 'n' (write a whole number in digits)"),
        ([WORD], "word=\ud800", None, "is no string for 'word' (write valid Unicode)"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_to_write(
    parameters: Sequence[Parameter], value: str | None, as_of: str | None, said: str
) -> None:
    values = [value] if value is not None else []
    with pytest.raises(UsageError) as refused:
        bindings(TEXT, parameters, values=values, as_of=as_of)
    assert said in str(refused.value)
    assert "its parameters are" not in str(refused.value)


def test_a_text_that_is_no_query_takes_no_day() -> None:
    with pytest.raises(InvalidInput):
        bindings("INSERT DATA {}", (), values=(), as_of="2022-06-01")


def test_a_day_that_changes_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match=r"does not use \?asOf, so the day would change nothing"):
        bindings("SELECT * { ?s ?p '?asOf' }", (), values=(), as_of="2022-06-01")
    with pytest.raises(UsageError, match="no parameter 'asOf'"):
        bindings(TEXT, (), values=("asOf=2022-06-01",), as_of=None)


@pytest.mark.parametrize(
    ("type", "text", "term"),
    [
        ("iri", "es:Actor", ES("Actor")),
        ("iri", "https://example.org/a", NamedNode("https://example.org/a")),
        ("iri", "urn:isbn:0", NamedNode("urn:isbn:0")),
        ("date", "2024-02-29", Literal("2024-02-29", datatype=XSD("date"))),
        ("integer", "-7", Literal("-7", datatype=XSD("integer"))),
        ("string", '"a" ?b }', Literal('"a" ?b }')),
        ("string", "", Literal("")),
    ],
)
def test_a_value_becomes_a_term(type: str, text: str, term: NamedNode | Literal) -> None:
    assert ParameterType(type).term(text) == term


@pytest.mark.parametrize(
    ("type", "text"),
    [
        *(
            ("iri", text)
            for text in ("", "Actor", "nope:Actor", "https://a b", "https://a>b", "es:a b")
        ),
        *(
            ("date", text)
            for text in ("", "2022", "2022-06", "20220601", "2022-W22-3", "2022-02-30")
        ),
        *(("date", text) for text in ("2022-06-01Z", "2022-06-01T00:00:00", "２０２２-06-01")),
        *(("integer", text) for text in ("", "1.0", "1_000", " 1", "１")),
        ("string", "\ud800"),
    ],
)
def test_a_value_of_another_type_is_none(type: str, text: str) -> None:
    with pytest.raises(ValueError):
        ParameterType(type).term(text)
