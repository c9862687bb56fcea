"""Which engine judges what, and that the fast ones judge every literal as the reference does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import Engine, validate
from econsec.rdf.namespaces import RDF, SH, XSD

EX = "https://example.org/"
HEAD = f"""@prefix ex: <{EX}> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> .
@prefix rdf: <{RDF}> .
"""
TEXTS = {
    "string": ("", "a", "b", " a ", "日本", "\n", "ends\n"),
    "boolean": ("true", "1", "0", "TRUE", "maybe", ""),
    "integer": ("1", "01", "+1", "-1", "1e3", "1.0", "", "a", " 1 "),
    "decimal": ("1", "1.50", ".5", "5.", "1e3", "", "abc", " 1.5"),
    "double": ("1", "1.0E0", "1e3", "INF", "inf", "", "abc"),
    "date": ("2020-01-01", "2020-02-30", "2020-1-1", "20200101", "", "2019-12-31"),
    "dateTime": ("2020-01-01T00:00:00", "2020-01-01T25:00:00", "2020-01-01", "x"),
    "gYear": ("2020", "20", "02020", "x", "2020-01"),
    "gYearMonth": ("2020-01", "2020-13", "2020", "x"),
    "anyURI": ("http://a/", "not a uri", ""),
    "duration": ("P1Y", "PT1.5S", "-P1D", "P1Y2M3DT4H5M6S"),
    "byte": ("1", "200", "x"),
    "nonNegativeInteger": ("0", "-1", "007"),
    "token": (" a", "a"),
    "normalizedString": ("a\nb",),
}
LITERALS = [
    *(Literal(text, datatype=XSD(name)) for name, texts in TEXTS.items() for text in texts),
    *(Literal("a", language=tag) for tag in ("en", "ja", "en-gb")),
    Literal("v", datatype=NamedNode(EX + "own")),
]
VALUES = [*LITERALS, NamedNode(EX + "iri"), BlankNode("blank")]
DATATYPES = [name for name in TEXTS if name not in {"token", "normalizedString"}]
PARAMETERS = [
    *(f"sh:datatype xsd:{name}" for name in DATATYPES),
    "sh:datatype rdf:langString",
    *(f"sh:{bound} {value}" for value in ("1", "1.5", "1.0E0", '"2020-01-01"^^xsd:date')
      for bound in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")),
    *(f"sh:nodeKind sh:{kind}" for kind in ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI",
                                            "BlankNodeOrLiteral", "IRIOrLiteral")),
    *(f"sh:{length} {count}" for length in ("minLength", "maxLength") for count in (1, 3)),
    *(f'sh:pattern "{pattern}"' for pattern in
      ("^a", "a$", "^$", r"\\\\d+", r"^\\\\S(.*\\\\S)?$", "[a-z]", "^(a|b){1,2}$", "a.b", "[$]",
       r"\\\\$")),
    'sh:pattern "A" ; sh:flags "i"',
    'sh:languageIn ( "en" )', 'sh:languageIn ( "ja" "en-GB" )', 'sh:languageIn ( "*" )',
    "sh:in ( 1 )", 'sh:in ( "a" "a"@en 1.5 ex:iri )', "sh:hasValue 1", "sh:hasValue 1.5",
    "sh:class ex:C",
    "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
    "sh:not [ sh:datatype xsd:decimal ]",
    "sh:xone ( [ sh:minLength 1 ] [ sh:datatype xsd:integer ] )",
]  # fmt: skip


def statements(text: str) -> list[Triple]:
    quads = parse((HEAD + text).encode(), RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def values() -> Iterator[Triple]:
    for number, value in enumerate(VALUES):
        yield Triple(NamedNode(f"{EX}n{number}"), NamedNode(EX + "p"), value)


def pairs() -> Iterator[Triple]:
    chosen = [
        each for each in LITERALS if each.language is None and len(each.value) in {0, 1, 3, 10}
    ]
    for one in range(len(chosen)):
        for two in range(len(chosen)):
            node = NamedNode(f"{EX}n{one}-{two}")
            yield Triple(node, NamedNode(EX + "p"), chosen[one])
            yield Triple(node, NamedNode(EX + "q"), chosen[two])


def found(report: Report) -> Counter[tuple[object, ...]]:
    return Counter((r.focus, r.value, r.shape, r.component) for r in report.results)


def test_every_literal_is_judged_alike() -> None:
    shapes = statements(
        "ex:S sh:targetSubjectsOf ex:p ; sh:property "
        + " , ".join(f"ex:P{n}" for n in range(len(PARAMETERS)))
        + " .\n"
        + "\n".join(f"ex:P{n} sh:path ex:p ; {said} ." for n, said in enumerate(PARAMETERS))
    )
    data = list(values())
    fast, reference = (validate(data, shapes=shapes, engine=engine) for engine in Engine)
    assert [audit.engine for audit in fast.audit] == ["shacl"]
    assert found(fast) == found(reference)
    assert {r.shape for r in fast.results} == {
        NamedNode(f"{EX}P{number}") for number in range(len(PARAMETERS))
    }


def test_pairs_of_literals_are_compared_alike() -> None:
    shapes = statements(
        """ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] ,
        [ sh:path ex:p ; sh:lessThanOrEquals ex:q ] , [ sh:path ex:p ; sh:equals ex:q ] ,
        [ sh:path ex:p ; sh:disjoint ex:q ] ."""
    )
    data = list(pairs())
    fast, reference = (validate(data, shapes=shapes, engine=engine) for engine in Engine)
    assert [audit.engine for audit in fast.audit] == ["shacl"]
    assert found(fast) == found(reference)


def engine_of(shape: str, *, data: str = "ex:a ex:p 1 .") -> str:
    shapes = statements(f"ex:S sh:targetSubjectsOf ex:p ; {shape} .")
    return validate(statements(data), shapes=shapes).audit[0].engine


@pytest.mark.parametrize(
    ("shape", "engine"),
    [
        ("sh:property [ sh:path ex:p ; sh:minCount 1 ]", "shacl"),
        ('sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ]', "shacl + sparql"),
        (
            "sh:property [ sh:path ex:p ; "
            'sh:sparql [ sh:select "SELECT $this ?value { $this $PATH ?value }" ] ]',
            "shacl + sparql",
        ),
        ('sh:node [ sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ] ]', "pyshacl"),
        ('sh:or ( [ sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ] ] )', "pyshacl"),
        (
            "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; "
            'sh:sparql [ sh:select "SELECT $this { $this $PATH ?o }" ] ] ]',
            "pyshacl",
        ),
        ("sh:property [ sh:path ex:p ; sh:datatype xsd:time ]", "pyshacl"),
        ("sh:property [ sh:path ex:p ; sh:minLength 0 ]", "pyshacl"),
        ('sh:property [ sh:path ex:p ; sh:minInclusive "2020-01-01T00:00:00"^^xsd:dateTime ]',
         "pyshacl"),
    ],
)  # fmt: skip
def test_what_is_not_proven_goes_to_the_reference_as_a_whole(shape: str, engine: str) -> None:
    assert engine_of(shape) == engine


@pytest.mark.parametrize(
    "odd",
    [
        '"2020-01-01Z"^^xsd:date',
        '"12020-01-01"^^xsd:date',
        '"2020-01-01T24:00:00"^^xsd:dateTime',
        '"2020-01-01T00:00:00"^^xsd:dateTime , "2020-01-01T00:00:00Z"^^xsd:dateTime',
        "9999999999999999999999",
    ],
)
def test_what_is_compared_otherwise_from_engine_to_engine_goes_to_the_reference(odd: str) -> None:
    data = f"ex:a ex:p {odd} ."
    assert engine_of("sh:property [ sh:path ex:p ; sh:maxInclusive 9 ]", data=data) == "pyshacl"
    assert engine_of("sh:property [ sh:path ex:p ; sh:maxCount 9 ]", data=data) == "shacl"


TEXTS_READ = [
    ("1.50", "STRLEN(STR(?value)) = 4"),
    ("1.50", "STRLEN(CONCAT(STR(STR(?value)), STR($this))) = 25"),
    ("1.50", "STRLEN(STR(?value)) + STRLEN(STR(LCASE(STR(?value)))) = 8"),
    ("1.50", "REGEX(str(?value), '0$')"),
    ('"007"^^xsd:unsignedInt', "DATATYPE(?value) = <http://www.w3.org/2001/XMLSchema#unsignedInt>"),
    ('"1e9"^^xsd:double', "?value > 1 && CONTAINS(STR(?value), 'e')"),
    ('"x"^^xsd:integer', "STR(?value) = 'x'"),
]


@pytest.mark.parametrize(("literal", "condition"), TEXTS_READ)
def test_queries_read_literals_as_they_are_written(literal: str, condition: str) -> None:
    select = f"SELECT $this ?value {{ $this <{EX}p> ?value FILTER({condition}) }}"
    shapes = statements(f'ex:S sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select "{select}" ] .')
    data = statements(f"ex:a ex:p {literal} , 2 , 'text' . ex:b ex:p ex:a .")
    fast, reference = (validate(data, shapes=shapes, engine=engine) for engine in Engine)
    assert [audit.engine for audit in fast.audit] == ["shacl + sparql"]
    assert [r.value for r in fast.results] == [r.value for r in reference.results]
    assert data[0].object in {result.value for result in fast.results}


def test_literals_that_the_store_takes_for_one_go_to_the_reference() -> None:
    shape = f'sh:sparql [ sh:select "SELECT $this {{ $this <{EX}p> ?value }}" ]'
    assert engine_of(shape, data="ex:a ex:p 1.50 .") == "shacl + sparql"
    assert engine_of(shape, data="ex:a ex:p 1.50 , 1.5 .") == "pyshacl"


def test_a_value_is_reported_as_the_data_write_it() -> None:
    shapes = statements(
        'ex:S sh:targetSubjectsOf ex:p ; sh:sparql [ sh:message "It is {?value}." ; '
        f'sh:select "SELECT $this ?value {{ $this <{EX}p> ?value }}" ] .'
    )
    (result,) = validate(statements("ex:a ex:p 1.50 ."), shapes=shapes).results
    assert result.value == Literal("1.50", datatype=XSD("decimal"))
    assert result.messages == {"": "It is 1.50."}


DAYS = {
    "gYear": ("2019", "2020", "2021"),
    "gYearMonth": ("2019-12", "2020-01", "2020-02"),
    "date": ("2019-12-31", "2020-01-01", "2020-01-02"),
    "dateTime": ("2019-12-31T00:00:00", "2020-01-01T00:00:00", "2020-01-02T00:00:00"),
}
BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")


@pytest.mark.parametrize("datatype", DAYS)
def test_days_months_and_years_are_held_against_a_bound_alike(datatype: str) -> None:
    """A year is no day: it breaks every bound that is one, in either engine."""
    texts = ((kind, text) for kind, written in DAYS.items() for text in written)
    data = [
        Triple(NamedNode(f"{EX}n{number}"), NamedNode(EX + "p"), Literal(text, datatype=XSD(kind)))
        for number, (kind, text) in enumerate(texts)
    ]
    found = set()
    for bound in BOUNDS:
        value = f'"{DAYS[datatype][1]}"^^xsd:{datatype}'
        shapes = statements(
            f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:{bound} {value} ] ."
        )
        fast, reference = (validate(data, shapes=shapes, engine=engine) for engine in Engine)
        assert Counter((r.focus, r.value) for r in fast.results) == Counter(
            (r.focus, r.value) for r in reference.results
        )
        found.add(len(fast.results))
        assert [a.engine for a in fast.audit] == ["shacl" if datatype == "date" else "pyshacl"]
    assert 0 not in found
