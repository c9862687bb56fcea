"""Canonical Turtle: one text per graph, with every literal as it was written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from econsec.errors import InvalidInput
from econsec.paths import resources
from econsec.rdf.namespaces import ES, OWL, PREFIXES, RDF, SKOS, XSD
from econsec.rdf.turtle import canonical, loose_comments, serialise

ROOT = Path(__file__).resolve().parents[2]
KEPT = sorted(
    file for folder in ("ontology", "shapes", "data") for file in (ROOT / folder).rglob("*.ttl")
)
CASES = sorted((ROOT / "tests").rglob("*.ttl"))

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()))

MESSY = """\
# Semiconductors
#
#   and what they need\x20\x20

@prefix g: <https://w3id.org/econsec/id/good/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix o: <https://w3id.org/econsec/ontology#>.
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://example.org/> .
@prefix unused: <http://example.org/unused#> .
g:s10 o:share 3686.10, 2, "02"^^<http://www.w3.org/2001/XMLSchema#unsignedInt> ; a o:Good .
[] owl:members (g:s2 g:s10) ; a owl:AllDisjointClasses .
g:s2 skos:altLabel "半導体"@ja, "はんどうたい"@JA-hira ; skos:prefLabel "半導体"@JA, "chip"@en ;
  rdfs:label 'chip'@en ; a o:Technology , o:Good ; ex:note '''two
lines "quoted"''' , "a\\tb" ; o:partOf <https://w3id.org/econsec/id/good/a/b> .
<https://w3id.org/econsec/ontology> rdfs:seeAlso ex:x ; a owl:Ontology .
o:Chip rdfs:subClassOf [ owl:hasValue g:s2 ; a owl:Restriction ; owl:onProperty o:partOf ],
  [ owl:someValuesFrom [ owl:unionOf ( o:Good o:Technology o:SpecifiedCriticalProduct ) ] ;
    a owl:Restriction ; owl:onProperty o:isPartOfSomethingLong ], o:Good .
"""

TIDY = """\
# Semiconductors
#
#   and what they need

@prefix es: <https://w3id.org/econsec/ontology#> .
@prefix ex: <http://example.org/> .
@prefix good: <https://w3id.org/econsec/id/good/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/econsec/ontology> a owl:Ontology ;
    rdfs:seeAlso ex:x .

good:s2 a es:Good,
        es:Technology ;
    skos:prefLabel "chip"@en,
        "半導体"@ja ;
    skos:altLabel "半導体"@ja,
        "はんどうたい"@ja-Hira ;
    rdfs:label "chip"@en ;
    es:partOf <https://w3id.org/econsec/id/good/a/b> ;
    ex:note "a\\tb",
        \"\"\"two
lines "quoted\\\"\"\"\" .

good:s10 a es:Good ;
    es:share "02"^^xsd:unsignedInt,
        2,
        3686.10 .

es:Chip rdfs:subClassOf es:Good,
        [
            a owl:Restriction ;
            owl:onProperty es:isPartOfSomethingLong ;
            owl:someValuesFrom [ owl:unionOf ( es:Good es:Technology es:SpecifiedCriticalProduct ) ]
        ],
        [ a owl:Restriction ; owl:onProperty es:partOf ; owl:hasValue good:s2 ] .

[] a owl:AllDisjointClasses ;
    owl:members ( good:s2 good:s10 ) .
"""


def facts(text: str | bytes, *, base: str | None = None) -> frozenset[Quad]:
    """The graph's triples, with blank nodes named by RDFC-1.0: equal when isomorphic."""
    dataset = Dataset(parse(text, RdfFormat.TURTLE, base_iri=base))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)


def body(text: str) -> str:
    """A canonical text without its prefixes."""
    return text.split("\n\n", 1)[1]


def one(object: str) -> str:
    """The canonical form of an object."""
    text = body(canonical(f"{HEADER}es:s es:p {object} ."))
    return text.removeprefix("es:s es:p ").removesuffix(" .\n")


def test_a_messy_document_becomes_one_that_a_person_would_write() -> None:
    assert canonical(MESSY) == TIDY
    assert canonical(TIDY) == TIDY
    assert facts(MESSY) == facts(TIDY)


def test_the_comparison_in_these_tests_sees_lexical_forms() -> None:
    assert facts("<http://a> <http://b> 1.50 .") != facts("<http://a> <http://b> 1.5 .")
    assert facts("<http://a> <http://b> [] .") == facts("<http://a> <http://b> _:x .")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3686.1", "3686.1"),
        ("1.50", "1.50"),
        (".5", ".5"),
        ("007", "007"),
        ("-7", "-7"),
        ("+7", "+7"),
        ("true", "true"),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"7"^^xsd:decimal', '"7"^^xsd:decimal'),
        ('"7."^^xsd:decimal', '"7."^^xsd:decimal'),
        ('" 7"^^xsd:integer', '" 7"^^xsd:integer'),
        ('"７"^^xsd:integer', '"７"^^xsd:integer'),
        ("1E3", '"1E3"^^xsd:double'),
        ('"007"^^xsd:unsignedInt', '"007"^^xsd:unsignedInt'),
        ('"2020-01-01+09:00"^^xsd:date', '"2020-01-01+09:00"^^xsd:date'),
        ('"2022-04"^^xsd:gYearMonth', '"2022-04"^^xsd:gYearMonth'),
        ('"P1Y12M"^^xsd:duration', '"P1Y12M"^^xsd:duration'),
        ('"x"^^xsd:string', '"x"'),
        ("'a\"b'", r'"a\"b"'),
        (r'"a\\b"', r'"a\\b"'),
        (r'"a\rb\u0000c\u007F"', r'"a\rb\u0000c\u007F"'),
        (r'"日本\u8A9E"', '"日本語"'),
        (r'"a\nb"', '"""a\nb"""'),
        (r'"\n\"\"\"\"x\"\"\""', '"""\n\\"\\"\\""x\\"\\"\\""""'),
        (r'"\n\\"', '"""\n\\\\"""'),
        ('"x"^^<http://example.org/t>', '"x"^^<http://example.org/t>'),
        ("()", "()"),
        ("rdf:nil", "()"),
        ("[]", "[]"),
        ("( 1 [ ] ( ) )", "( 1 [] () )"),
        ('"x"@en--ltr', '"x"@en--ltr'),
    ],
)
def test_a_term_keeps_its_lexical_form(written: str, expected: str) -> None:
    assert one(written) == expected
    assert one(expected) == expected


@pytest.mark.parametrize(
    "tag",
    ["en", "en-GB", "ja-Hira", "ja-Latn", "zh-Hant-TW", "es-419", "sl-rozaj-1994", "de-CH-1901",
     "en-x-us-latn", "az-Latn-x-latn", "hy-Latn-IT-arevela", "ja-1abc"],
)  # fmt: skip
def test_language_tags_get_the_case_of_bcp_47(tag: str) -> None:
    assert one(f'"x"@{tag.upper()}') == f'"x"@{tag}'
    assert one(f'"x"@{tag.lower()}') == f'"x"@{tag}'


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/econsec/id/actor/meti", "actor:meti"),
        ("https://w3id.org/econsec/id/actor/meti.", "<https://w3id.org/econsec/id/actor/meti.>"),
        ("https://w3id.org/econsec/id/actor/m.e", "actor:m.e"),
        ("https://w3id.org/econsec/id/actor/-m", "<https://w3id.org/econsec/id/actor/-m>"),
        ("https://w3id.org/econsec/id/actor/m-", "actor:m-"),
        ("https://w3id.org/econsec/id/actor/a/b", "<https://w3id.org/econsec/id/actor/a/b>"),
        ("https://w3id.org/econsec/id/actor/a'b", "<https://w3id.org/econsec/id/actor/a'b>"),
        ("https://w3id.org/econsec/id/actor/2", "actor:2"),
        ("https://w3id.org/econsec/id/actor/a%20b", "actor:a%20b"),
        ("https://w3id.org/econsec/id/actor/経産省", "actor:経産省"),
        ("https://w3id.org/econsec/id/actor/", "<https://w3id.org/econsec/id/actor/>"),
        ("https://w3id.org/econsec/id/nothing/x", "<https://w3id.org/econsec/id/nothing/x>"),
        (
            "https://w3id.org/econsec/graph/source/s06",
            "<https://w3id.org/econsec/graph/source/s06>",
        ),
        ("https://w3id.org/econsec/graph/inferred", "graph:inferred"),
        ("http://www.w3.org/2004/02/skos/core#Concept", "skos:Concept"),
        ("urn:x", "<urn:x>"),
    ],
)
def test_an_iri_is_shortened_only_where_turtle_allows_it(iri: str, expected: str) -> None:
    assert one(f"<{iri}>") == expected


def test_only_used_prefixes_are_declared_and_ours_win_over_the_documents() -> None:
    text = canonical(
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix es: <http://example.org/> ."
        "@prefix meti: <https://w3id.org/econsec/id/actor/me> . @prefix x: <http://example.com/> ."
        "x:a dct:title 'title', meti:ti, es:b ."
    )
    assert text == (
        "@prefix actor: <https://w3id.org/econsec/id/actor/> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix x: <http://example.com/> .\n\n"
        "x:a dcterms:title <http://example.org/b>,\n"
        "        actor:meti,\n"
        '        "title" .\n'
    )
    assert canonical(text) == text


def test_subjects_stand_in_reading_order() -> None:
    statements = [
        "es:s10 a es:Good .",
        "es:s2 a es:Good .",
        "[] a es:Good .",
        "<https://w3id.org/econsec/z> a owl:Ontology .",
    ]
    text = body(canonical(HEADER + "\n".join(statements)))
    assert text.split("\n\n") == [
        "<https://w3id.org/econsec/z> a owl:Ontology .",
        "es:s2 a es:Good .",
        "es:s10 a es:Good .",
        "[] a es:Good .\n",
    ]


def test_types_and_labels_come_before_the_other_predicates() -> None:
    text = body(
        canonical(
            HEADER + 'es:s es:z 1 ; dcterms:date "x" ; skos:definition "d" ; rdfs:label "l" ;'
            'skos:altLabel "b" ; skos:prefLabel "p" ; a es:Good .'
        )
    )
    predicates = [line.strip().removeprefix("es:s ").split()[0] for line in text.splitlines()]
    assert predicates == [
        "a",
        "skos:prefLabel",
        "skos:altLabel",
        "rdfs:label",
        "skos:definition",
        "dcterms:date",
        "es:z",
    ]


def test_anonymous_nodes_are_ordered_by_their_text_not_by_their_labels() -> None:
    first = canonical(HEADER + "es:s es:p _:a, _:b . _:a es:q 2 . _:b es:q 1 .")
    second = canonical(HEADER + "es:s es:p _:b, _:a . _:b es:q 2 . _:a es:q 1 .")
    assert first == second
    assert body(first) == "es:s es:p [ es:q 1 ],\n        [ es:q 2 ] .\n"


def test_equal_anonymous_nodes_stay_two() -> None:
    assert body(canonical(HEADER + "es:s es:p [ es:q 1 ], [ es:q 1 ] .")).count("[ es:q 1 ]") == 2
    assert body(canonical(HEADER + "[] es:q 1 . [] es:q 1 .")) == "[] es:q 1 .\n\n[] es:q 1 .\n"


def test_long_anonymous_nodes_are_laid_out_in_the_manner_of_shapes() -> None:
    long = "x" * 90
    text = body(
        canonical(
            HEADER + f'es:s sh:property [ es:q "{long}" ], [ sh:path es:r ; es:q "{long}" ] .'
        )
    )
    assert text == (
        "es:s sh:property [\n"
        f'        es:q "{long}"\n'
        "    ], [\n"
        "        sh:path es:r ;\n"
        f'        es:q "{long}"\n'
        "    ] .\n"
    )


def test_a_long_collection_has_one_member_a_line() -> None:
    members = [f"es:member-{number:02}" for number in range(12, 0, -1)]
    text = body(canonical(HEADER + f"es:s es:p ( {' '.join(members)} ) ."))
    inside = "\n".join(f"        {member}" for member in members)
    assert text == f"es:s es:p (\n{inside}\n    ) .\n"


@pytest.mark.parametrize(
    "collection",
    [
        "[ rdf:first 1 ; rdf:rest ( 2 ) ; a rdf:List ]",
        "[ rdf:first 1, 2 ; rdf:rest () ]",
        "[ rdf:first 1 ; rdf:rest es:elsewhere ]",
        "[ rdf:first 1 ; rdf:rest [ rdf:first 2 ] ]",
        "[ rdf:first 1 ; rdf:rest (), () ]",
        '[ rdf:first 1 ; rdf:rest "nothing" ]',
    ],
)
def test_a_malformed_collection_keeps_its_triples(collection: str) -> None:
    text = f"{HEADER}es:s es:p {collection} ."
    assert facts(canonical(text)) == facts(text)


def test_a_collection_as_a_subject_keeps_its_triples() -> None:
    text = f"{HEADER}( 1 ( 2 ) ) es:p es:o ."
    assert facts(canonical(text)) == facts(text)


@pytest.mark.parametrize("tail", ["", "\n", "\n\n\n"])
def test_a_document_of_comments_keeps_them(tail: str) -> None:
    assert canonical(f"\n# one\n\n  # two{tail}") == "# one\n\n# two\n"


def test_an_empty_document_stays_empty() -> None:
    assert canonical("") == canonical("\n@prefix es: <http://x/> .\n") == ""


def test_line_ends_are_unix_ones_and_a_byte_order_mark_goes() -> None:
    text = "\ufeff# one\r\n# two\r\n<http://a> <http://b> 1 .\r\n"
    assert canonical(text.encode()) == "# one\n# two\n\n<http://a> <http://b> 1 .\n"


def test_a_lone_carriage_return_ends_a_comment() -> None:
    assert canonical("# a\r<http://a> <http://b> 1 .") == "# a\n\n<http://a> <http://b> 1 .\n"


def test_a_line_separator_does_not_end_a_comment() -> None:
    assert canonical("# a\u2028b\n") == "# a\u2028b\n"


def test_comments_below_the_head_are_found() -> None:
    text = (
        "# kept # kept\n\n# kept\n"
        "@prefix e: <http://e/#> . # 4\n"
        "e:a e:b '#', \"#\\\"#\", '''#\n'#''' ; # 6\n"
        '  e:c\\#d """#\n""#""", <http://e/#x> . # 8\n'
        "# 9\n"
    )
    assert loose_comments(text) == (4, 6, 8, 9)


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("<http://a> <http://b>\n  <http://c d> .", 2, 3, "Invalid IRI"),
        ("@prefix e: <http://e/> .\ne:a e:b e:c\ne:d", 3, 1, ""),
        ("<http://a> <http://b> <c> .", 1, 23, "absolute IRI"),
        ("<http://a> x:b 1 .", 1, 12, "prefix"),
        ("# 日本\n<http://a> <http://b> _:x, 1 .\n<http://c> <http://b> _:x .", 2, 23, "_:x"),
        ("<http://a> <http://b> _:x1, _:x .\n<http://c> <http://b> _:x .", 1, 29, "two"),
        ("_:x <http://b> 1 ;\n <http://c> _:x .", 1, 1, "back"),
        ("_:x <http://b> _:y .\n_:y <http://b> _:x .", 1, 16, "back"),
        ("<http://a> <http://b>\n <<( <http://a> <http://b> 1 )>> .", 2, 2, "triple term"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_place(
    text: str, line: int, column: int, word: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        canonical(text, source="x.ttl")
    error = caught.value
    assert (error.source, error.line, error.column) == ("x.ttl", line, column), str(error)
    assert word in error.detail
    assert "Parser error" not in error.detail


def test_bytes_that_are_not_utf_8_are_refused_with_their_place() -> None:
    with pytest.raises(InvalidInput, match=r"^x\.ttl:2:15: the file is not UTF-8"):
        canonical('# 日本\n<http://a> "日本'.encode() + b"\xff", source="x.ttl")


def test_an_annotated_statement_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^x\.ttl: triple terms"):
        canonical("<http://a> <http://b> 1 {| <http://c> 2 |} .", source="x.ttl")


@pytest.mark.parametrize(("opening", "closing"), [("[ <http://c> ", " ]"), ("( ", " )")])
def test_nesting_has_a_limit(opening: str, closing: str) -> None:
    deepest = f"<http://a> <http://b> {opening * 64}1{closing * 64} ."
    assert facts(canonical(deepest)) == facts(deepest)
    for levels in (65, 20_000):
        with pytest.raises(InvalidInput, match=r"x\.ttl: .* nested more than 64 deep"):
            canonical(
                f"<http://a> <http://b> {opening * levels}1{closing * levels} .", source="x.ttl"
            )


def test_a_base_resolves_relative_iris() -> None:
    assert (
        canonical("<a> <b> <c> .", base="http://x/y")
        == "<http://x/a> <http://x/b> <http://x/c> .\n"
    )


def test_serialise_writes_a_graph_of_our_own() -> None:
    node = BlankNode()
    label = Literal("半導体", language="JA-hira")
    triples = [
        Triple(ES("s"), ES("p"), node),
        Triple(node, SKOS("prefLabel"), label),
        Triple(ES("s"), RDF("type"), OWL("Thing")),
        Triple(ES("s"), ES("p"), node),
        Triple(ES("s"), ES("n"), Literal("1.50", datatype=XSD("decimal"))),
    ]
    text = serialise(triples, heading="Generated.\n\nDo not edit.")
    assert text.startswith("# Generated.\n#\n# Do not edit.\n\n@prefix es: ")
    assert text.endswith(
        'es:s a owl:Thing ;\n    es:n 1.50 ;\n    es:p [ skos:prefLabel "半導体"@ja-Hira ] .\n'
    )
    assert canonical(text) == text


def test_serialise_refuses_a_shared_blank_node() -> None:
    node = BlankNode("x")
    with pytest.raises(InvalidInput, match="two statements refer to the blank node _:x"):
        serialise([Triple(ES("a"), ES("p"), node), Triple(ES("b"), ES("p"), node)])


NASTY = (
    *("", '"', '""', '"""', "'", "\\", "\n", "\r\n", "\t", "\x00", "\x7f", "\ufeff", "\u2028"),
    *("日本", "\U0001f4cd", "a", " ", "#", "<", "10", "9"),
)


class Generator:
    """Random graphs whose anonymous nodes form trees, written as N-Triples."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.triples: list[Triple] = []

    def graph(self) -> list[Triple]:
        for number in range(self.random.randint(1, 6)):
            self.describe(ES(f"s{number}"), depth=0)
        if self.random.random() < 0.5:
            self.describe(BlankNode(), depth=1)
        return self.triples

    def describe(self, subject: NamedNode | BlankNode, *, depth: int) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.triples.append(Triple(subject, self.predicate(), self.object(depth=depth)))

    def predicate(self) -> NamedNode:
        names = [RDF("type"), SKOS("prefLabel"), ES("p"), ES("q/r"), RDF("first"), RDF("rest")]
        return self.random.choice(names)

    def object(self, *, depth: int) -> NamedNode | BlankNode | Literal:
        kind = self.random.random()
        if depth < 4 and kind < 0.2:
            node = BlankNode()
            if self.random.random() < 0.9:
                self.describe(node, depth=depth + 1)
            return node
        if depth < 4 and kind < 0.3:
            return self.collection(depth=depth + 1)
        if kind < 0.5:
            return self.random.choice(
                [ES("a"), ES("s2"), ES("s10."), RDF("nil"), NamedNode("urn:x")]
            )
        return self.literal()

    def collection(self, *, depth: int) -> NamedNode | BlankNode:
        rest: NamedNode | BlankNode = RDF("nil")
        for _ in range(self.random.randint(0, 3)):
            cell = BlankNode()
            self.triples.append(Triple(cell, RDF("first"), self.object(depth=depth)))
            self.triples.append(Triple(cell, RDF("rest"), rest))
            rest = cell
        return rest

    def literal(self) -> Literal:
        text = "".join(self.random.choices(NASTY, k=self.random.randint(0, 5)))
        number = self.random.choice(["1", "01", "1.50", "1.", "-.5", "1e3", "true", "x"])
        datatype = self.random.choice(["integer", "decimal", "double", "boolean", "date"])
        return self.random.choice(
            [
                Literal(text),
                Literal(text, language=self.random.choice(["en", "ja-Hira", "zh-Hant-TW"])),
                Literal(number, datatype=XSD(datatype)),
            ]
        )


@pytest.mark.parametrize("seed", range(150))
def test_any_graph_of_trees_survives_and_has_one_text(seed: int) -> None:
    generator = Generator(seed)
    triples = generator.graph()
    text = serialise(triples)
    expected = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    expected.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert facts(text) == frozenset(expected)
    assert canonical(text) == text

    names: dict[BlankNode, BlankNode] = {}
    shuffled = generator.random.sample(triples, k=len(triples))
    renamed = [
        Triple(
            names.setdefault(t.subject, BlankNode())
            if isinstance(t.subject, BlankNode)
            else t.subject,
            t.predicate,
            names.setdefault(t.object, BlankNode())
            if isinstance(t.object, BlankNode)
            else t.object,
        )
        for t in shuffled
    ]
    assert serialise(renamed) == text


@pytest.mark.parametrize("file", KEPT, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_kept_file_has_a_canonical_form(file: Path) -> None:
    content = file.read_bytes()
    text = canonical(content, source=str(file))
    assert facts(text) == facts(content)
    assert canonical(text) == text


@pytest.mark.parametrize("file", CASES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_test_case_is_written_or_refused(file: Path) -> None:
    content, base = file.read_bytes(), "http://example.org/"
    try:
        expected = facts(content, base=base)
    except SyntaxError:
        with pytest.raises(InvalidInput):
            canonical(content, base=base)
    else:
        assert facts(canonical(content, base=base)) == expected


def test_the_kept_files_are_those_of_the_package() -> None:
    assert resources() == ROOT
