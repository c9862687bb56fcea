"""The lines of the access log, and that nothing in them can be forged."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from econsec.web.access_log import AccessLog
from econsec.web.client_names import ClientNames
from econsec.web.log_lines import JsonLines, TextLines, configure
from econsec.web.observing import Observation

FORGED = 'x\n{"time":"now"}\r\x85\u2028\x1b[31m\x7f\u202eevil\u2066\ufeff"'
STATE = {
    "request_id": "abc",
    "client": "192.0.2.1",
    "query_hash": "00ff",
    "query_text": "SELECT 輸出 " + "x" * 300,
    "agent": "alice",
    "commit": 12,
}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the service logs, in place of pytest's own handlers."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield io.StringIO()
    root.handlers = handlers
    root.setLevel(level)


def observation(status: int | None = 200, outcome: str = "2xx", **state: Any) -> Observation:
    return Observation(
        method="GET",
        route="/sparql",
        status=status,
        outcome=outcome,
        seconds=0.0123456789,
        bytes_sent=42,
        state={**STATE, **state},
    )


def line(stream: io.StringIO) -> dict[str, Any]:
    (text,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_request_is_one_object(stream: io.StringIO) -> None:
    configure("json", stream=stream)
    AccessLog(client="address")(observation())
    found = line(stream)
    assert found.pop("time").endswith("Z")
    assert found == {
        "level": "INFO",
        "logger": "econsec.access",
        "requestId": "abc",
        "method": "GET",
        "route": "/sparql",
        "status": 200,
        "seconds": 0.012346,
        "bytes": 42,
        "outcome": "ok",
        "client": "192.0.2.1",
        "agent": "alice",
        "commit": 12,
        "queryHash": "00ff",
    }


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (observation(304, "3xx"), "ok"),
        (observation(400, "4xx", problem="InvalidInput"), "InvalidInput"),
        (observation(404, "4xx"), "404"),
        (observation(200, "aborted", problem="DeadlineExceeded"), "aborted"),
        (observation(None, "aborted"), "aborted"),
    ],
)
def test_the_outcome_says_how_it_ended(
    stream: io.StringIO, seen: Observation, outcome: str
) -> None:
    configure("json", stream=stream)
    AccessLog()(seen)
    assert line(stream)["outcome"] == outcome


def test_the_text_of_a_query_is_written_on_request_and_shortened(stream: io.StringIO) -> None:
    configure("json", stream=stream)
    AccessLog(query_text=True)(observation())
    assert line(stream)["query"] == STATE["query_text"][:200] + "…"  # type: ignore[index]


def test_a_client_is_a_hash_of_this_process_or_nothing(stream: io.StringIO) -> None:
    names, others = ClientNames("hash"), ClientNames("hash")
    assert names("192.0.2.1") == names("192.0.2.1")
    assert names("192.0.2.1") != names("192.0.2.2")
    assert names("192.0.2.1") != others("192.0.2.1")
    assert ClientNames("none")("192.0.2.1") is None
    configure("json", stream=stream)
    AccessLog()(observation())
    assert "192.0.2.1" not in stream.getvalue()


@pytest.mark.parametrize("format", ["json", "text"])
def test_no_text_can_forge_a_line(stream: io.StringIO, format: Any) -> None:
    configure(format, stream=stream)
    logging.getLogger("econsec").warning("a request said %s", FORGED)
    AccessLog(query_text=True, client="address")(
        observation(query_text=FORGED, client=FORGED, request_id=FORGED)
    )
    written = stream.getvalue()
    assert written.count("\n") == 2
    assert len(written.splitlines()) == 2
    assert not any(character in written for character in "\r\x85\u2028\x1b\x7f\u202e\u2066\ufeff")
    if format == "json":
        said, accessed = map(json.loads, written.splitlines())
        assert said["message"] == f"a request said {FORGED}"
        assert accessed["query"] == FORGED


@pytest.mark.parametrize("lines", [JsonLines(), TextLines()])
def test_an_exception_stays_with_its_line(lines: logging.Formatter) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("econsec", logging.ERROR, "", 1, "it failed", None, info)
    first, *rest = lines.format(record).splitlines()
    assert "it failed" in first
    assert all(line.startswith("    ") for line in rest)
    assert "ValueError" in first + "".join(rest)
    assert "\u202e" not in first + "".join(rest)


def test_text_keeps_what_people_read() -> None:
    record = logging.LogRecord("econsec", logging.INFO, "", 1, "輸出禁止 é", None, None)
    assert TextLines().format(record).endswith(" INFO econsec: 輸出禁止 é")
