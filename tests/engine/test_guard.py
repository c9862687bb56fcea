"""The guard reads a query as the engine does: nothing that the engine takes for SERVICE passes."""

from __future__ import annotations

import random
import re
import time
from contextlib import suppress

import pyoxigraph as ox
import pytest

from econsec.engine.guard import QueryForm, QueryTooLong, TooDeep, Traits, check, read
from econsec.errors import EconSecError, InvalidInput, Refused
from econsec.rdf.formats import Form
from econsec.settings import Settings

# No target here has a scheme that the engine fetches: it evaluates some queries at once.
SETTINGS = Settings()
EX = "PREFIX ex: <x:/> "
PORT = "PREFIX ex: <x://h:8> "
HASH = "PREFIX ex: <x:/#> PREFIX foo: <x:/> "


def accepted(text: str) -> bool:
    """Whether the engine's parser takes the text; a SELECT is not evaluated before it is read."""
    assert "SELECT" in text
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except RuntimeError:  # an unknown function, found after parsing
        return True
    return True


def has_service(text: str) -> bool:
    """Whether the engine reads a SERVICE clause: without the keyword it takes the text no more."""
    renamed = re.sub("(?i)service", lambda match: match[0].translate({83: "Q", 115: "q"}), text)
    return accepted(text) and not accepted(renamed)


REACHES_OUT = [
    "SELECT * { SERVICE <x:evil> { ?s ?p ?o } }",
    "SELECT*{SERVICE<x:evil>{}}",
    "SELECT * { service silent <x:evil> {} }",
    "SELECT * { ?s ?p ?t . SerVice ?t {} }",
    "SELECT * { SERVICE # a comment\n # another\r <x:evil> {} }",
    "SELECT * { SERVICE#<\nSILENT#'\n<x:evil>#}\n{} }",
    'SELECT * { ?s ?p "# \\" {" SERVICE <x:evil> {} }',
    "SELECT * { ?s ?p '''it''s ' # ''' SERVICE <x:evil> {} }",
    'SELECT * { ?s ?p """ "" \\""" """ SERVICE <x:evil> {} }',
    "SELECT * { ?s ?p '' SERVICE <x:evil> {} }",
    "SELECT * { ?s ?p <http://x/#'> SERVICE <x:evil> {} }",
    "SELECT * { ?s ?p 1SERVICE<x:evil>{} }",
    "SELECT * { ?s ?p 1.5e0SERVICE<x:evil>{} }",
    "SELECT * { ?s ?p trueSERVICE<x:evil>{} }",
    "SELECT * { ?s ?p true.SERVICE<x:evil>{} }",
    "SELECT * { SERVICESILENT<x:evil>{} }",
    "SELECT * { SERVICE?t{} }",
    EX + "SELECT * { SERVICE ex:evil {} }",
    EX + "SELECT * { SERVICEex:evil{} }",
    EX + "SELECT * { SERVICESILENTex:evil{} }",
    EX + "PREFIX SERVICEex: <x:/> SELECT * { SERVICEex:evil{} }",
    EX + "SELECT * { ?s ?p trueSERVICEex:evil{} }",
    EX + "SELECT * { ?s ?p ex:a.b.SERVICE<x:evil>{} }",
    EX + "SELECT * { ?s ?p ex:a\\#b SERVICE<x:evil>{} }",
    EX + "SELECT * { ?s ?p ex:a\\' SERVICE<x:evil>{} #'\n }",
    PORT + "SELECT * { ?s ?p ex:SERVICE<x:evil>{} }",
    HASH + "SELECT * { ?s ?p ex:SERVICEfoo:\\#a{} }",
    # What follows the last # is there to balance the brackets of the wrong reading.
    "SELECT * { BIND(1 AS ?a) FILTER(?a<'#>') SERVICE<x:evil>{} #')\n }",
    "BASE <x:/> SELECT * { BIND(1 AS ?a) FILTER(?a<'>') SERVICE<x:evil>{} #')\n }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<?b#>'''\n) SERVICE<x:evil>{} #''')\n }",
    "PREFIX h: <x:/> SELECT * { FILTER(1<h:b#>'''\n) SERVICE<x:evil>{} #''')\n }",
    "SELECT * { ?s ?p (?a <<?s?p'>'>>) . SERVICE<x:evil>{} #')\n }",
    "SELECT * { VALUES ?x {'''a'} SERVICE<x:evil>{} # \\uD800'''}\n }",
    "SELECT * { { SELECT * { SERVICE <x:evil> {} } } }",
    "SELECT * { FILTER EXISTS { SERVICE <x:evil> {} } }",
    "SELECT * { FILTER(EXISTS{SERVICE<x:evil>{}}) }",
]

STAYS_HOME = [
    "SELECT ?service { ?service ?p $SERVICE }",
    "SELECT * { ?s ?p 'SERVICE <x:evil> {}' }",
    'SELECT * { ?s ?p "SERVICE <x:evil> {}", """SERVICE <x:y> {}""" }',
    "SELECT * { ?s ?p '''\nSERVICE <x:evil> {}''' }",
    "SELECT * { ?s ?p ?o } # SERVICE <x:evil> {}",
    "# SERVICE <x:evil> {}\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s <http://x/SERVICE> <http://x/#SERVICE> }",
    "SELECT * { ?s ?p 'x'@service , _:service }",
    EX + "SELECT * { ?s ex:service ex:SERVICE }",
    EX + "SELECT * { ?s ex:service ?x { ?x ?p ?o } }",
    "PREFIX service: <http://x/> SELECT * { ?s a service:SERVICE ; service:of ?x . }",
    "PREFIX my.service: <http://x/> SELECT * { my.service:a ?p ?o }",
    "SELECT * { ?s ?p 'it\\'s a SERVICE <x:y> {}' }",
    "SELECT * { ?s ?p '''it's ''one'' SERVICE\\'''', \"\"\"\" \\\"\"\" SERVICE \"\"\" }",
    "SELECT * { ?s ?p '\\\\uD800' }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a < 2 && 3 > ?a) FILTER(?a<2) FILTER(?a<=2) }",
    "SELECT * { FILTER(?a<<http://x/#y>) FILTER(?a = <http://x/#y>) }",
    "SELECT * { VALUES (?a ?b) { (<http://x/#a> <http://x/#b>) (UNDEF <http://x/'>) } }",
    "SELECT * { ?s (<http://x/#a>|^<http://x/#b>)+/<http://x/c>? ?o }",
    "BASE <http://x/> SELECT * { <#s> <#p> <#o>, <o'> ; <p> (<a> <b>) }",
    "SELECT * { << ?s <http://x/p> <http://x/o> >> ?p ?o . <<( ?a ?b ?c )>> ?q ?r }",
    "SELECT * { ( << ?s ?p ?o >> << ?s ?p ?o ~ <x:y> >> <<( ?s ?p ?o )>> ) <x:p> 1 }",
    "SELECT * { ?s ?p ?o {| <http://x/p> 1 |} ~ <http://x/r> }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c HAVING (COUNT(?s) > 1) ORDER BY DESC(?n)",
    "SELECT * { FILTER(?s IN (<x:a>, <x:b>) || !BOUND(?t) && -1 < +2) }",
    "SELECT * { ?s rdfs:label ?l . ?s a es:Agreement }",
    "VERSION '1.2' SELECT * {}",
]


@pytest.mark.parametrize("text", REACHES_OUT)
def test_no_service_that_the_engine_reads_gets_past(text: str) -> None:
    assert has_service(text), "the engine reads no SERVICE here"
    with pytest.raises((Refused, InvalidInput)):
        check(text, SETTINGS)


@pytest.mark.parametrize("text", STAYS_HOME)
def test_what_only_looks_like_service_is_let_through(text: str) -> None:
    engine = ox.Store()
    engine.query(text, prefixes={"rdfs": "http://x/rdfs#", "es": "http://x/es#"})
    assert check(text, SETTINGS).services == ()


def test_an_escape_outside_a_name_is_no_keyword() -> None:
    text = "SELECT * { \\u0053ERVICE <x:evil> {} }"
    assert not accepted(text)
    with pytest.raises(InvalidInput, match="no SPARQL token begins with"):
        check(text, SETTINGS)


def test_a_refusal_says_what_and_where() -> None:
    text = EX + "SELECT *\n{ # SERVICE\r\n  SERVICE SILENT ex:evil {} }"
    with pytest.raises(Refused) as caught:
        check(text, SETTINGS)
    error = caught.value
    assert error.detail == "SERVICE <x:/evil> is not on the allow-list"
    assert (error.line, error.column, error.status) == (3, 3, 403)


ATOMS = (
    *("SERVICE", "service", "SERVICE<x:y>{}", "SERVICE ex:x {}", "SERVICESILENTex:x{}", "SILENT"),
    *("SERVICEex:x{}", "SERVICE?x{}", "trueSERVICE", "true", "?s", "?p", "?a", "$service", "ex:a"),
    *("ex:service", "e8:SERVICE", "e8:", "eh:\\#a", "SERVICEeh:\\#a{}", "eh:SERVICEex:\\#a{}"),
    *("ex:a.b.SERVICE", "service:x{", ".", "{", "}", "(", ")", "[", "]", "<", ">", "<x:y>", "<x#>"),
    *("<x:SERVICE>", "<x:'>", "<'>", "<#", "<x:#y>", "'", "'''", '"', '"""', "'x'", '"#"', "'#>'"),
    *("'''x'''", "'>'", "\\'", "\\u0027", "\\uD800", "#", "\n", "# '\n", ",", ";", "*", "/", "|"),
    *("!", "^", "^^", "=", "<=", "&&", "||", "1", "1.", "1e5", ".5", "FILTER(", "BIND(1 AS ?q)"),
    *("OPTIONAL{", "UNION{", "GRAPH ?g{", "MINUS{", "EXISTS{", "VALUES ?x {", " ", "@en", "_:b"),
    *("<<", "<<(", ")>>", ">>", "{|", "|}", "~", "a", "IN(", "STR(", "ex:f(", "AS"),
)
TEMPLATES = (
    *("SELECT*{%}", "SELECT*{?s ?p %}", "SELECT*{?s ?p ?o %}", "SELECT*{FILTER(?a%)}"),
    *("SELECT*{FILTER(?a<%) %}", "SELECT*{?s ?p true%}", "SELECT*{VALUES ?x {%} %}"),
    *("SELECT*{?s ?p (?a %) . %}", "SELECT*{?s ?p 1%}", "SELECT*{?s ?p ex:a%}"),
    *('SELECT*{?s ?p "x"% SERVICE<x:y>{} %}', "SELECT*{FILTER(?a<%)SERVICE<x:y>{}%}"),
)
PREFIXES = "PREFIX e8: <x://h:8> PREFIX eh: <x:/#> "
PROLOGUES = (
    *("", EX, EX + PREFIXES, "BASE <x:/b/> " + EX + PREFIXES),
    EX + PREFIXES + "PREFIX SERVICEex: <x:/> PREFIX service: <x:/> PREFIX x: <x:> ",
)


@pytest.mark.parametrize("seed", range(4))
def test_no_text_made_of_pieces_gets_past_either(seed: int) -> None:
    chance = random.Random(seed)
    reached_out = 0
    for _ in range(6_000):
        text = chance.choice(PROLOGUES) + "".join(
            "".join(chance.choices(ATOMS, k=chance.randint(0, 4))) if piece == "%" else piece
            for piece in re.split("(%)", chance.choice(TEMPLATES))
        )
        if not has_service(text):
            continue
        reached_out += 1
        with pytest.raises(EconSecError):
            check(text, SETTINGS)
            pytest.fail(f"SERVICE gets past: {text!r}", pytrace=False)
    assert reached_out > 10


@pytest.mark.parametrize(
    ("text", "form", "answer"),
    [
        ("SELECT * {}", QueryForm.SELECT, Form.SOLUTIONS),
        ("# c\nBASE <http://x/> PREFIX a: <b> ask {}", QueryForm.ASK, Form.BOOLEAN),
        ("CONSTRUCT WHERE {}", QueryForm.CONSTRUCT, Form.GRAPH),
        ("DESCRIBE <x:y>", QueryForm.DESCRIBE, Form.GRAPH),
        ("VERSION '1.2' Select * {}", QueryForm.SELECT, Form.SOLUTIONS),
    ],
)
def test_the_form_of_a_query_decides_its_answer(text: str, form: QueryForm, answer: Form) -> None:
    traits = read(text, SETTINGS)
    assert (traits.form, traits.form.answer) == (form, answer)


def test_the_data_set_is_resolved_against_the_prologue() -> None:
    text = """BASE <http://x/a/> PREFIX : <../b#> PREFIX : <c#>
        SELECT * FROM <d> FROM NAMED :e FROM <http://x/'FROM> FROM NAMED graph:void
        WHERE { ?s ?p 'FROM <x:no>' # FROM <x:no>
        }"""
    assert read(text, SETTINGS) == Traits(
        form=QueryForm.SELECT,
        from_graphs=("http://x/a/d", "http://x/'FROM"),
        from_named=("http://x/a/c#e", "https://w3id.org/econsec/graph/void"),
    )


def test_the_data_set_is_resolved_against_the_base_of_the_request() -> None:
    text = "PREFIX : <c#> SELECT * FROM <d> FROM NAMED :e {}"
    traits = read(text, SETTINGS, base="http://x/a/b")
    assert (traits.from_graphs, traits.from_named) == (("http://x/a/d",), ("http://x/a/c#e",))
    with pytest.raises(InvalidInput, match="<c#> is not a valid IRI"):
        read(text, SETTINGS)
    with pytest.raises(InvalidInput, match="'b' is not an absolute IRI"):
        read(text, SETTINGS, base="b")


@pytest.mark.parametrize(
    "operation",
    [
        "INSERT DATA { <x:a> <x:b> 1 }",
        "delete where { ?s ?p ?o }",
        "PREFIX a: <x:> LOAD <http://x/>",
        *("CLEAR ALL", "DROP ALL", "CREATE GRAPH <x:y>", "COPY <x:a> TO <x:b>"),
        *("MOVE <x:a> TO <x:b>", "ADD <x:a> TO <x:b>", "WITH <x:g> DELETE {} INSERT {} WHERE {}"),
    ],
)
def test_an_update_is_told_from_a_query(operation: str) -> None:
    with pytest.raises(InvalidInput, match="this is an update") as caught:
        check(operation, SETTINGS)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("text", "line", "column", "detail"),
    [
        ("", 1, 1, "holds no query"),
        ("# nothing\n", 2, 1, "holds no query"),
        ("PREFIX a: <x:>", 1, 15, "holds no query"),
        ("HELLO", 1, 1, "expected SELECT"),
        ("SELECTDISTINCT * {}", 1, 1, "expected SELECT"),
        ("SELECT * {\n  ?s no:such ?o }", 2, 6, "'no:' is not declared"),
        ("PREFIX SELECT * {}", 1, 1, "not followed by a prefix"),
        ("PREFIX a: SELECT * {}", 1, 11, "expected an IRI"),
        ("PREFIX a: <b> SELECT * {}", 1, 11, "not a valid IRI"),
        ("BASE <x:/> PREFIX a: <\\u003E> SELECT * {}", 1, 22, "not a valid IRI"),
        ("BASE <x:/> SELECT * FROM <http://[> {}", 1, 26, "not a valid IRI"),
        ("SELECT * {\r\n{ ?s ?p ?o }", 1, 10, "bracket { is never closed"),
        ("SELECT * { ?s ?p (1 2] }", 1, 22, "bracket ] closes nothing"),
        ("SELECT * { ?s ?p 'open }", 1, 18, "no SPARQL token"),
        ("SELECT * { ?s ?p ?日本 . 'open }", 1, 24, "no SPARQL token"),
        ("SELECT * { <not an IRI> ?p ?o }", 1, 12, "begins no valid IRI"),
        ("SELECT * FROM { ?s ?p ?o }", 1, 10, "FROM is not followed by an IRI"),
        ("SELECT * FROMNAMED<x:y>{}", 1, 10, "FROM is not followed by an IRI"),
        ("SELECT * { FILTER(?a<'#>') }", 1, 21, "as an IRI and as a comparison"),
    ],
)
def test_what_cannot_be_read_is_placed(text: str, line: int, column: int, detail: str) -> None:
    with pytest.raises(InvalidInput, match=detail) as caught:
        read(text, SETTINGS)
    assert (caught.value.line, caught.value.column) == (line, column)


def nested(opening: str, closing: str, depth: int) -> str:
    return "ASK { FILTER(1) " + opening * depth + closing * depth + " }"


@pytest.mark.parametrize(
    "text",
    [
        nested("{", "}", 64),
        nested("FILTER EXISTS {", "}", 64),
        nested("FILTER(STR(", "))", 33),
        nested("OPTIONAL { [", "] }", 33),
        "ASK { FILTER(" + "!" * 63 + "true) }",
        nested("<< ", ">> ", 64),
    ],
)
def test_nesting_that_could_end_the_process_is_refused(text: str) -> None:
    with pytest.raises(TooDeep, match="max_nesting, 64") as caught:
        check(text, SETTINGS)
    assert (caught.value.status, caught.value.limit, caught.value.line) == (400, "max_nesting", 1)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read(nested("{", "}", 63), SETTINGS).form is QueryForm.ASK
    assert read("ASK { FILTER(" + "!" * 62 + "true) }", SETTINGS).form is QueryForm.ASK
    assert read("ASK {" + " {} " * 80 + "}", SETTINGS).form is QueryForm.ASK
    with pytest.raises(TooDeep):
        read("ASK { { { } } }", Settings(max_nesting=2))


def test_the_size_is_measured_in_bytes() -> None:
    settings = Settings(max_query_bytes=39)
    assert read("SELECT * { ?s ?p 'ああああああ' }", settings).form is QueryForm.SELECT
    with pytest.raises(QueryTooLong, match="40 bytes; the limit max_query_bytes is 39") as caught:
        read("SELECT * { ?s ?p 'ああああああa' }", settings)
    assert (caught.value.status, caught.value.limit) == (413, "max_query_bytes")


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not valid UTF-8"):
        read("SELECT * { ?s ?p '\ud800' }", SETTINGS)


@pytest.mark.parametrize(
    "body",
    [
        "a." * 32_000,
        "<" * 60_000,
        "<a" * 30_000,
        "'" * 60_000,
        "''' \\q " * 9_000,
        "#" * 60_000,
        "#\n" * 30_000,
        "service#" * 8_000,
        "SERVICE\n<x:y>{}" * 4_500,
        "FROM <x:y>\n" * 5_500,
        "1" * 60_000,
        "1." * 30_000,
        "?a<" * 20_000,
        "(?a<b" * 12_000,
        "ex:" * 20_000,
        "\\u0041" * 10_000,
        "@a-" * 20_000,
        "_:a." * 15_000,
    ],
    ids=lambda body: body[:8].strip(),
)
def test_reading_is_linear(body: str) -> None:
    started = time.process_time()
    with suppress(EconSecError):
        check(EX + "SELECT * { ?s ?p " + body, Settings(max_nesting=1_000_000))
    assert time.process_time() - started < 2
