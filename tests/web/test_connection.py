"""What a connection does with clients that are slow, greedy or rude, and with broken answers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, IncompleteRead
from typing import Any

import httptools
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse

from econsec.web.connection import connections
from econsec.web.limits import ConnectionLimits

FAST = ConnectionLimits(
    connections=50,
    target_bytes=4_000,
    header_bytes=8_000,
    headers=50,
    pipelined=4,
    head_seconds=0.4,
    body_seconds=0.4,
    body_bytes_per_second=10_000,
    send_seconds=0.4,
    keep_alive_seconds=0.4,
    linger_seconds=0.5,
)
HEAD = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with what it got; some paths behave badly."""
    if scope["type"] != "http":
        return
    request = Request(scope, receive)
    path = scope["path"]
    if path == "/slow":
        await asyncio.sleep(0.6)
    if path in {"/chunks", "/length"}:
        await broken(send, length=path == "/length", returns="return" in request.url.query)
    elif path == "/endless":
        await StreamingResponse(endless())(scope, receive, send)
    elif path == "/early":
        await PlainTextResponse("too large", status_code=413)(scope, receive, send)
    elif path == "/stream":
        await StreamingResponse(iter(["a" * 1_000, "b"]))(scope, receive, send)
    elif path == "/fails":
        raise LookupError("a secret")
    else:
        said = {"path": path, "size": len(await request.body()), "names": request.headers.keys()}
        await PlainTextResponse(json.dumps(said))(scope, receive, send)


async def broken(send: Any, *, length: bool, returns: bool) -> None:
    headers = [(b"content-length", b"2000000")] if length else []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
    if not returns:
        raise RuntimeError("the rest is lost")


async def endless() -> Any:
    while True:
        yield b"x" * 100_000


@contextmanager
def serving(limits: ConnectionLimits, on_refusal: Callable[[str], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        http: Any = connections(limits, on_refusal=on_refusal)
        config = uvicorn.Config(
            app, http=http, loop="uvloop", ws="none", log_config=None, timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server does not start"
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def refusals() -> list[str]:
    return []


@pytest.fixture
def port(refusals: list[str]) -> Iterator[int]:
    with serving(FAST, refusals.append) as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        yield client


def everything(client: socket.socket) -> bytes:
    """What comes until the server closes."""
    received = b""
    while piece := client.recv(65_536):
        received += piece
    return received


def problem(answer: bytes, *, status: int) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    found: dict[str, Any] = json.loads(body)
    assert found["status"] == status
    assert f"x-request-id: {found['requestId']}".encode() in head
    return found


def test_the_parser_has_no_limits_of_its_own() -> None:
    # Should it get some, this class may become smaller.
    class Counter:
        headers = 0

        def on_header(self, name: bytes, value: bytes) -> None:
            self.headers += 1

    counter = Counter()
    parser = httptools.HttpRequestParser(counter)
    parser.feed_data(b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + b"a: b\r\n" * 10_000)
    assert counter.headers == 9_999


@pytest.mark.parametrize(
    "dribbled", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 500]
)
def test_a_dribbled_head_is_refused(
    client: socket.socket, refusals: list[str], dribbled: bytes
) -> None:
    started = time.perf_counter()
    client.settimeout(0.05)
    for byte in dribbled:
        client.sendall(bytes([byte]))
        try:
            answer = client.recv(1)
            break
        except TimeoutError:
            continue
    else:
        client.settimeout(5)
        answer = client.recv(1)
    assert time.perf_counter() - started == pytest.approx(0.5, abs=0.3)
    assert problem(answer + everything(client), status=408)["limit"] == "head_seconds"
    assert refusals == ["head_timeout"]


def test_a_connection_that_says_nothing_is_closed_in_silence(client: socket.socket) -> None:
    started = time.perf_counter()
    assert everything(client) == b""
    assert time.perf_counter() - started < 1.5


def test_a_dribbled_body_is_refused(client: socket.socket, refusals: list[str]) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    client.settimeout(0.05)
    answer = b""
    for _ in range(40):
        client.sendall(b"x")
        try:
            answer = client.recv(1)
            break
        except TimeoutError:
            continue
    assert problem(answer + everything(client), status=408)["limit"] == "body_seconds"
    assert refusals == ["body_timeout"]


def test_a_body_that_keeps_its_pace_may_take_longer(client: socket.socket) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n")
    for _ in range(20):
        client.sendall(b"x" * 2_000)
        time.sleep(0.05)
    assert b'"size": 40000' in client.recv(65_536)


def test_a_client_that_awaits_100_continue_is_not_late(client: socket.socket) -> None:
    client.sendall(
        b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    assert client.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(b"ab")
    assert b'"size": 2' in client.recv(65_536)


@pytest.mark.parametrize(
    ("request_", "status", "reason"),
    [
        (b"GET /" + b"a" * 4_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "target_too_long"),
        (b"GET /" + b"a" * 5_000_000, 414, "target_too_long"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 8_000 + b"\r\n\r\n", 431, None),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 5_000_000, 431, None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 50 + b"\r\n", 431, None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 10_000 + b"\r\n", 431, None),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "malformed"),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "malformed",
        ),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "version"),
        (b"GET /\r\n\r\n", 505, "version"),
        (b"\x16\x03\x01\x02\x00", 400, "malformed"),
        (b"GET a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed"),
    ],
)
def test_a_bad_head_is_a_problem(
    client: socket.socket, refusals: list[str], request_: bytes, status: int, reason: str | None
) -> None:
    def send() -> None:
        with suppress(OSError):
            client.sendall(request_)

    sender = threading.Thread(target=send)
    sender.start()
    problem(everything(client), status=status)
    client.close()
    sender.join()
    assert refusals == [reason or "headers_too_large"]


def test_a_head_just_within_the_limits_is_taken(client: socket.socket) -> None:
    headers = b"a: b\r\n" * 48 + b"c: " + b"d" * (8_000 - 48 * 2 - 5 - 1) + b"\r\n"
    client.sendall(b"GET /" + b"a" * 3_999 + b" HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
    assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_trailer_is_no_header(client: socket.socket) -> None:
    client.sendall(
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
        + b"Authorization: Bearer x\r\n" * 1_000
        + b"\r\n"
    )
    answer = client.recv(65_536)
    assert b'"size": 2' in answer
    assert b"authorization" not in answer


def test_a_connection_is_used_again_and_closed_when_idle(client: socket.socket) -> None:
    for _ in range(3):
        client.sendall(HEAD % b"/one")
        assert b'"path": "/one"' in client.recv(65_536)
        time.sleep(0.2)
    started = time.perf_counter()
    assert everything(client) == b""
    assert time.perf_counter() - started < 1


def test_pipelined_requests_are_answered_in_order(client: socket.socket) -> None:
    client.sendall(HEAD % b"/slow" + HEAD % b"/two" + b"GET /three HTTP/1.0\r\n\r\n")
    answers = everything(client)
    assert answers.count(b"HTTP/1.1 200") == 3
    assert answers.index(b'"/slow"') < answers.index(b'"/two"') < answers.index(b'"/three"')


def test_too_many_pipelined_requests_are_refused_after_those_that_were_taken(
    client: socket.socket, refusals: list[str]
) -> None:
    client.sendall(HEAD % b"/slow" * 100)
    answers = everything(client)
    assert answers.count(b"HTTP/1.1 200") == 5
    problem(answers[answers.index(b"HTTP/1.1 503") :], status=503)
    assert refusals == ["pipelined"]


def test_a_refusal_never_stands_within_another_answer(client: socket.socket) -> None:
    client.sendall(HEAD % b"/slow" + b"nonsense\r\n\r\n")
    answers = everything(client)
    assert answers.startswith(b"HTTP/1.1 200")
    problem(answers[answers.index(b"HTTP/1.1 400") :], status=400)


def test_a_broken_body_is_refused_while_it_is_awaited(client: socket.socket) -> None:
    client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n")
    problem(everything(client), status=400)


def test_an_early_answer_arrives_though_the_body_is_not_read(client: socket.socket) -> None:
    client.sendall(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n")
    client.sendall(b"x" * 1_000_000)
    answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert answer.endswith(b"too large")


def test_an_upgrade_is_not_taken_and_does_no_harm(client: socket.socket) -> None:
    upgrade = b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    client.sendall(upgrade + HEAD % b"/b")
    answers = b""
    while answers.count(b"HTTP/1.1 200") < 2 or b"/b" not in answers:
        answers += client.recv(65_536)
    assert answers.index(b'"/a"') < answers.index(b'"/b"')
    client.sendall(upgrade)
    assert b'"/a"' in client.recv(65_536)


@pytest.mark.parametrize("path", ["/chunks", "/length", "/chunks?return", "/length?return"])
def test_an_answer_that_breaks_off_is_an_incomplete_transfer(
    port: int, refusals: list[str], path: str
) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises((IncompleteRead, ConnectionResetError)):
        response.read()
    connection.close()
    assert refusals == ["cut"]


def test_an_answer_that_breaks_off_resets_a_connection_of_http_1_0(client: socket.socket) -> None:
    client.sendall(b"GET /chunks HTTP/1.0\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        everything(client)


def test_http_1_0_gets_no_chunks(client: socket.socket) -> None:
    client.sendall(b"GET /stream HTTP/1.0\r\n\r\n")
    head, _, body = everything(client).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert body == b"a" * 1_000 + b"b"


def test_a_failure_before_the_answer_is_a_problem_without_its_cause(client: socket.socket) -> None:
    client.sendall(HEAD % b"/fails")
    answer = everything(client)
    problem(answer, status=500)
    assert b"secret" not in answer


def test_a_client_that_does_not_read_is_cut_off(port: int, refusals: list[str]) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.sendall(HEAD % b"/endless")
        wait_until(lambda: "slow_reader" in refusals)
        client.settimeout(5)
        with pytest.raises(ConnectionResetError):
            everything(client)


def test_a_client_that_reads_slowly_but_steadily_is_served(port: int, refusals: list[str]) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.settimeout(5)
        client.sendall(HEAD % b"/endless")
        for _ in range(30):
            for _ in range(20):
                assert client.recv(16_384)
            time.sleep(0.05)
    assert "slow_reader" not in refusals


def test_the_connection_that_waits_longest_makes_room(port: int) -> None:
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(50)]
    time.sleep(0.1)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(HEAD % b"/new")
        assert b'"path": "/new"' in client.recv(65_536)
    assert waiting[0].recv(1) == b""
    waiting[-1].sendall(HEAD % b"/last")
    assert b'"path": "/last"' in waiting[-1].recv(65_536)
    for one in waiting:
        one.close()


def test_with_all_connections_at_work_a_new_one_is_refused(port: int, refusals: list[str]) -> None:
    busy = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(50)]
    for one in busy:
        one.sendall(HEAD % b"/slow")
    time.sleep(0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(HEAD % b"/new")
        assert problem(everything(client), status=503)["retryable"] is True
    for one in busy:
        assert b'"path": "/slow"' in one.recv(65_536)
        one.close()
    assert refusals == ["connections"]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
