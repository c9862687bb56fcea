"""What the guard lets through neither ends the engine's process nor keeps its planner busy."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from econsec.engine.complexity import TooComplex, TooDeep, metered
from econsec.engine.guard import read
from econsec.engine.tokens import Reader
from econsec.engine.updates import check_update
from econsec.errors import EconSecError
from econsec.settings import Settings

SETTINGS = Settings()
AMPLE = 10_000_000
WIDE = Settings(
    max_query_bytes=AMPLE,
    max_update_bytes=AMPLE,
    max_nesting=AMPLE,
    max_operators=AMPLE,
    max_triple_patterns=AMPLE,
    max_path_steps=AMPLE,
    max_list_elements=AMPLE,
    max_reads=1 << 100,
)
LIMITS = {
    "operators": "max_operators",
    "patterns": "max_triple_patterns",
    "steps": "max_path_steps",
    "elements": "max_list_elements",
    "nesting": "max_nesting",
    "reads": "max_reads",
}


def measured(text: str, limit: str) -> int:
    """The least value of `limit` that lets the text through, found by bisection."""
    low, high = -1, 1 << 20
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(text, {limit: middle}) else (middle, high)
    return high


def passes(text: str, limits: dict[str, int]) -> bool:
    values = {name: getattr(WIDE, name) for name in WIDE.__slots__} | limits
    try:
        for _ in metered(Reader(text), Settings(**values)):
            pass
    except TooComplex:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("SELECT * {}", {"operators": 1, "patterns": 0, "nesting": 1, "reads": 4}),
        ("SELECT * { ?s ?p ?o }", {"patterns": 1, "steps": 0, "elements": 0}),
        ("SELECT * { ?s ?p ?o, 1, -1 ; a 'x'@en, 'x'^^<x:t> ;; . ?s ?p true }", {"patterns": 6}),
        ("SELECT * { [] ?p [ ?q 1 ; ?r 2 ] . [ ?q 1 ] }", {"patterns": 4}),
        ("SELECT * { ?s ?p () . (1) ?p (2 (3 []) true) }", {"elements": 6, "patterns": 14}),
        ("SELECT * { << ?s ?p ?o >> ?p <<( ?s ?p ?o )>> }", {"patterns": 5, "nesting": 3}),
        ("SELECT * { ?s ?p ?o ~ ?r {| ?p ?o |} , 1 }", {"patterns": 6}),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } { ?s ?p ?o } UNION {} }", {"patterns": 4}),
        ("SELECT * { OPTIONAL { ?s ?p ?o } MINUS { ?s ?p ?o } }", {"patterns": 2, "operators": 3}),
        ("SELECT * { FILTER EXISTS { ?s ?p ?o } ?s ?p ?o }", {"patterns": 2}),
        ("SELECT * { ?s ?p trueFILTER(1) . ?s a 1 . ?s a 1 }", {"patterns": 6}),
        ("SELECT * { ?s atrue. ?s afalse. ?s atrue }", {"patterns": 3}),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } GROUP BY (?s) } }", {"patterns": 2, "operators": 4}),
        ("SELECT * { ?s ^<x:a>/(<x:b>|!(<x:c>|^<x:d>))* , 1 }", {"steps": 7, "patterns": 1}),
        ("SELECT * { ?s <x:a>+ ?o ; <x:b>? 1 ; ?p -1 }", {"steps": 2, "patterns": 3}),
        ("SELECT * { FILTER(1 + 2 <= -3 || !?a && ?a != <x:b>) }", {"operators": 9, "nesting": 3}),
        ("SELECT * { FILTER(STR(?a) IN ('a', 'b') && <x:f>(1)) }", {"operators": 6, "nesting": 3}),
        ("SELECT * { FILTER(!(!-(- 1))) }", {"nesting": 8, "operators": 8}),
        ("SELECT * { FILTER(!!!?a || !?b) }", {"nesting": 5}),
        ("SELECT * { FILTER('a'^^<x:t> = 'b'^^<x:t>) }", {"operators": 3, "steps": 0}),
        ("SELECT * { VALUES (?a ?b) { (1 2) (<<( <x:a> <x:b> 1 )>> 3) } }", {"patterns": 1}),
        ("SELECT * { VALUES ?a { 1 2 } VALUES ?a { -1 } }", {"operators": 1, "elements": 0}),
        ("SELECT * {} VALUES (?a ?b) { (1 2) (2 3) }", {"operators": 3, "nesting": 2}),
        ("SELECT (COUNT(*) AS ?n) {} HAVING (?a) (?b) ORDER BY (?c)", {"operators": 7}),
        ("DESCRIBE ?a <x:b> rdfs:label FROM <x:g> {}", {"operators": 4}),
        ("CONSTRUCT { ?s ?p 1, 2 } { ?s ?p ?o }", {"patterns": 3}),
        ("SELECT * { FILTER(REGEX(!(1))) }", {"reads": 23}),
        ("INSERT DATA { <x:a> <x:b> (1 2), 3 . GRAPH <x:g> { <x:a> <x:b> 1 } }", {"patterns": 0}),
        ("DELETE DATA { <x:a> <x:b> 1 } ; DELETE WHERE { ?s ?p 1, 2 }", {"patterns": 2}),
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", {"patterns": 2, "operators": 2}),
        ("DELETE WHERE { ?s ?p 1, 2 }; DELETE WHERE { ?s ?p 1 }", {"patterns": 2, "operators": 1}),
        ("CLEAR ALL; CLEAR ALL", {"reads": 5, "operators": 0}),
    ],
)
def test_what_is_counted(text: str, count: dict[str, int]) -> None:
    found = {name: measured(text, LIMITS[name]) for name in count}
    assert found == count


def chain(operator: str) -> Callable[[int], str]:
    # The parenthesis, the braces of the group and each operator count.
    return lambda n: "ASK { FILTER(" + operator.join(["?a"] * (n - 1)) + ") }"


def inside(opening: str, closing: str, *, core: str = "", around: str = "ASK {%}") -> Shape:
    outer = around.count("{") + around.count("(") + around.count("<<")
    return lambda n: around.replace("%", opening * (n - outer) + core + closing * (n - outer))


Shape = Callable[[int], str]
FILTER = "ASK { FILTER(%) }"
OBJECT = "ASK { ?s ?p % }"
SHAPES: dict[str, dict[str, Shape]] = {
    "max_nesting": {
        "groups": inside("{", "}"),
        "OPTIONAL": inside("OPTIONAL {", "}"),
        "MINUS": inside("MINUS {", "}"),
        "GRAPH": inside("GRAPH ?g {", "}"),
        "UNION": inside("{} UNION {", "}"),
        "EXISTS": inside("FILTER EXISTS {", "}"),
        "sub-SELECT": lambda n: (
            "ASK {" + "{SELECT * {" * ((n - 1) // 2) + "{" * ((n - 1) % 2) + "}" * n
        ),
        "parentheses": inside("(", ")", core="1", around=FILTER),
        "calls": inside("STR(", ")", core="1", around=FILTER),
        "negations": inside("!", "", core="?a", around=FILTER),
        "negated calls": lambda n: (
            "ASK { FILTER("
            + "!ABS(" * ((n - 2) // 2)
            + "!" * (n % 2)
            + "?a"
            + ")" * ((n - 2) // 2)
            + ") }"
        ),
        "collections": inside("(", ")", core="1", around=OBJECT),
        "blank nodes": inside("[ ?p ", "]", core="1", around=OBJECT),
        "paths": inside("(", ")", core="<x:p>", around="ASK { ?s % ?o }"),
        "reified triples": inside("<< ?s ?p ", ">>", core="1", around=OBJECT),
        "annotations": inside("{| ?p ?o ", "|}", around="ASK { ?s ?p ?o % }"),
    },
    "max_operators": {
        **{operator: chain(operator) for operator in ("+", "-", "*", "/", "||", "&&")},
        "UNION": lambda n: "ASK {" + " UNION ".join(["{}"] * (n - 1)) + "}",
        "OPTIONAL": lambda n: "ASK {" + "OPTIONAL {}" * (n - 1) + "}",
        "MINUS": lambda n: "ASK {" + "MINUS {}" * (n - 1) + "}",
        "EXISTS": lambda n: "ASK {" + "FILTER EXISTS {}" * (n - 1) + "}",
        "FILTER": lambda n: "ASK {" + "FILTER(?a)" * (n - 1) + "}",
        "BIND": lambda n: "ASK {" + "".join(f"BIND(1 AS ?a{i})" for i in range(n - 1)) + "}",
        "projections": lambda n: (
            "SELECT " + " ".join(f"(1 AS ?a{i})" for i in range(n - 1)) + " {}"
        ),
        "VALUES": lambda n: "ASK { VALUES (" + "".join(f"?a{i} " for i in range(n - 1)) + ") {} }",
        "HAVING": lambda n: "SELECT (1 AS ?a) {} GROUP BY ?b HAVING " + "(?b)" * (n - 2),
        "DESCRIBE": lambda n: "DESCRIBE " + "<x:a> " * n,
    },
    "max_triple_patterns": {
        "statements": lambda n: "ASK {" + "?s ?p ?o." * n + "}",
        "predicates": lambda n: "ASK { ?s " + "?p ?o;" * n + "}",
        "objects": lambda n: "ASK { ?s ?p " + ",".join(["?o"] * n) + "}",
        "OPTIONAL": lambda n: "ASK {" + "OPTIONAL {?s ?p ?o}" * n + "}",
        "UNION": lambda n: "ASK {" + " UNION ".join(["{?s ?p ?o}"] * (n - 1)) + "}",
        "GRAPH": lambda n: "ASK {" + "GRAPH ?g {}" * n + "}",
        "groups": lambda n: "ASK {" + "{}" * n + "}",
        "VALUES": lambda n: "ASK {" + "VALUES (?s ?p) { (1 UNDEF) } " * n + "}",
        "joined unions": lambda n: "ASK {" + "{} UNION {}" * n + "}",
        "blank nodes": lambda n: "ASK {" + "[ ?p 1 ]." * n + "}",
        "reifiers": lambda n: "ASK { ?s ?p ?o" + " ~" * (n - 1) + "}",
    },
    "max_path_steps": {
        step: lambda n, step=step: "ASK { ?s " + step.join(["<x:p>"] * (n + 1)) + " ?o }"
        for step in "/|"
    }
    | {
        "*": lambda n: "ASK { ?s <x:p>" + "* ?o ; <x:p>" * n + " 1 }",
        "^": lambda n: "ASK { ?s ^<x:p> ?o" + "; ^<x:p> ?o" * (n - 1) + " }",
    },
    "max_list_elements": {
        "list": lambda n: "ASK { ?s ?p (" + "1 " * n + ") }",
        "lists": lambda n: "ASK {" + "(1) ?p ?o." * n + "}",
        "nested lists": lambda n: "ASK { ?s ?p (" + "() " * (n - 1) + "1) }",
    },
}
# The same in an update: all but the forms of a query and what a template could not hold.
IN_UPDATES = {
    limit: [name for name, shape in shapes.items() if shape(9).startswith("ASK {")]
    for limit, shapes in SHAPES.items()
}
EACH_IN_UPDATES = [(limit, name) for limit, names in IN_UPDATES.items() for name in names]
EACH = [(limit, name) for limit, shapes in SHAPES.items() for name in shapes]


def only(limit: str, **more: int) -> Settings:
    """All limits wide, but one as it is by default."""
    values = {name: getattr(WIDE, name) for name in WIDE.__slots__}
    return Settings(**values | {limit: getattr(SETTINGS, limit)} | more)


@pytest.mark.parametrize(("limit", "name"), EACH)
def test_each_limit_is_exact(limit: str, name: str) -> None:
    shape, most = SHAPES[limit][name], getattr(SETTINGS, limit)
    for n in (most - 1, most):
        read(shape(n), only(limit))
    with pytest.raises(TooComplex, match=f"the limit {limit}, {most}") as caught:
        read(shape(most + 1), only(limit))
    error = caught.value
    assert (error.status, error.limit, error.line) == (400, limit, 1)
    assert isinstance(error, TooDeep) is (limit == "max_nesting")


@pytest.mark.parametrize(("limit", "name"), EACH)
def test_absurd_sizes_are_refused_where_they_go_over(limit: str, name: str) -> None:
    text = SHAPES[limit][name](100_000 if limit == "max_nesting" else 20_000)
    with pytest.raises(TooComplex) as caught:
        read(text, only(limit))
    assert caught.value.limit == limit
    assert caught.value.column is not None
    assert caught.value.column < 20_000


def as_update(text: str) -> str:
    """The same patterns in an update; DELETE DATA before them counts for nothing."""
    return (
        "DELETE DATA { <x:a> <x:b> (1 2) }; INSERT DATA {}; INSERT {} WHERE " + text[len("ASK ") :]
    )


# The template counts as an operator, and needs one more than the query does.
EXTRA = {"max_operators": 1}


@pytest.mark.parametrize(("limit", "name"), EACH_IN_UPDATES)
def test_each_limit_is_exact_in_updates(limit: str, name: str) -> None:
    shape, most = SHAPES[limit][name], getattr(SETTINGS, limit)
    more = EXTRA.get(limit, 0)
    for n in (most - 1, most):
        check_update(as_update(shape(n - more)), only(limit))
    with pytest.raises(TooComplex, match=f"the update .* the limit {limit}, {most}") as caught:
        check_update(as_update(shape(most + 1 - more)), only(limit))
    assert (caught.value.status, caught.value.limit, caught.value.line) == (400, limit, 1)


@pytest.mark.parametrize(("limit", "name"), EACH_IN_UPDATES)
def test_absurd_updates_are_refused_where_they_go_over(limit: str, name: str) -> None:
    text = as_update(SHAPES[limit][name](100_000 if limit == "max_nesting" else 20_000))
    with pytest.raises(TooComplex) as caught:
        check_update(text, only(limit))
    assert caught.value.limit == limit
    assert caught.value.column is not None
    assert caught.value.column < 20_000


def test_the_place_is_that_of_the_token_that_goes_over() -> None:
    with pytest.raises(TooComplex, match="more path steps") as caught:
        read("ASK {\r\n# a/b\n ?s <x:a>/<x:b>/<x:c> ?o }", Settings(max_path_steps=1))
    assert (caught.value.line, caught.value.column) == (3, 16)


@pytest.mark.parametrize("opening", ["!(", "REGEX(1,", "REPLACE(1,", "SUBSTR(1,", "GROUP_CONCAT("])
def test_what_the_parser_would_read_again_and_again_is_refused(opening: str) -> None:
    def nested(depth: int) -> str:
        return "SELECT * { FILTER(" + opening * depth + "1 1" + ")" * depth + ") }"

    read(nested(8), SETTINGS)
    with pytest.raises(TooComplex) as caught:
        read(nested(24), SETTINGS)
    assert caught.value.limit == "max_reads"


@pytest.mark.parametrize("suite", ["sparql11", "sparql12"])
def test_no_text_of_the_standard_suites_is_too_complex(test_data: Path, suite: str) -> None:
    files = [*(test_data / "w3c" / suite).rglob("*.r[qu]")]
    assert len(files) > 100
    for file in files:
        try:
            for _ in metered(Reader(file.read_text("utf-8", "replace")), SETTINGS):
                pass
        except TooComplex as error:
            pytest.fail(f"{file}: {error}", pytrace=False)
        except EconSecError:
            continue


def test_no_query_of_the_project_is_too_complex(root: Path) -> None:
    files = [*(root / "queries").rglob("*.rq")]
    assert len(files) > 100
    for file in files:
        read(file.read_text("utf-8"), SETTINGS)


# No piece has two solutions: what is measured is planning, not how many rows a query has.
FLAT = (
    *(
        "?s ?p ?o . ",
        "?s ?p# 1, ?o# . ",
        "?s# ?p ?s#b . ",
        "?s ?p 1, 2 ; ?q 3 . ",
        "[ ?p [ ?q 1 ] ] . ",
    ),
    *(
        "(1 2 3) ?p ?o . ",
        "?s ?p (1 (?a [])) . ",
        "?s <x:a>/<x:b>*|^<x:c> ?o . ",
        "?s !<x:a> ?o . ",
    ),
    *(
        "<< ?s ?p ?o >> ?p ?q# . ",
        "?s ?p ?o ~ ?r# {| ?a ?b |} . ",
        "{ ?u# ?p ?o } UNION {} ",
        "GRAPH ?g {} ",
    ),
    *("{ ?s ?p ?o } UNION { ?s ?q ?r# } ", "OPTIONAL { ?s ?p ?o# } ", "OPTIONAL {} ", "MINUS {} "),
    *("FILTER(?s = ?o || ?s# && !?o) ", "FILTER EXISTS { ?s ?p ?o# } ", "BIND(1 + ?s AS ?b#) "),
    *("VALUES ?v# { 1 } ", "VALUES (?s ?p) { (1 UNDEF) } ", "{ SELECT * { ?s ?p ?o } } "),
    *("{ SELECT (COUNT(*) AS ?c#) {} GROUP BY ?s } ", "FILTER(?s IN (1, ?o#, ABS(3))) ", "{ } "),
    *("FILTER(REGEX(STR(?s), 'a')) ", "LATERAL { ?s ?p ?l# } ", "GRAPH ?g { ?s ?p ?o# } "),
)
AROUND = (
    *(
        "{ % }",
        "OPTIONAL { % }",
        "MINUS { % }",
        "{} UNION { % }",
        "GRAPH ?g { % }",
        "LATERAL { % }",
    ),
    *("FILTER EXISTS { % }", "FILTER(!EXISTS { % })", "{ SELECT * { % } }", "?s ?p ?o . { % }"),
)
PARTS = ("?a", "1", "?a + 1", "?a || ?b", "?a && !?b", "STR(?a)", "?a < 2", "1 IN (?a, 2)", "-?a")
OUTER = ("(%)", "!(%)", "ABS(%)", "-(%)", "IF(?a, %, 2)", "1 + (%)", "?a || (%)", "?a IN (%, 1)")


def largest(chance: random.Random) -> str:
    """A query of some kinds of pieces, as many of each as the guard lets through."""
    pieces = chance.sample(FLAT, chance.randint(1, 3))
    expressions, around = chance.sample(OUTER, 2), chance.sample(AROUND, 2)
    wide, deep, calls = 0, 0, 0

    def text(wide: int, deep: int, calls: int) -> str:
        flat = "".join(pieces[i % len(pieces)].replace("#", str(i)) for i in range(wide))
        inner = chance_part
        for i in range(calls):
            inner = expressions[i % 2].replace("%", inner)
        body = flat + f"FILTER({inner}) "
        for i in range(deep):
            body = around[i % 2].replace("%", body)
        return f"SELECT * {{ {body} }}"

    chance_part = chance.choice(PARTS)
    for axis in chance.sample(range(3), 3):
        for step in (256, 128, 64, 32, 16, 8, 4, 2, 1):
            more = [wide, deep, calls]
            more[axis] += step
            if is_let_through(text(*more)):
                wide, deep, calls = more
    return text(wide, deep, calls)


def is_let_through(text: str) -> bool:
    try:
        read(text, SETTINGS)
    except TooComplex:
        return False
    return True


ENGINE = """
import json, sys, time
import pyoxigraph as ox
for line in sys.stdin:
    started = time.process_time()
    try:
        answer = ox.Store().query(json.loads(line))
        if isinstance(answer, ox.QuerySolutions):
            next(answer, None)
        outcome = "read"
    except (SyntaxError, RuntimeError) as error:
        outcome = str(error)
    print(json.dumps([outcome, time.process_time() - started]), flush=True)
"""


def engine(texts: Sequence[str], timeout: float) -> Iterator[tuple[str, float]]:
    """What the engine makes of each text in a process of its own, and its seconds on the CPU."""
    command = [sys.executable, "-c", ENGINE]
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    run = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=timeout)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    last = texts[min(len(answers), len(texts) - 1)][:2_000]
    assert run.returncode == 0, f"the engine ended with {run.returncode} on {last}"
    return iter(answers)


@pytest.mark.parametrize("limit", ["max_nesting", "max_operators", "max_path_steps"])
def test_the_engine_survives_each_limit(limit: str) -> None:
    most = getattr(SETTINGS, limit)
    texts = [shape(most) for shape in SHAPES[limit].values() if is_let_through(shape(most))]
    outcomes = [outcome for outcome, _ in engine(texts, timeout=60)]
    assert len(texts) > 3
    assert outcomes == ["read"] * len(texts)


@pytest.mark.parametrize("seed", range(2))
def test_the_largest_texts_that_pass_do_not_end_the_engine(seed: int) -> None:
    chance = random.Random(seed)
    texts = [largest(chance) for _ in range(5)]
    outcomes = [outcome for outcome, _ in engine(texts, timeout=60)]
    assert len(outcomes) == len(texts)
    assert outcomes.count("read") > len(texts) // 2
