"""The server as a process: how it ends on signals while a request is in progress."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

Start = Callable[..., tuple["subprocess.Popen[str]", int]]
Connect = Callable[[int], socket.socket]

PROGRAM = """
import asyncio, sys
from econsec.settings import Settings
from econsec.web.server import Ending, serve

ready = True

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                print("closed", flush=True)
                return
    started = {"type": "http.response.start", "status": 200 if ready else 503, "headers": []}
    await send(started)
    if scope["path"] == "/slow":
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await asyncio.sleep(float(sys.argv[1]))
    await send({"type": "http.response.body", "body": b"done"})

def unready():
    global ready
    ready = False
    print("signalled", flush=True)

serve(
    app, Settings(port=0), lambda address: print(address.port, flush=True),
    ending=Ending(unready_seconds=float(sys.argv[2]), drain_seconds=float(sys.argv[3]),
                  on_signal=unready),
)
"""


@pytest.fixture
def start() -> Iterator[Start]:
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: float) -> tuple[subprocess.Popen[str], int]:
        command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as clients:
        yield lambda port: clients.enter_context(
            socket.create_connection(("127.0.0.1", port), timeout=10)
        )


def ask(client: socket.socket, path: bytes) -> None:
    client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")


def head_of(client: socket.socket) -> bytes:
    ask(client, b"/")
    return client.recv(65_536)


def everything(client: socket.socket) -> bytes:
    received = b""
    while piece := client.recv(65_536):
        received += piece
    return received


def begin(client: socket.socket) -> socket.socket:
    """Ask, and wait until the answer has begun."""
    ask(client, b"/slow")
    received = b""
    while b"begun" not in received:
        received += client.recv(65_536)
    return client


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_progress_ends_and_idle_connections_do_not_delay(
    start: Start, connect: Connect, number: signal.Signals
) -> None:
    process, port = start(0.8, 0, 5)
    idle = connect(port)
    client = begin(connect(port))
    process.send_signal(number)
    assert everything(client).endswith(b"4\r\ndone\r\n0\r\n\r\n")
    assert everything(idle) == b""
    out, _ = process.communicate(timeout=5)
    assert (process.returncode, out) == (0, "signalled\nclosed\n")


def test_it_says_that_it_is_not_ready_before_it_stops_listening(
    start: Start, connect: Connect
) -> None:
    process, port = start(0, 0.8, 5)
    assert head_of(connect(port)).startswith(b"HTTP/1.1 200")
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "signalled\n"
    assert head_of(connect(port)).startswith(b"HTTP/1.1 503")
    process.communicate(timeout=5)
    assert process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        connect(port)


def test_after_the_deadline_an_answer_is_cut_and_does_not_look_whole(
    start: Start, connect: Connect
) -> None:
    process, port = start(60, 0, 0.5)
    client = begin(connect(port))
    started = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    assert b"0\r\n\r\n" not in everything(client)
    out, _ = process.communicate(timeout=5)
    assert time.perf_counter() - started < 4
    assert (process.returncode, out) == (0, "signalled\nclosed\n")


def test_a_second_signal_ends_at_once(start: Start, connect: Connect) -> None:
    process, port = start(60, 0, 30)
    begin(connect(port))
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "signalled\n"
    started = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert time.perf_counter() - started < 2
    assert process.returncode == 128 + signal.SIGTERM


def test_a_request_that_is_being_sent_when_the_signal_comes_is_answered(
    start: Start, connect: Connect
) -> None:
    process, port = start(0, 0, 5)
    client = connect(port)
    client.sendall(b"GET / HTT")
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "signalled\n"
    time.sleep(0.3)
    client.sendall(b"P/1.1\r\nHost: x\r\n\r\n")
    answer = everything(client)
    assert b"connection: close" in answer
    assert answer.endswith(b"done\r\n0\r\n\r\n")
    process.communicate(timeout=5)
    assert process.returncode == 0


def test_nothing_is_said_on_standard_error(start: Start) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "0", "0", "1"], stdout=subprocess.PIPE, stderr=writing
    )
    os.close(writing)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert select.select([reading], [], [], 0)[0] == [reading]
    assert os.read(reading, 1) == b""
    os.close(reading)
