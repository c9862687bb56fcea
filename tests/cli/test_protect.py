"""`econsec protect` and `unprotect`: over a folder, and over a server that runs."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

Command = Callable[..., Any]

EX = "http://example.org/"
G = f"{EX}graph"
TOKEN = "a-token-for-tests-0123456789abcdef"
SHAPES = f"""@prefix : <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:Thing a sh:NodeShape ; sh:targetClass :Thing ; sh:property :label , :note .
:label sh:path :label ; sh:minCount 1 ; sh:message "a label is missing"@en .
:note sh:path :note ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "no note"@en .
"""
OLD = f"<{EX}old> a <{EX}Thing> ."
MISSING = f"violation\t<{EX}old> <{EX}label>\ta label is missing"
ADVICE = f"warning\t<{EX}old> <{EX}note>\tno note"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with shapes, data, and tokens."""
    for name, text in {
        "shapes.ttl": SHAPES,
        "old.ttl": OLD,
        "bad.ttl": f"<{EX}bad> a <{EX}Thing> .",
        "good.ttl": f"<{EX}good> a <{EX}Thing> ; <{EX}label> 'good' .",
        "tokens": f"# who may write\n\ntests {TOKEN}\n",
        "wrong": "wrong-wrong-wrong-wrong\n",
        "hashed": f"tests sha256:{'0' * 64}\n",
        "empty": "# nobody\n",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tokens").chmod(0o600)
    return tmp_path


@pytest.fixture
def here(econsec: Command, files: Path) -> Path:
    """A location with a thing that violates the shapes already."""
    run = econsec("load", "-l", files / "here", "--graph", G, files / "old.ttl")
    assert run.code == 0, run.err
    return files / "here"


@pytest.fixture
def server(start: Command, announcement: Command, here: Path, files: Path) -> str:
    """The root of a server over the location."""
    tokens = ("--token-file", files / "tokens")
    found = re.search(
        r"http://[^/\s]+", announcement(start("serve", "--port", "0", "-l", here, *tokens))
    )
    assert found is not None
    return found[0]


def load(econsec: Command, files: Path, name: str, *more: str) -> Any:
    return econsec("load", "-l", files / "here", "--graph", G, files / name, *more)


def test_a_folder(econsec: Command, files: Path, here: Path) -> None:
    run = econsec("protect", G, "--shapes", files / "shapes.ttl", "-l", here)
    assert run.code == 0, run.err
    assert sorted(run.out.decode().splitlines()) == [MISSING, ADVICE]
    assert "violations: 1, warnings: 1" in run.err
    assert econsec("protect", "--list", "-l", here).out.decode() == f"{G}\t\town shapes\n"
    run = econsec("protect", G, "--profile", "designation", "-l", here)
    assert (run.code, run.out) == (0, b""), run.err
    assert econsec("protect", "--list", "-l", here).out.decode() == f"{G}\tdesignation\t\n"
    run = econsec("unprotect", G, "-l", here)
    assert (run.code, run.out, run.err) == (0, b"", "")
    assert econsec("protect", "--list", "-l", here).out == b""


def test_a_load_is_refused(econsec: Command, files: Path, here: Path) -> None:
    assert econsec("protect", G, "--shapes", files / "shapes.ttl", "-l", here).code == 0
    for more in ((), ("--replace",), ("--no-infer",)):
        run = load(econsec, files, "bad.ttl", *more)
        assert run.code == 1
        assert run.out.decode() == f"violation\t<{EX}bad> <{EX}label>\ta label is missing\n"
        assert f"error: the write would leave 1 violation in <{G}>: a label is missing" in run.err
        asked = econsec("query", "-l", here, "-q", f"ASK {{ <{EX}bad> ?p ?o }}", "-f", "json")
        assert json.loads(asked.out)["boolean"] is False
    assert load(econsec, files, "good.ttl").code == 0
    assert econsec("unprotect", G, "-l", here).code == 0
    assert load(econsec, files, "bad.ttl").code == 0


def test_a_long_report_says_that_it_is_cut(econsec: Command, files: Path, here: Path) -> None:
    assert econsec("protect", G, "--shapes", files / "shapes.ttl", "-l", here).code == 0
    many = "".join(f"<{EX}n{number}> a <{EX}Thing> .\n" for number in range(120))
    (files / "many.ttl").write_text(many)
    run = load(econsec, files, "many.ttl")
    assert (run.code, len(run.out.splitlines())) == (1, 100)
    assert "20 more are not shown" in run.err
    assert "120 violations" in run.err


def test_a_restored_backup_is_under_validation(econsec: Command, files: Path, here: Path) -> None:
    assert econsec("protect", G, "--shapes", files / "shapes.ttl", "-l", here).code == 0
    assert econsec("backup", files / "copy", "-l", here).code == 0
    assert econsec("restore", "--from", files / "copy", "-l", files / "there").code == 0
    listed = econsec("protect", "--list", "-l", files / "there", "-f", "json")
    assert [each["graph"] for each in json.loads(listed.out)["graphs"]] == [G]
    run = econsec("load", "-l", files / "there", "--graph", G, files / "bad.ttl")
    assert run.code == 1
    assert b"a label is missing" in run.out


def test_programs_are_told_as_json(econsec: Command, files: Path, here: Path) -> None:
    run = econsec("protect", G, "--shapes", files / "shapes.ttl", "-l", here, "-f", "json")
    assert (run.code, run.err) == (0, "")
    report = json.loads(run.out)
    assert report["counts"] == {"violation": 1, "warning": 1, "info": 0}
    assert {each["focusNode"] for each in report["results"]} == {f"<{EX}old>"}
    [setting] = json.loads(econsec("protect", "--list", "-l", here, "-f", "json").out)["graphs"]
    assert (setting["graph"], setting["profile"]) == (G, None)
    assert "minCount" in setting["shapes"]


@pytest.mark.parametrize("suffix", ["", "/", "/sparql"])
def test_a_server(econsec: Command, files: Path, server: str, suffix: str) -> None:
    remote = ("--endpoint", server + suffix, "--token-file", files / "tokens")
    run = econsec("protect", G, "--shapes", files / "shapes.ttl", *remote)
    assert run.code == 0, run.err
    assert sorted(run.out.decode().splitlines()) == [MISSING, ADVICE]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
    sent = {"params": {"graph": G}, "headers": headers}
    bad = (files / "bad.ttl").read_text()
    assert httpx.post(f"{server}/store", content=bad, **sent).status_code == 422
    listed = econsec("protect", "--list", "--endpoint", server + suffix)
    assert (listed.code, listed.out.decode()) == (0, f"{G}\t\town shapes\n")
    assert econsec("unprotect", G, *remote).code == 0
    assert econsec("protect", "--list", *remote).out == b""
    assert httpx.post(f"{server}/store", content=bad, **sent).status_code == 204


def test_what_a_server_refuses(econsec: Command, files: Path, server: str) -> None:
    at = ("--endpoint", server)
    profile = ("--profile", "designation")
    for tokens, said in (
        ((), "token"),
        (("--token-file", files / "wrong"), "token"),
    ):
        run = econsec("protect", G, *profile, *at, *tokens)
        assert (run.code, run.out) == (3, b"")
        assert said in run.err and server in run.err
        assert econsec("unprotect", G, *at, *tokens).code == 3
    may = (*at, "--token-file", files / "tokens")
    for graph, said in ((f"{EX}absent", "there is no graph"), ("relative", "relative")):
        run = econsec("protect", graph, *profile, *may)
        assert run.code == 3
        assert said in run.err
    run = econsec("protect", G, "--profile", "nonsense", *may)
    assert (run.code, "nonsense" in run.err) == (3, True)
    run = econsec("unprotect", G, *may)
    assert (run.code, "not under validation" in run.err) == (3, True)


@pytest.mark.parametrize("command", [("protect", G, "--profile", "all"), ("unprotect", G)])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "one data set"),
        (("-l", "{here}", "--endpoint", "http://127.0.0.1:9"), "one data set"),
        (("-l", "{here}", "--token-file", "{files}/tokens"), "one data set"),
        (("--endpoint", "localhost:8000"), "http://"),
    ],
)
def test_one_data_set_is_meant(
    econsec: Command,
    files: Path,
    here: Path,
    command: tuple[str, ...],
    given: tuple[str, ...],
    said: str,
) -> None:
    filled = [each.format(here=here, files=files) for each in given]
    run = econsec(*command, *filled)
    assert (run.code, run.out) == (2, b""), run.err
    assert said in run.err


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ((G,), 2, "--profile, --shapes or both"),
        (("--profile", "all"), 2, "name a graph"),
        ((G, "--profile", "nonsense"), 2, "nonsense"),
        ((G, "--profile", "all", "--list"), 2, "--list"),
        ((G, "--profile", "all", "-f", "csv"), 2, "csv"),
        (("relative", "--profile", "all"), 3, "relative"),
        ((f"{EX}absent", "--profile", "all"), 3, "there is no graph"),
        (("https://w3id.org/econsec/graph/void", "--profile", "all"), 3, "build"),
        ((G, "--shapes", "{files}/absent.ttl"), 3, "absent.ttl"),
        ((G, "--shapes", "{files}/broken.ttl"), 3, "broken.ttl:6:"),
        ((G, "--shapes", "{files}/misspelt.ttl"), 3, "minCuont"),
        ((G, "--shapes", "{files}/empty"), 3, "empty"),
        ((G, "--shapes", "{files}/old.ttl"), 3, "no targets"),
    ],
)
def test_what_cannot_be_put_under_validation(
    econsec: Command, files: Path, here: Path, given: tuple[str, ...], code: int, said: str
) -> None:
    (files / "broken.ttl").write_text(f"{SHAPES}:x :y oops .")
    (files / "misspelt.ttl").write_text(SHAPES.replace("sh:minCount", "sh:minCuont"))
    run = econsec("protect", "-l", here, *(each.format(files=files) for each in given))
    assert (run.code, run.out) == (code, b""), run.err
    assert run.err.startswith(("error:", "Usage"))
    assert said in run.err
    assert econsec("protect", "--list", "-l", here).out == b""


def test_a_graph_that_is_free_is_not_let_go(econsec: Command, here: Path) -> None:
    run = econsec("unprotect", G, "-l", here)
    assert (run.code, "not under validation" in run.err) == (3, True)
    assert econsec("unprotect", "relative", "-l", here).code == 3


@pytest.mark.parametrize("command", [("protect", "--list"), ("unprotect", G)])
def test_a_folder_without_a_data_set(
    econsec: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    run = econsec(*command, "-l", tmp_path / "nothing")
    assert (run.code, "no data set" in run.err) == (4, True)
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("absent", 4, "absent"), ("hashed", 3, "no token"), ("empty", 3, "no token")],
)
def test_a_file_without_a_token(
    econsec: Command, files: Path, name: str, code: int, said: str
) -> None:
    at = ("--endpoint", "http://127.0.0.1:9", "--token-file", files / name)
    run = econsec("protect", G, "--profile", "all", *at)
    assert (run.code, run.out) == (code, b""), run.err
    assert said in run.err and name in run.err


class _Other(BaseHTTPRequestHandler):
    """A server of somebody else's, which knows nothing of graphs under validation."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def do_DELETE(self) -> None:
        self.send_response(502)
        self.end_headers()
        self.wfile.write(b"no gateway")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


def test_a_server_that_is_not_there_or_another(econsec: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = econsec("protect", "--list", "--endpoint", f"http://127.0.0.1:{port}")
    assert (run.code, "does not answer" in run.err) == (4, True)
    with HTTPServer(("127.0.0.1", 0), _Other) as other:
        thread = Thread(target=other.serve_forever)
        thread.start()
        try:
            at = f"http://127.0.0.1:{other.server_port}"
            run = econsec("protect", "--list", "--endpoint", at)
            assert (run.code, "no JSON" in run.err) == (4, True), run.err
            run = econsec("unprotect", G, "--endpoint", at)
            assert (run.code, "502" in run.err) == (4, True), run.err
            run = econsec("protect", G, "--profile", "all", "--endpoint", at)
            assert (run.code, "501" in run.err) == (4, True), run.err
        finally:
            other.shutdown()
            thread.join()
