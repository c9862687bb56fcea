"""A client that knows whether it was answered, refused, or left without an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

__all__ = ["JSON", "TOKEN", "Answer", "Broken", "Client", "Unreached"]

TOKEN = "a-token-for-tests-0123456789abcdef"
JSON = "application/sparql-results+json"
_SELF = "127.0.0.1"


class Broken(Exception):
    """The request was sent, and no whole answer came."""


class Unreached(Exception):
    """There was no connection: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether what was asked was done."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    def rows(self) -> list[dict[str, str]]:
        """The rows of a result in JSON, the values as they are written."""
        assert self.status == 200, self.body
        return [
            {name: term["value"] for name, term in row.items()}
            for row in self.json()["results"]["bindings"]
        ]


class Client:
    """Asks each time on a new connection, from an address (all of 127/8 are ours) of its own."""

    def __init__(
        self, port: int, *, address: str = _SELF, token: str | None = TOKEN, seconds: float = 60
    ) -> None:
        self._port = port
        self._address = address
        self._seconds = seconds
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def send(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask anything. Raises `Broken` and `Unreached`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(
            _SELF, self._port, timeout=self._seconds, source_address=(self._address, 0)
        )
        try:
            connection.connect()
        except OSError as error:
            raise Unreached from error
        try:
            connection.request(method, target, body, {**self._headers, **named})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, HTTPException) as error:
            raise Broken(str(error)) from error
        finally:
            connection.close()

    def query(self, text: str, *, accept: str = JSON, **parameters: str) -> Answer:
        """Ask a query."""
        body = urlencode({"query": text, **parameters}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", "/sparql", body, Content_Type=kind, Accept=accept)

    def update(self, text: str) -> Answer:
        """Ask for a change."""
        kind = "application/sparql-update"
        return self.send("POST", "/update", text.encode(), Content_Type=kind)

    def put(self, graph: str, lines: str) -> Answer:
        """Replace a graph by N-Triples."""
        target = f"/store?{urlencode({'graph': graph})}"
        return self.send("PUT", target, lines.encode(), Content_Type="application/n-triples")

    def is_ready(self) -> bool:
        """Whether the service says so."""
        try:
            return self.send("GET", "/health/ready").status == 200
        except (Broken, Unreached):
            return False
