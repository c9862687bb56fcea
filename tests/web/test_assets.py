"""`/static`: the built scripts and styles."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers

from econsec.web import assets, problems
from econsec.web.assets import Assets

SCRIPT = "console.log('輸出禁止');" * 50
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two built files, a chunk, and a text whose name does not change."""
    built = tmp_path / "static"
    (built / "chunks").mkdir(parents=True)
    (built / "editor-5KQ2ABCD.js").write_text(SCRIPT)
    (built / "style-77AB12CD.css").write_text("p { color: red }")
    (built / "chunks" / "network-AAAA1111.js").write_text(SCRIPT)
    (built / "THIRD_PARTY_LICENSES.txt").write_text("MIT")
    names = {"editor.js": "editor-5KQ2ABCD.js", "style.css": "style-77AB12CD.css"}
    (built / "manifest.json").write_text(json.dumps(names))
    (tmp_path / "secret.txt").write_text("secret")
    return built


@dataclass
class Answer:
    status: int
    headers: Headers
    content: bytes


Asker = Callable[..., Answer]


@pytest.fixture
def ask(folder: Path) -> Asker:
    """`ask(path, method, accepts)`: a path as it is sent, which clients would tidy up."""
    app = FastAPI()
    problems.install(app)
    assets.install(app, Assets.read(folder))

    def run(path: str, *, method: str = "GET", accepts: str | None = None) -> Answer:
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": unquote(f"/static/{path}"),
            "query_string": b"",
            "headers": [] if accepts is None else [(b"accept-encoding", accepts.encode())],
            "state": {"request_id": "x"},
        }
        asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
        body = b"".join(each.get("body", b"") for each in messages)
        return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), body)

    return run


def test_a_hashed_file_is_kept_for_ever(ask: Asker) -> None:
    for name in ("editor-5KQ2ABCD.js", "chunks/network-AAAA1111.js"):
        answer = ask(name)
        assert answer.content.decode() == SCRIPT
        assert answer.headers["Cache-Control"] == FOREVER
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_file_whose_name_stays_is_asked_for_again(ask: Asker) -> None:
    answer = ask("THIRD_PARTY_LICENSES.txt")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_it_is_packed_for_who_takes_it(ask: Asker) -> None:
    packed = ask("editor-5KQ2ABCD.js", accepts="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content).decode() == SCRIPT
    plain = ask("editor-5KQ2ABCD.js", accepts="gzip;q=0")
    assert "Content-Encoding" not in plain.headers
    assert plain.content.decode() == SCRIPT


def test_head_is_get_without_a_body(ask: Asker) -> None:
    got, head = ask("style-77AB12CD.css"), ask("style-77AB12CD.css", method="HEAD")
    assert head.status == 200
    assert head.headers == got.headers


@pytest.mark.parametrize(
    "path",
    [
        "editor.js",
        "manifest.json",
        "nothing-12345678.js",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "chunks/../../secret.txt",
        "chunks%2f..%2f..%2fsecret.txt",
        "/etc/passwd",
        "",
        "chunks",
    ],
)
def test_what_was_not_built_is_not_there(ask: Asker, path: str) -> None:
    assert ask(path).status == 404


def test_where_nothing_was_built_the_pages_are_plain(tmp_path: Path) -> None:
    nothing = Assets.read(tmp_path)
    assert (dict(nothing.names), dict(nothing.files)) == ({}, {})
