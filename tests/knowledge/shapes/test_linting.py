"""Every rule for shapes: what breaks it, and that sound shapes break none."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.reading import Document, document
from econsec.knowledge.shapes.linting import Gravity, check, lint
from econsec.knowledge.shapes.linting.patterns import pattern_problem
from econsec.rdf.formats import TURTLE

EX = "https://example.org/"
HEAD = f"""@prefix ex: <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SOUND = (
    """
ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:message "Wrong."@en ; sh:severity ex:Grave ;
    sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:nodeKind sh:IRI ;
    sh:or ( [ sh:path ex:a ; sh:minCount 1 ; sh:maxCount 2 ] [ sh:class ex:Quay ] ) ;
    sh:not [ sh:in ( 1 "a" ex:b ) ] ; sh:property ex:P , ex:Q .
ex:P a sh:PropertyShape ; sh:path ( ex:a [ sh:inversePath ex:b ] ) ; sh:message "No."@en ;
    sh:qualifiedValueShape [ sh:pattern "^[A-Z]+$" ; sh:flags "i" ] ; sh:qualifiedMinCount 1 ;
    sh:uniqueLang true ; sh:lessThan ex:c ; sh:languageIn ( "en" "ja" ) .
ex:Q sh:path [ sh:alternativePath ( ex:a [ sh:zeroOrMorePath ex:b ] ) ] ; sh:minInclusive 1 ;
    sh:maxInclusive 2.5 ; sh:message "No."@en ; sh:sparql ex:C .
ex:C a sh:SPARQLConstraint ; sh:message "{?value} in {$this}"@en ; sh:prefixes ex:prefixes ;
    sh:select """
    + '"""'
    + """SELECT $this ?value WHERE { $this $PATH ?value .
        { SELECT $this (COUNT(*) AS ?n) WHERE { $this ex:a ?x } GROUP BY $this }
        FILTER(?value = "MINUS" || ?n < 1) # VALUES
    }"""
    + '"""'
    + """ .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""
)


def quads(text: str) -> list[Quad]:
    return list(parse((HEAD + text).encode(), RdfFormat.TURTLE))


def told(text: str, gravity: Gravity = Gravity.ERROR) -> list[str]:
    return [fault.sentence for fault in lint(quads(text)) if fault.gravity is gravity]


def shape(rest: str) -> str:
    return f'ex:S a sh:NodeShape ; sh:targetClass ex:Port ; sh:message "No." ; {rest} .'


def prop(rest: str) -> str:
    return shape(f'sh:property [ sh:path ex:p ; sh:message "No." ; {rest} ]')


def query(select: str, rest: str = "") -> str:
    return (
        shape(f"sh:sparql ex:C {rest}")
        + f"""
        ex:C sh:prefixes ex:prefixes ; sh:select '''{select}''' .
        ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] ."""
    )


def component(validator: str, parameter: str = "sh:path ex:lang") -> str:
    return f"""ex:K a sh:ConstraintComponent ; sh:parameter [ {parameter} ] ;
        {validator} ."""


def test_sound_shapes_have_no_fault() -> None:
    assert lint(quads(SOUND)) == ()
    check(quads(SOUND))


ERRORS = {
    "misspelt": (prop("sh:minCuont 1"), "sh:minCuont is no term"),
    "misspelt class": ("ex:S a sh:NodeShap .", "sh:NodeShap is no term"),
    "javascript": (shape("sh:js [ sh:jsFunctionName 'f' ]"), "sh:js is no term .* SHACL-JS"),
    "rules": (shape("sh:rule [ a sh:TripleRule ]"), "sh:rule is no term .* Advanced Features"),
    "target": (shape("sh:target [ a sh:SPARQLTarget ]"), "sh:target is no term"),
    "shacl 1.2": (prop("sh:singleLine true"), "sh:singleLine is no term .* SHACL 1.2"),
    "import": (f"<{EX}> owl:imports <http://x.org/> .", "imports <http://x.org/>"),
    "two paths": (prop("sh:path ex:q"), "2 values of sh:path"),
    "no path": (shape("sh:property [ sh:minCount 1 ]"), "without sh:path"),
    "path on a node shape": (shape("sh:path ex:p"), "is a node shape, but has sh:path"),
    "literal path": (shape('sh:property [ sh:path "p" ]'), "has a literal in it"),
    "empty path": (shape("sh:property [ sh:path [] ]"), "is empty"),
    "unknown path": (shape("sh:property [ sh:path [ ex:a ex:b ] ]"), "none of the kinds of path"),
    "path of nothing": (
        shape("sh:property [ sh:path [ sh:alternativePath () ] ]"),
        "fewer than two paths",
    ),
    "path of one": (shape("sh:property [ sh:path ( ex:a ) ]"), "fewer than two paths"),
    "two inverse paths": (
        shape("sh:property [ sh:path [ sh:inversePath ex:a , ex:b ] ]"),
        "more than one thing",
    ),
    "two kinds of path": (
        shape("sh:property [ sh:path [ sh:inversePath ex:a ; sh:zeroOrMorePath ex:b ] ]"),
        "more than one thing",
    ),
    "cyclic path": (
        shape("sh:property [ sh:path _:p ]") + " _:p sh:inversePath _:p .",
        "leads back into itself",
    ),
    "cyclic list in a path": (
        shape("sh:property [ sh:path _:p ]") + " _:p rdf:first ex:a ; rdf:rest _:p .",
        "broken list",
    ),
    "deep path": (
        shape(f"sh:property [ sh:path {'[ sh:inversePath ' * 30} ex:a {']' * 30} ]"),
        "nested more than",
    ),
    "broken list": (shape("sh:in [ rdf:first 1 ]"), "sh:in that is no well-formed list"),
    "cyclic list": (
        shape("sh:in _:l") + " _:l rdf:first 1 ; rdf:rest _:l .",
        "sh:in that is no well-formed list",
    ),
    "forked list": (
        shape("sh:in _:l") + " _:l rdf:first 1 , 2 ; rdf:rest () .",
        "sh:in that is no well-formed list",
    ),
    "no list": (shape("sh:or ex:A") + " ex:A sh:class ex:B .", "sh:or that is no"),
    "and": (shape("sh:and 1"), "sh:and that is no"),
    "xone": (shape("sh:xone [ sh:class ex:B ]"), "sh:xone that is no"),
    "literal in a list of shapes": (shape("sh:and ( 1 )"), "in sh:and"),
    "language": (shape("sh:languageIn ( ex:en )"), "in sh:languageIn"),
    "tagged language": (shape('sh:languageIn ( "en"@en )'), "in sh:languageIn"),
    "languages": (shape('sh:languageIn "en"'), "sh:languageIn that is no"),
    "ignored": (shape("sh:closed true ; sh:ignoredProperties ( 1 )"), "in sh:ignoredProperties"),
    "count": (prop('sh:minCount "1"'), 'sh:minCount "1"'),
    "no number": (prop('sh:minCount "a"^^xsd:integer'), "sh:minCount"),
    "negative count": (prop("sh:maxCount -1"), "sh:maxCount -1"),
    "count on a node shape": (shape("sh:minCount 1"), "no sh:path to apply it to"),
    "uniqueLang on a node shape": (shape("sh:uniqueLang true"), "no sh:path"),
    "lessThan on a node shape": (shape("sh:lessThan ex:a"), "no sh:path"),
    "qualified on a node shape": (
        shape("sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:B ]"),
        "no sh:path",
    ),
    "two counts": (prop("sh:minCount 1 , 2"), "2 values of sh:minCount"),
    "two patterns": (shape("sh:pattern 'a' , 'b'"), "2 values of sh:pattern"),
    "counts": (prop("sh:minCount 3 ; sh:maxCount 2"), "sh:minCount 3 above sh:maxCount 2"),
    "lengths": (shape("sh:minLength 3 ; sh:maxLength 2"), "sh:minLength 3 above"),
    "bounds": (shape("sh:minInclusive 3.5 ; sh:maxInclusive 2"), "sh:minInclusive 3.5 above"),
    "length": (shape('sh:maxLength "x"'), "sh:maxLength"),
    "bound": (shape("sh:minExclusive ex:a"), "sh:minExclusive <"),
    "datatype": (shape('sh:datatype "xsd:date"'), "sh:datatype"),
    "two datatypes": (shape("sh:datatype xsd:date , xsd:gYear"), "2 values of sh:datatype"),
    "class": (shape("sh:class [ ]"), "sh:class"),
    "equals": (shape("sh:equals 'a'"), "sh:equals"),
    "disjoint": (shape("sh:disjoint 'a'"), "sh:disjoint"),
    "node kind": (shape("sh:nodeKind ex:IRI"), "sh:nodeKind"),
    "boolean": (shape("sh:closed 'true'"), "sh:closed"),
    "deactivated": (shape("sh:deactivated 1"), "sh:deactivated"),
    "severity": (shape("sh:severity 'high'"), "sh:severity"),
    "two severities": (shape("sh:severity sh:Info , sh:Warning"), "2 values of sh:severity"),
    "message": (shape("sh:message 1"), "sh:message 1"),
    "entailment": (shape("sh:entailment 'RDFS'"), "sh:entailment"),
    "target class": (shape("sh:targetClass 'Port'"), "sh:targetClass"),
    "target node": (shape("sh:targetNode [ ]"), "sh:targetNode"),
    "target subjects": (shape("sh:targetSubjectsOf 'p'"), "sh:targetSubjectsOf"),
    "target objects": (shape("sh:targetObjectsOf 'p'"), "sh:targetObjectsOf"),
    "class without an IRI": ("[] a rdfs:Class , sh:NodeShape .", "a class, but has no IRI"),
    "node": (shape("sh:node 'S'"), "sh:node"),
    "not": (shape("sh:not 1"), "sh:not 1"),
    "property": (shape("sh:property 1"), "sh:property 1"),
    "sparql": (shape("sh:sparql 'SELECT'"), "sh:sparql"),
    "pattern kind": (shape("sh:pattern 'a'@en"), "sh:pattern"),
    "pattern": (shape("sh:pattern '('"), "no regular expression"),
    "flags": (shape("sh:pattern 'a' ; sh:flags 'iy'"), "sh:flags"),
    "dangling": (shape("sh:property ex:Missing"), "Missing>, of which nothing"),
    "dangling node": (shape("sh:node ex:Missing"), "of which nothing is said"),
    "dangling member": (shape("sh:or ( ex:Missing )"), "of which nothing is said"),
    "recursion": (shape("sh:node ex:S"), "recurs: .*S> uses .*S>"),
    "recursion by others": (
        shape("sh:property ex:P") + "ex:P sh:path ex:p ; sh:not [ sh:and ( ex:S ) ] .",
        "recurs: .* uses .* uses ",
    ),
    "qualified recursion": (
        prop("sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:S"),
        "recurs",
    ),
    "deep shapes": (shape("sh:not [ " * 90 + "sh:class ex:B" + " ]" * 90), "more than 64 deep"),
    "no query": (shape("sh:sparql [ sh:message 'No.' ]"), "no sh:select"),
    "two queries": (
        shape("sh:sparql [ sh:select 'SELECT $this {}' , 'SELECT ?this {}' ]"),
        "2 sh:select",
    ),
    "query of another kind": (shape("sh:sparql [ sh:select 1 ]"), "no plain string"),
    "broken query": (query("SELECT $this WHERE { $this a ex:Port"), "cannot be read"),
    "no select": (query("ASK { $this a ex:Port }"), "no SELECT query"),
    "construct": (query("CONSTRUCT { $this a ex:B } WHERE { $this a ex:A }"), "no SELECT query"),
    "not this": (query("SELECT ?that WHERE { ?that a ex:Port }"), "does not select \\$this"),
    "minus": (query("SELECT $this { $this a ex:A MINUS { $this a ex:B } }"), "MINUS"),
    "values": (query("SELECT $this { $this a ?x VALUES ?x { ex:A } }"), "VALUES"),
    "service": (query("SELECT $this { SERVICE <http://x/> { $this a ex:A } }"), "uses SERVICE"),
    "from": (query("SELECT $this FROM <http://x/> WHERE { $this a ex:A }"), "uses FROM"),
    "rebound": (query("SELECT $this { BIND(1 AS $this) }"), "binds \\$this anew"),
    "shapes graph": (query("SELECT $this { GRAPH $shapesGraph { $this a ex:A } }"), "shapesGraph"),
    "path in a node shape": (query("SELECT $this { $this $PATH ?x }"), "PATH"),
    "path as an object": (
        prop("sh:sparql [ sh:select 'SELECT $this { $this ?p $PATH }' ]"),
        "cannot be read",
    ),
    "inner select": (
        query("SELECT $this { $this a ?c { SELECT ?c { ?x a ?c } } }"),
        "inner SELECT .* not select \\$this",
    ),
    "inner star": (
        query("SELECT $this { { SELECT * { FILTER($this = ex:a) } } }"),
        "inner SELECT",
    ),
    "prefix": (query("SELECT $this { $this a other:Port }"), "uses the prefix other:"),
    "deep query": (query("SELECT $this { " + "{" * 200 + "}" * 200 + "}"), "nested too deep"),
    "declaration": ("ex:o sh:declare [ sh:prefix 'ex' ] .", "sh:declare without"),
    "two namespaces": (
        "ex:o sh:declare [ sh:prefix 'a' ; sh:namespace 'b:' ] ,"
        " [ sh:prefix 'a' ; sh:namespace 'c:' ] .",
        "2 namespaces",
    ),
    "component without validator": (component("a ex:X"), "has no validator"),
    "component without parameter": (
        "ex:K a sh:ConstraintComponent ; sh:validator [ sh:ask 'ASK {}' ] .",
        "no parameter",
    ),
    "optional parameters only": (
        component("sh:validator [ sh:ask 'ASK {}' ]", "sh:path ex:lang ; sh:optional true"),
        "no parameter that must",
    ),
    "parameter of a reserved name": (
        component("sh:validator [ sh:ask 'ASK {}' ]", "sh:path ex:value"),
        "can be no variable",
    ),
    "ask that is none": (component("sh:validator [ sh:ask 'SELECT * {}' ]"), "no ASK query"),
    "value bound anew": (
        component("sh:validator [ sh:ask 'ASK { BIND(1 AS ?value) }' ]"),
        "binds .value anew",
    ),
    "parameter bound anew": (
        component("sh:nodeValidator [ sh:select 'SELECT $this { BIND(1 AS ?lang) }' ]"),
        "binds .lang anew",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_found(name: str) -> None:
    text, expected = ERRORS[name]
    faults = told(text)
    assert any(re.search(expected, sentence) for sentence in faults), faults
    with pytest.raises((InvalidInput, Refused), match="the shapes cannot be used"):
        check(quads(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ex:S a sh:NodeShape ; sh:class ex:A .", "never applied"),
        ("ex:S sh:targetClass ex:A ; sh:class ex:B .", "no sh:message"),
        (shape("sh:property [ sh:path ex:p ; sh:minCount 1 ]"), "no sh:message"),
        (shape("sh:flags 'i'"), "without sh:pattern"),
        (shape("sh:ignoredProperties ( ex:a )"), "without sh:closed"),
        (prop("sh:qualifiedMinCount 1"), "without sh:qualifiedValueShape"),
        (
            query("SELECT $this { $this a ex:A }") + "ex:C sh:message '{?day}' .",
            "names {.day} in its message",
        ),
    ],
)
def test_advice_stops_nothing(text: str, expected: str) -> None:
    faults = told(text, Gravity.ADVICE)
    assert any(expected.replace(".", "?") in s or expected in s for s in faults), faults
    check(quads(text))


@pytest.mark.parametrize(
    "text",
    [
        query("SELECT $this WHERE { $this ex:from ex:minus ; ex:values 'VALUES' }"),
        query("PREFIX own: <urn:x:> SELECT $this { $this a own:Port ; rdfs:label ?l }"),
        query("SELECT $this (ex:a AS ?path) ?value { $this ex:a ?value }"),
        query("SELECT $this { { SELECT * { $this ex:a ?x } } }"),
        "ex:S a rdfs:Class , sh:NodeShape .",
        "ex:Kind rdfs:subClassOf sh:NodeShape . ex:S a ex:Kind ; sh:targetNode 1 .",
        component("sh:validator [ sh:ask 'ASK { FILTER(lang($value) = $lang) }' ]"),
        component(
            "sh:propertyValidator [ sh:select 'SELECT $this ?value { $this $PATH ?value }' ]"
        ),
        f"<{EX}> owl:imports ex:other . ex:other a owl:Ontology .",
        prop('sh:minCount "+1"^^xsd:integer'),
        shape('sh:closed "1"^^xsd:boolean'),
    ],
)
def test_what_is_allowed_is_no_error(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(?=a)b", "look-ahead"),
        ("(?<!a)b", "look-behind"),
        (r"\p{L}", "Unicode property"),
        (r"(a)\1", "back-reference"),
        ("a++", "possessive"),
        ("(?>a)", "atomic"),
        ("(?i)a", "flags of its own"),
        ("(?<n>a)", "group named"),
        ("(?P<n>a)(?P=n)", "reference to a named group"),
        (r"a\Z", "anchor"),
        (r"\<a", "edge of a word"),
        ("[a[bc]]", "within another"),
        ("[a&&b]", "within another"),
        (r"\i\c*", "XML names"),
        ("a{", "engine of SPARQL"),
        ("(a{1000}){1000}", "engine of SPARQL"),
        ("[z-a]", "bad character range"),
        ("*", "nothing to repeat"),
    ],
)
def test_patterns_outside_the_common_subset(pattern: str, problem: str) -> None:
    assert problem in str(pattern_problem(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^[A-Z]{2}-[0-9]{1,3}$",
        r"^\S(.*\S)?$",
        "(?:a|b)+?",
        "[]a]",
        r"[\]\[*+]+",
        r"\+\+",
        "磁石",
    ],
)
def test_patterns_of_the_common_subset(pattern: str) -> None:
    assert pattern_problem(pattern) is None


def read(text: str, name: str) -> Document:
    return document((HEAD + text).encode(), name=name, format=TURTLE, base=None)


def test_a_fault_has_its_place_and_a_name() -> None:
    texts = (
        "\nex:A sh:node ex:B .",
        "ex:B sh:property [\n  sh:path ex:p ;\n sh:minCount 1 , 2 ] .",
    )
    documents = [read(text, f"{number}.ttl") for number, text in enumerate(texts)]
    (fault,) = (
        fault
        for fault in lint([q for d in documents for q in d.quads()], documents=documents)
        if fault.gravity is Gravity.ERROR
    )
    assert fault.place is not None
    assert (fault.place.document, fault.place.line) == ("1.ttl", 7)
    assert fault.name == f"the property shape for <{EX}p> in <{EX}B>"


def test_errors_are_counted_and_the_first_five_named() -> None:
    text = "".join(f"ex:S{n} sh:targetNode 1 ; sh:nodeKind {n} .\n" for n in range(8))
    shapes = read(text, "s.ttl")
    with pytest.raises(InvalidInput) as raised:
        check(shapes.quads(), documents=[shapes])
    error = raised.value
    assert (error.source, error.line) == ("s.ttl", 7)
    assert error.remedy == "it must be one of the six node kinds"
    assert "of 8 errors" in error.detail
    assert error.detail.count("sh:nodeKind") == 5
    assert "(s.ttl:11); and 3 more" in error.detail


def test_reaching_out_is_refused_before_anything_else() -> None:
    text = query("SELECT $this { SERVICE <http://x/> {} }") + " ex:A sh:nodeKind 1 ."
    with pytest.raises(Refused, match="SERVICE"):
        check(quads(text))


def test_long_chains_and_lists_take_no_stack() -> None:
    chain = "".join(f"ex:s{n} sh:node ex:s{n + 1} ." for n in range(3000))
    assert any("more than 64 deep" in s for s in told(chain + "ex:s3000 sh:class ex:A ."))
    assert told(shape(f"sh:in ( {'1 ' * 5000} )")) == []
