"""`econsec query`: where the query comes from, where the answer goes, and in which form."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from econsec.paths import resources

Econsec = Callable[..., Any]

LABELS = "SELECT ?label { ?s <http://example.org/label> ?label }"
AMOUNTS = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/amount> ?o }"
GRAPH = "CONSTRUCT WHERE { ?s <http://example.org/amount> ?o }"


def test_a_query_is_answered_in_tsv_and_a_graph_in_turtle(econsec: Econsec, location: Path) -> None:
    run = econsec("query", "-l", location, "-q", LABELS)
    assert (run.code, run.err) == (0, "")
    assert run.out.decode() == '?label\n"輸出禁止"@ja\n'
    run = econsec("query", "-l", location, "-q", GRAPH)
    assert run.out == b"<http://example.org/ban> <http://example.org/amount> 1.5 .\n"


@pytest.mark.parametrize("format", ["json", "application/sparql-results+json", "JSON", "srj"])
def test_the_format_goes_by_any_of_its_names(econsec: Econsec, location: Path, format: str) -> None:
    run = econsec("query", "-l", location, "-q", LABELS, "-f", format)
    assert json.loads(run.out)["results"]["bindings"][0]["label"]["value"] == "輸出禁止"


@pytest.mark.parametrize(
    ("query", "format"), [(LABELS, "ttl"), (GRAPH, "csv"), (LABELS, "nonsense")]
)
def test_a_format_that_does_not_suit_is_a_usage_error(
    econsec: Econsec, location: Path, query: str, format: str
) -> None:
    run = econsec("query", "-l", location, "-q", query, "-f", format)
    assert (run.code, run.out) == (2, b"")
    assert "offered are" in run.err


def test_the_output_tells_the_format_by_its_suffix(
    econsec: Econsec, location: Path, tmp_path: Path
) -> None:
    target = tmp_path / "labels.csv"
    run = econsec("query", "-l", location, "-q", LABELS, "-o", target)
    assert (run.code, run.out) == (0, b"")
    assert target.read_text("utf-8").split() == ["label", "輸出禁止"]
    assert econsec("query", "-l", location, "-q", LABELS, "-o", tmp_path / "x.ttl").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]


def test_an_output_is_whole_or_as_it_was(econsec: Econsec, location: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.tsv"
    target.write_text("before")
    assert econsec("query", "-l", location, "-q", "SELECT", "-o", target).code == 3
    assert target.read_text() == "before"
    run = econsec("query", "-l", location, "-q", LABELS, "-o", tmp_path / "no" / "answer.tsv")
    assert run.code == 4
    assert "cannot be written" in run.err
    assert os.listdir(tmp_path) == ["answer.tsv"]


def test_an_output_that_is_no_file_is_written_to_and_left_in_place(
    econsec: Econsec, location: Path
) -> None:
    assert econsec("query", "-l", location, "-q", LABELS, "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_the_query_may_come_from_a_file_or_from_standard_input(
    econsec: Econsec, location: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "labels.rq"
    file.write_bytes(b"\xef\xbb\xbf" + LABELS.encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LABELS.encode())))
    from_file = econsec("query", "-l", location, "--query-file", file)
    from_stdin = econsec("query", "-l", location, "--query-file", "-")
    assert (from_file.code, from_stdin.code) == (0, 0)
    assert "輸出禁止" in from_file.out.decode() == from_stdin.out.decode()


@pytest.mark.parametrize(
    "arguments", [[], ["-q", LABELS, "--query-file", "x"], ["x", "-q", LABELS]]
)
def test_exactly_one_query_is_needed(econsec: Econsec, arguments: list[str]) -> None:
    run = econsec("query", *arguments)
    assert run.code == 2
    assert "exactly one query" in run.err


def test_an_error_in_a_file_names_file_line_and_column(
    econsec: Econsec, location: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.rq"
    file.write_text("SELECT *\n{ ?s no:such ?o }")
    run = econsec("query", "-l", location, "--query-file", file)
    assert (run.code, run.out) == (3, b"")
    assert run.err == f"error: {file}:2:6: the prefix 'no:' is not declared\n"
    file.write_bytes(b"SELECT \xff")
    assert "not valid UTF-8" in econsec("query", "--query-file", file).err
    run = econsec("query", "--query-file", tmp_path / "none.rq")
    assert (run.code, "No such file" in run.err) == (3, True)


def test_service_is_refused(econsec: Econsec, location: Path) -> None:
    run = econsec("query", "-l", location, "-q", "ASK { SERVICE <http://127.0.0.1:9/> {} }")
    assert run.code == 3
    assert "query:1:7: SERVICE <http://127.0.0.1:9/> is not on the allow-list" in run.err


def test_a_packaged_query_is_asked_by_its_name(econsec: Econsec) -> None:
    paths = sorted((resources() / "queries").glob("hygiene/*.rq"))
    run = econsec("query", f"hygiene/{paths[0].stem}")
    assert run.code == 0, run.err
    assert run.out.startswith(b"?")
    run = econsec("query", paths[0].stem[:-1])
    assert run.code == 2
    assert f"did you mean {paths[0].stem}" in run.err


_DAYS = "SELECT ?asOf (STR(?asOf) AS ?text) { FILTER(?asOf > '2022-05-31'^^xsd:date) }"
DAYS = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> {_DAYS}"


def test_a_day_is_given_to_a_query_that_uses_it(econsec: Econsec, location: Path) -> None:
    run = econsec("query", "-l", location, "-q", DAYS, "--as-of", "2022-06-01", "-f", "csv")
    assert (run.code, run.out) == (0, b"asOf,text\r\n2022-06-01,2022-06-01\r\n")
    run = econsec("query", "-l", location, "-q", DAYS, "--as-of", "2022-05-31", "-f", "csv")
    assert (run.code, run.out) == (0, b"asOf,text\r\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-q", LABELS, "--as-of", "2022-06-01"], "--as-of: the query does not use ?asOf"),
        (["-q", DAYS, "--as-of", "2022-06"], "--as-of: '2022-06' is no date"),
        (["-q", DAYS, "--as-of", "2022-02-29"], "--as-of: '2022-02-29' is no date"),
        (["-q", DAYS, "--as-of", "20220601"], "(write a day as YYYY-MM-DD"),
        (["-q", DAYS, "--param", "asOf=2022-06-01"], "only packaged queries"),
        (["in-force", "-p", "day=2022-06-01"], "its parameters are asOf (date, default 2026-"),
        (["in-force", "-p", "asOf=today"], "--param: 'today' is no date for 'asOf'"),
        (["in-force", "-p", "asOf=2022-06-01", "--as-of", "2022-06-01"], "given twice"),
        (["in-force", "-p", "asOf"], "write NAME=VALUE"),
        (["about"], "the query needs a value for 'thing' (its parameters are thing (iri, required"),
        (["about", "-p", "thing=nothing"], "'nothing' is no iri"),
        (["changes-between", "--as-of", "2022-06-01"], "its parameters are from"),
    ],
)
def test_a_value_that_cannot_be_taken_is_a_usage_error(
    econsec: Econsec, location: Path, arguments: list[str], said: str
) -> None:
    run = econsec("query", "-l", location, *arguments)
    assert (run.code, run.out) == (2, b"")
    assert said in run.err


def test_a_query_that_sets_the_day_itself_is_told_where(econsec: Econsec, location: Path) -> None:
    arguments = ("query", "-l", location, "bans-in-force-on-a-day", "--as-of", "2022-06-01")
    run = econsec(*arguments)
    assert run.code == 2
    assert re.search(r"bans-in-force-on-a-day\.rq:15:34: the query sets \?asOf itself", run.err)


def test_a_saved_query_is_asked_with_values(econsec: Econsec, location: Path) -> None:
    run = econsec("query", "-l", location, "about", "-p", "thing=http://example.org/ban")
    assert run.code == 0, run.err
    assert len(run.out.splitlines()) == 5
    assert run.out.count(b"<http://example.org/ban>") == 4


@pytest.mark.parametrize("format", ["tsv", "csv", "json", "xml", "table"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["about", "-p", "thing=http://example.org/bann"],
            "nothing is known of <http://example.org/bann>"
            " (did you mean <http://example.org/ban>?)",
        ),
        (["about", "-p", "thing=measure:nope"], "nothing is known of measure:nope"),
        (
            ["changes-between", "-p", "from=2022-03-01", "-p", "until=2022-02-01"],
            "no rows for from=2022-03-01, until=2022-02-01",
        ),
        (
            ["designated", "-p", "class=es:ExportBan", "-p", "asOf=2022-02-01"],
            "no rows for asOf=2022-02-01, class=es:ExportBan",
        ),
    ],
)
def test_an_answer_without_rows_says_what_it_was_asked_about(
    econsec: Econsec, location: Path, arguments: list[str], said: str, format: str
) -> None:
    run = econsec("query", "-l", location, *arguments, "-f", format)
    assert (run.code, run.err) == (0, f"note: {said}\n")
    assert run.out
    assert econsec("--quiet", "query", "-l", location, *arguments).err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["about", "-p", "thing=http://example.org/ban"],
        ["-q", "SELECT * { ?s es:nothing ?o }"],
        ["-q", "ASK { ?x ?p ?asOf }", "--as-of", "2022-06-01"],
        ["-q", "CONSTRUCT { ?x ?p ?asOf } { ?x ?p ?asOf }", "--as-of", "2022-06-01"],
    ],
)
def test_any_other_answer_needs_no_note(
    econsec: Econsec, location: Path, arguments: list[str]
) -> None:
    for format in ([], ["-f", "table"]):
        assert econsec("query", "-l", location, *arguments, *format).err == ""


def test_an_ask_is_a_word_and_with_exit_status_an_exit_code(
    econsec: Econsec, location: Path
) -> None:
    yes, no = "ASK { ?s a es:ExportBan }", "ASK { ?s a es:Agreement }"
    runs = [
        econsec("query", "-l", location, "-q", text, *status)
        for text in (yes, no)
        for status in ([], ["--exit-status"])
    ]
    assert [(run.code, run.out) for run in runs] == [
        (0, b"true\n"),
        (0, b"true\n"),
        (0, b"false\n"),
        (1, b"false\n"),
    ]
    run = econsec("query", "-l", location, "-q", LABELS, "--exit-status")
    assert (run.code, run.out) == (2, b"")


def test_a_table_is_for_people(econsec: Econsec, location: Path) -> None:
    text = "SELECT ?class ?label { ?s a ?class ; <http://example.org/label> ?label }"
    table = econsec("query", "-l", location, "-q", text, "-f", "table").out.decode()
    assert re.search(r"es:ExportBan\s.*\s輸出禁止 @ja", table)
    assert "1 row" in table
    terms = "SELECT (<<( es:a <x:y> 1 )>> AS ?triple) (BNODE('b') AS ?blank) ?nothing {}"
    table = econsec("query", "-l", location, "-q", terms, "-f", "table").out.decode()
    assert re.search(r"<<\( es:a x:y 1 \)>> │ _:\w+ +│ +│", table)
    assert "\x1b" not in table


def test_a_value_cannot_steer_the_terminal(econsec: Econsec, location: Path) -> None:
    text = 'SELECT ("\\u001b[31mred[/][bold]" AS ?x) {}'
    table = econsec("query", "-l", location, "-q", text, "-f", "table").out
    assert b"\x1b" not in table
    assert b"[31mred[/][bold]" in table


def test_the_data_set_can_be_named(econsec: Econsec, location: Path) -> None:
    one = ("--default-graph", "http://example.org/one")
    two = ("--default-graph", "http://example.org/two")
    named = ("--named-graph", "http://example.org/two")
    counted = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    answers = [
        econsec("query", "-l", location, "-q", AMOUNTS).out,
        econsec("query", "-l", location, "-q", AMOUNTS, *one, *two).out,
        econsec("query", "-l", location, "-q", counted).out,
        econsec("query", "-l", location, "-q", counted, *named).out,
    ]
    assert [int(answer.split()[1]) for answer in answers] == [1, 1, 4, 1]


def test_the_packaged_data_set_is_asked_without_a_location(econsec: Econsec) -> None:
    inferred = "SELECT (COUNT(*) AS ?n) { ?s a ?class }"
    counts = [
        int(econsec("query", "-q", inferred, *more).out.split()[1]) for more in ([], ["--no-infer"])
    ]
    assert counts[0] > counts[1] > 0


def test_a_location_without_a_data_set_is_told(econsec: Econsec, tmp_path: Path) -> None:
    run = econsec("query", "-l", tmp_path / "none", "-q", LABELS)
    assert (run.code, run.out) == (4, b"")
    assert "econsec build" in run.err


def test_an_endpoint_answers_as_a_location_does(
    econsec: Econsec, announced: str, location: Path
) -> None:
    match = re.search(r"http://\S+/sparql", announced)
    assert match is not None, announced
    endpoint = match[0]
    for arguments in (
        ["-q", LABELS],
        ["-q", LABELS, "-f", "csv"],
        ["-q", LABELS, "-f", "table"],
        ["-q", GRAPH],
        ["-q", GRAPH, "-f", "jsonld"],
        ["-q", "ASK { ?s a es:Agreement }", "--exit-status"],
        ["-q", AMOUNTS, "--default-graph", "http://example.org/two", "--no-infer"],
        ["-q", "SELECT *\n{ ?s no:such ?o }"],
        ["-q", DAYS, "--as-of", "2022-06-01"],
        ["-q", LABELS, "--as-of", "2022-06-01"],
        ["about", "-p", "thing=http://example.org/ban"],
        ["about", "-p", "thing=http://example.org/bann"],
        ["about", "-p", "thing=http://example.org/bann", "-f", "table"],
    ):
        there = econsec("query", "--endpoint", endpoint, *arguments)
        here = econsec("query", "-l", location, *arguments)
        assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
    run = econsec("query", "--endpoint", endpoint, "-l", location, "-q", LABELS)
    assert (run.code, "exclude each other" in run.err) == (2, True)


def test_on_a_terminal_an_answer_is_a_table(
    econsec: Econsec, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "│ 輸出禁止 @ja │" in econsec("query", "-l", location, "-q", LABELS).out.decode()
    assert econsec("query", "-l", location, "-q", GRAPH).out.endswith(b" 1.5 .\n")
    assert econsec("query", "-l", location, "-q", "ASK {}").out == b"true\n"
