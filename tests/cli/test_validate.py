"""`econsec validate`: what it reads, what it writes and how it ends."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from econsec.rdf.namespaces import PREFIXES, SH

from .conftest import PROGRAM

Command = Callable[..., Any]

HEAD = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("amount", "designation", "es", "event", "qualifier", "sh", "skos", "unit", "xsd")
)
EVENT = """event:example a es:Announcement ; es:onDate "2022-03-18"^^xsd:date ;
    es:dateAsPrinted "3月18日" ; es:dateInferred true ;
    skos:prefLabel "Example"@en , "例"@ja .
"""
AMOUNT = """amount:example a es:Amount ; es:amountValue "25300000000"^^xsd:decimal ;
    es:hasCurrency unit:CCY_JPY ; es:hasQualifier qualifier:draft ; es:asPrinted "253億円" ;
    skos:prefLabel "Example"@en , "例"@ja .
"""
UNPRINTED = AMOUNT.replace(' es:asPrinted "253億円" ;', "")
EARLY = """designation:example a es:SpecifiedCriticalProductDesignation ;
    es:designationDate "2022-12-22"^^xsd:date .
"""
WARNING_ONLY = "es:S sh:targetClass es:Amount ; sh:severity sh:Warning ; sh:closed true ."


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "data.ttl") -> Path:
        file = tmp_path / name
        file.write_text(HEAD + text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def check(econsec: Command, root: Path) -> Command:
    """Validates with a small data set behind the data, by our shapes of figures."""
    manifest = root / "tests" / "cases" / "dataset" / "manifest.ttl"

    def check(*arguments: str | Path) -> Any:
        profile = () if {"--profile", "--shapes"} & {*arguments} else ("--profile", "document")
        return econsec("validate", *arguments, *profile, "--manifest", manifest)

    return check


Write = Callable[..., Path]


def test_conforming_data_end_with_0(econsec: Command, write: Write) -> None:
    outcome = econsec("validate", write(EVENT), "--profile", "hygiene")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.decode().startswith("Conforms (no findings).")


def test_violations_end_with_1_and_say_what_where_and_why(check: Command, write: Write) -> None:
    outcome = check(write(UNPRINTED))
    text = outcome.out.decode()
    assert outcome.code == 1
    for shown in ("Example", "amount:example", "es:asPrinted", "[esh:amount-printed]"):
        assert shown in text
    assert "violations: 1" in text


def test_warnings_alone_end_with_0(check: Command, write: Write) -> None:
    shapes = write(WARNING_ONLY, "shapes.ttl")
    outcome = check(write(AMOUNT), "--shapes", shapes)
    assert outcome.code == 0
    assert "warnings: " in outcome.out.decode()


def test_the_report_is_written_in_japanese(check: Command, write: Write) -> None:
    text = check(write(UNPRINTED), "--lang", "ja").out.decode()
    for shown in ("違反", "例", "不適合"):
        assert shown in text


def test_information_missing_is_told_from_a_date_too_early(econsec: Command, write: Write) -> None:
    outcome = econsec("validate", write(EARLY), "--profile", "designation", "-f", "json")
    severities = {
        result["shape"]: result["severity"] for result in json.loads(outcome.out)["results"]
    }
    assert severities["esh:product-first-order"] == "warning"
    assert severities["esh:importance-assessed"] == "violation"
    assert "esh:product-provision-in-force" not in severities


@pytest.mark.parametrize(
    ("name", "syntax"),
    [("turtle", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("json-ld", RdfFormat.JSON_LD)],
)
def test_a_standard_report_in_rdf(
    check: Command, write: Write, name: str, syntax: RdfFormat
) -> None:
    outcome = check(write(UNPRINTED), "-f", name)
    assert outcome.code == 1
    quads = list(parse(outcome.out, syntax))
    assert sum(quad.object == SH("ValidationReport") for quad in quads) == 1
    assert sum(quad.object == SH("ValidationResult") for quad in quads) == 1


def test_the_suffix_of_the_output_chooses_the_format(
    check: Command, write: Write, tmp_path: Path
) -> None:
    target = tmp_path / "report.json"
    outcome = check(write(UNPRINTED), "-o", target)
    assert (outcome.code, outcome.out) == (1, b"")
    assert json.loads(target.read_bytes())["conforms"] is False
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.ttl", "report.json"]


def test_standard_input_is_turtle(check: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.TextIOWrapper(io.BytesIO((HEAD + UNPRINTED).encode()))
    monkeypatch.setattr(sys, "stdin", content)
    outcome = check("-", "-f", "json")
    assert outcome.code == 1
    assert [result["shape"] for result in json.loads(outcome.out)["results"]] == [
        "esh:amount-printed"
    ]


def test_several_files_are_one_graph(check: Command, write: Write) -> None:
    printed = write('amount:example es:asPrinted "253億円" .', "printed.ttl")
    assert check(write(UNPRINTED), printed).code == 0


def test_a_dataset_is_validated_by_its_manifest(check: Command, write: Write) -> None:
    shapes = write(
        "es:S sh:targetClass <https://example.org/Seaport> ; sh:property [ "
        "sh:path <https://example.org/cranes> ; sh:maxInclusive 6 ] .",
        "shapes.ttl",
    )
    outcome = check("--shapes", shapes, "-f", "json")
    assert outcome.code == 1
    (result,) = json.loads(outcome.out)["results"]
    assert result["focusNode"] == "<https://example.org/yokohama>"
    assert result["graph"] == "https://example.org/graph/section/one"


def test_an_unknown_profile_ends_with_2_and_names_the_known(check: Command, write: Write) -> None:
    outcome = check(write(AMOUNT), "--profile", "hygeine")
    assert (outcome.code, outcome.out) == (2, b"")
    assert "known are all, designation, document" in outcome.err


def test_an_unknown_format_ends_with_2(check: Command, write: Write) -> None:
    outcome = check(write(AMOUNT), "-f", "xls")
    assert outcome.code == 2
    assert "known are text, turtle, json-ld, nt" in outcome.err


def test_standard_input_twice_ends_with_2(check: Command) -> None:
    assert check("-", "-").code == 2


def test_unreadable_data_end_with_3_and_leave_no_file(
    check: Command, write: Write, tmp_path: Path
) -> None:
    broken = write("amount:example a es:Amount ;;; es:asPrinted .", "broken.ttl")
    outcome = check(broken, "-o", tmp_path / "report.json")
    line = HEAD.count("\n") + 1
    assert (outcome.code, outcome.out) == (3, b"")
    assert f"{broken}:{line}:" in outcome.err
    assert "Traceback" not in outcome.err
    assert [file.name for file in tmp_path.iterdir()] == ["broken.ttl"]


def test_a_missing_file_ends_with_3(check: Command, tmp_path: Path) -> None:
    outcome = check(tmp_path / "none.ttl")
    assert outcome.code == 3
    assert "none.ttl" in outcome.err


def test_misspelt_shapes_end_with_3(check: Command, write: Write) -> None:
    shapes = write("es:S sh:targetClass es:Amount ; sh:clsoed true .", "shapes.ttl")
    outcome = check(write(AMOUNT), "--shapes", shapes)
    assert outcome.code == 3
    assert "sh:clsoed is no term of SHACL Core or SHACL-SPARQL (did you mean sh:closed?)" in (
        outcome.err
    )


PORTS = """@prefix ex: <http://example.org/> .
ex:yokohama a ex:Port .
ex:kobe a ex:Port .
"""
PORT_SHAPES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S sh:targetClass ex:Port ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .
"""


@pytest.fixture
def ports(econsec: Command, write: Write) -> Command:
    """Validates by the one demand that a port has a name, and reads the report as JSON."""
    shapes = write(PORT_SHAPES, "shapes.ttl")

    def ports(*arguments: str | Path) -> Any:
        return econsec("validate", *arguments, "-s", shapes, "-f", "json")

    return ports


def focus(outcome: Any) -> list[str]:
    return [result["focusNode"] for result in json.loads(outcome.out)["results"]]


BOTH = ["<http://example.org/kobe>", "<http://example.org/yokohama>"]


def test_results_say_where_in_the_file_they_stand(ports: Command, write: Write) -> None:
    data = write(PORTS)
    outcome = ports(data)
    places = [result["place"]["line"] for result in json.loads(outcome.out)["results"]]
    assert (outcome.code, focus(outcome)) == (1, BOTH)
    assert places == [HEAD.count("\n") + 3, HEAD.count("\n") + 2]


def test_gzipped_files_and_formats_that_are_named(
    ports: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "data.ttl.gz"
    packed.write_bytes(gzip.compress(PORTS.encode()))
    assert focus(ports(packed)) == BOTH
    odd = tmp_path / "data.txt"
    odd.write_text(PORTS)
    assert ports(odd).code == 3
    for flag in ("-df", "--data-format", "--data-file-format"):
        assert focus(ports(odd, flag, "turtle")) == BOTH
    for format, code in (("ttl", 1), ("nt", 3)):  # it has prefixes, as only Turtle does
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PORTS.encode())))
        assert ports("-", "-df", format).code == code


def test_a_bar_shows_the_files_of_a_batch_on_a_terminal_alone(write: Write, tmp_path: Path) -> None:
    shapes = write(PORT_SHAPES, "shapes.ttl")
    files = [write(PORTS, f"{number}.ttl") for number in range(3)]

    def err_of(*arguments: str | Path) -> str:
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [*PROGRAM, "validate", *map(str, arguments), "-s", shapes, "-o", tmp_path / "r.json"],
            stderr=slave,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        )
        os.close(slave)
        shown = b""
        with os.fdopen(master, "rb", buffering=0) as terminal, suppress(OSError):
            while block := terminal.read(4096):  # the end of a terminal is an error
                shown += block
        assert process.wait(60) == 1
        return shown.decode()

    assert "reading" in err_of(*files)
    assert "validating" in err_of(*files, "--validate-each")
    assert err_of(files[0]) == ""
    piped = subprocess.run(
        [*PROGRAM, "validate", *files, "-s", shapes, "-f", "json"], capture_output=True, check=False
    )
    assert (piped.returncode, piped.stderr) == (1, b"")
    assert json.loads(piped.stdout)["conforms"] is False


def test_the_report_names_files_as_they_were_named(
    ports: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.ttl").write_text(PORTS)
    Path("b.jsonld").write_text(
        '{"@id": "http://example.org/osaka", "@type": "http://example.org/Port"}'
    )
    Path("c.trig").write_text("@prefix ex: <http://example.org/> . ex:g { ex:nagoya a ex:Port . }")
    outcome = ports("a.ttl", "b.jsonld", "c.trig")
    found = {r["focusNode"].rpartition("/")[2][:-1]: r for r in json.loads(outcome.out)["results"]}
    shown = {name: (r["place"], r["graph"]) for name, r in found.items()}
    assert shown == {
        "kobe": ({"document": "a.ttl", "line": 3}, None),
        "yokohama": ({"document": "a.ttl", "line": 2}, None),
        "osaka": ({"document": "b.jsonld", "line": None}, None),
        "nagoya": ({"document": "c.trig", "line": 1}, "http://example.org/g"),
    }
    assert str(tmp_path) not in outcome.out.decode()


def test_a_file_without_shapes_is_not_replaced_by_ours(econsec: Command, write: Write) -> None:
    outcome = econsec("validate", write(EARLY), "-s", write("", "none.ttl"), "-f", "json")
    found = json.loads(outcome.out)
    assert (outcome.code, found["shapes"]) == (0, [])


def test_a_graph_of_the_packaged_data_set_stands_within_it(econsec: Command) -> None:
    outcome = econsec("validate", "--graph", "https://w3id.org/econsec/graph/law/jp", "-f", "json")
    found = json.loads(outcome.out)
    assert (outcome.code, found["results"]) == (0, [])
    assert sum(shape["focusNodes"] for shape in found["shapes"]) > 1000


def test_broken_shapes_have_their_place(econsec: Command, write: Write) -> None:
    data, good = write(PORTS), write(PORT_SHAPES, "good.ttl")
    text = "@prefix ex: <http://example.org/> .\nex:T a sh:NodeShape ;\n sh:targetClass ex:Port ;\n"
    line = HEAD.count("\n") + 2
    for name, fault in (
        ("misspelt", "sh:clsoed true ."),
        ("recursive", "sh:node ex:T ."),
        ("script", "sh:js ex:T ."),
    ):
        broken = write(text + fault, f"{name}.ttl")
        outcome = econsec("validate", data, "-s", good, "-s", broken)
        assert outcome.code == 3
        assert f"{broken}:{line}: the shapes cannot be used: " in outcome.err


def test_html_explains_designations_criterion_by_criterion(
    econsec: Command, write: Write, tmp_path: Path
) -> None:
    target = tmp_path / "report.html"
    data = write(EARLY)
    for language, said in (
        ("en", "Not valid: designation:example does not meet all that is demanded of it."),
        ("ja", "無効：「designation:example」は求められることの一部を満たしません。"),
    ):
        outcome = econsec(
            "validate", data, "--profile", "designation", "-o", target, "--lang", language
        )
        assert (outcome.code, said in target.read_text()) == (1, True)


def test_the_limit_is_said_and_the_verdict_stays(ports: Command, write: Write) -> None:
    outcome = ports(write(PORTS), "--limit", "1")
    report = json.loads(outcome.out)
    assert (outcome.code, len(report["results"]), report["truncated"]) == (1, 1, True)


def test_what_is_less_grave_is_left_out(check: Command, write: Write) -> None:
    shapes = write(WARNING_ONLY, "shapes.ttl")
    arguments = (write(AMOUNT), "--shapes", shapes, "-f", "json")
    assert json.loads(check(*arguments).out)["results"]
    outcome = check(*arguments, "--severity", "violation")
    assert (outcome.code, json.loads(outcome.out)["results"]) == (0, [])


def test_each_file_can_be_judged_for_itself(ports: Command, write: Write) -> None:
    named = PORTS.replace("a ex:Port", 'ex:name "x"')
    data, names = write(PORTS), write(named, "names.ttl")
    assert ports(data, names).code == 0
    outcome = ports(data, names, "--validate-each")
    assert (outcome.code, focus(outcome)) == (1, BOTH)


@pytest.mark.parametrize("name", ["html", "csv", "sarif", "junit", "markdown", "rdf-xml", "xml"])
def test_every_form_can_be_asked_for(
    econsec: Command, write: Write, tmp_path: Path, name: str
) -> None:
    shapes, target = write(PORT_SHAPES, "shapes.ttl"), tmp_path / "report"
    outcome = econsec("validate", write(PORTS), "-s", shapes, "-f", name, "-o", target)
    assert outcome.code == 1
    assert "kobe" in target.read_text()


def test_both_engines_can_be_chosen(ports: Command, write: Write) -> None:
    for engine in ("fast", "reference"):
        assert focus(ports(write(PORTS), "--engine", engine)) == BOTH


def test_flags_of_pyshacl_are_understood(econsec: Command, write: Write) -> None:
    shapes, data = write(PORT_SHAPES, "shapes.ttl"), write(PORTS)
    outcome = econsec("validate", "-s", shapes, "-sf", "turtle", "-f", "human", "-w", data)
    assert outcome.code == 1
    assert b"kobe" in outcome.out
    broken = econsec("validate", "-d", write("ex:a", "broken.ttl"))
    assert broken.code == 3
    assert "Traceback" in broken.err


def test_a_graph_of_a_location_is_judged(ports: Command, location: Path) -> None:
    for arguments in (("-l", location), ("-l", location, "--graph", "http://example.org/one")):
        assert ports(*arguments).code == 0
    absent = ports("-l", location, "--graph", "http://example.org/none")
    assert (absent.code, "there is no graph" in absent.err) == (3, True)
    assert ports("--graph", "http://example.org/none").code == 3


def test_a_graph_of_an_endpoint_is_fetched(econsec: Command, write: Write, announced: str) -> None:
    endpoint = next(word for word in announced.split() if word.endswith("/sparql"))
    shapes = write(
        "@prefix ex: <http://example.org/> . ex:S sh:targetSubjectsOf ex:amount ; "
        "sh:property [ sh:path ex:label ; sh:minCount 1 ] .",
        "shapes.ttl",
    )

    def ask(*arguments: str) -> Any:
        return econsec("validate", "-s", shapes, "--endpoint", endpoint, "-f", "json", *arguments)

    assert ask().code == 0
    assert ask("--graph", "http://example.org/one").code == 0
    outcome = ask("--graph", "http://example.org/two")
    assert (outcome.code, focus(outcome)) == (1, ["<http://example.org/ban>"])
    absent = ask("--graph", "http://example.org/none")
    assert (absent.code, "there is no graph" in absent.err) == (3, True)


def test_an_endpoint_that_is_not_there_ends_with_4(econsec: Command) -> None:
    assert econsec("validate", "--endpoint", "http://127.0.0.1:9/sparql").code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("-l", "x", "--endpoint", "http://127.0.0.1:9/"),
        ("data.ttl", "--endpoint", "http://127.0.0.1:9/"),
        ("data.ttl", "--graph", "http://example.org/one"),
        ("--severity", "grave"),
        ("--engine", "fastest"),
        ("--limit", "-1"),
    ],
)
def test_what_contradicts_itself_ends_with_2(econsec: Command, arguments: tuple[str, ...]) -> None:
    assert econsec("validate", *arguments).code == 2
