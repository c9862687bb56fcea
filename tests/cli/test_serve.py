"""`econsec serve` as a process: what it announces, and how it ends."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import httpx
import pytest

Start = Callable[..., Any]


def address(announced: str) -> str:
    match = re.search(r"http://127\.0\.0\.1:[1-9][0-9]*", announced)
    assert match is not None, announced
    return match[0]


def test_it_says_where_it_listens_when_it_listens(announced: str) -> None:
    assert httpx.get(f"{address(announced)}/health/ready").json() == {"status": "ready"}


def test_the_curl_that_it_prints_answers(announced: str) -> None:
    program, url, _, header, _, data = shlex.split(announced.splitlines()[-1])
    name, _, value = header.partition(": ")
    query = {"query": data.removeprefix("query=")}
    response = httpx.post(url, headers={name: value}, data=query)
    assert program == "curl"
    assert response.text.split() == [
        "class,things",
        "https://w3id.org/econsec/ontology#ExportBan,1",
    ]


def test_a_long_query_fits_into_a_url(announced: str) -> None:
    text = "ASK { ?s ?p '" + "輸" * 20_000 + "' }"
    with urlopen(f"{address(announced)}/sparql?{urlencode({'query': text})}") as response:
        assert json.load(response) == {"head": {}, "boolean": False}


def test_an_answer_does_not_wait_for_an_acknowledgement(announced: str) -> None:
    # With Nagle's algorithm, each answer but the first few would wait for 40 ms.
    connection = HTTPConnection(address(announced).removeprefix("http://"))
    seconds = []
    for _ in range(50):
        started = time.perf_counter()
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        connection.getresponse().read()
        seconds.append(time.perf_counter() - started)
    connection.close()
    assert min(seconds[25:]) < 0.03


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_a_normal_end(
    start: Start, announcement: Callable[[Any], str], location: Path, number: signal.Signals
) -> None:
    process = start("serve", "--port", "0", "-l", location)
    httpx.get(f"{address(announcement(process))}/health/live")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    (line,) = err.splitlines()
    assert " INFO econsec.access: GET /health/live 200 17 B " in line


def test_options_win_over_the_environment(
    start: Start,
    announcement: Callable[[Any], str],
    location: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ECONSEC_PORT", "1")
    monkeypatch.setenv("ECONSEC_MAX_NESTING", "2")
    said = announcement(start("serve", "--port", "0", "-l", location))
    response = httpx.post(f"{address(said)}/sparql", data={"query": "ASK {{{}}}"})
    assert (response.status_code, response.json()["limit"]) == (400, "max_nesting")


def test_a_port_in_use_is_an_error_without_a_trace(econsec: Start, location: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = econsec("serve", "--port", port, "-l", location)
    assert (run.code, run.out) == (4, b"")
    assert run.err == (
        f"error: cannot listen on 127.0.0.1 port {port}: Address already in use "
        "(choose another address with --host and --port)\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "no.such.host.invalid", "a" * 70])
def test_a_host_that_is_not_ours_is_an_error(econsec: Start, location: Path, host: str) -> None:
    run = econsec("serve", "--host", host, "--port", "0", "-l", location)
    assert (run.code, run.out) == (4, b"")
    assert f"cannot listen on {host} port 0: " in run.err


def test_without_a_data_set_nothing_is_served(econsec: Start, tmp_path: Path) -> None:
    run = econsec("serve", "--port", "0", "-l", tmp_path)
    assert (run.code, run.out) == (4, b"")
    assert "holds no data set" in run.err
