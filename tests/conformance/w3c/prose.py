"""The older tests of the Graph Store Protocol, which tell their requests in prose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from functools import cache
from pathlib import Path
from textwrap import dedent

from .exchange import Exchange

__all__ = ["Erratum", "conversation", "errata"]

_ERRATA = Path(__file__).resolve().parent.parent / "errata.toml"
_EXCHANGE = re.compile(r"#### Request\n(.*?)#### Response\n(.*?)(?=#### Request|\Z)", re.DOTALL)
_REQUEST = re.compile(r"([A-Z]+) (\S+) HTTP/1.1\Z")
_STATUS = re.compile(r"(\d{3})\b")
_ELLIPSIS = "..."


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip in a test, by its key: each `wrong` text is read as the `right` one."""

    test: str
    reason: str
    changes: tuple[tuple[str, str], ...]

    def corrected(self, text: str) -> str:
        """The text without the slip, which must be there."""
        for wrong, right in self.changes:
            assert wrong in text, f"{self.test}: {wrong!r} is not in the test"
            text = text.replace(wrong, right)
        return text


@cache
def errata() -> tuple[Erratum, ...]:
    """The slips that are known, in the order of their file."""
    listed = tomllib.loads(_ERRATA.read_text(encoding="utf-8"))["erratum"]
    return tuple(
        Erratum(
            each["test"],
            each["reason"],
            tuple((change["wrong"], change["right"]) for change in each["change"]),
        )
        for each in listed
    )


def conversation(comments: Iterable[str], *, key: str) -> Iterator[Exchange]:
    """The requests and responses that the comments of a test tell, if any of them does."""
    for comment in comments:
        text = comment
        for erratum in errata():
            if erratum.test == key and "#### Request" in text:
                text = erratum.corrected(text)
        for request, response in _EXCHANGE.findall(text):
            yield _exchange(_message(request), _message(response))


@dataclass(frozen=True, slots=True)
class _Message:
    start: str
    headers: Message
    body: str


def _message(block: str) -> _Message:
    head, _, body = dedent(block).strip("\n").partition("\n\n")
    start, _, headers = head.partition("\n")
    return _Message(start, Parser().parsestr(headers), body)


def _exchange(request: _Message, response: _Message) -> Exchange:
    parts = _REQUEST.match(request.start)
    status = _STATUS.match(response.start)
    assert parts is not None and status is not None, (request.start, response.start)
    headers = [(name, value) for name, value in request.headers.items() if name != "Host"]
    is_form = request.headers.get_content_maintype() == "multipart"
    body = request.body.replace("\n", "\r\n") + "\r\n" if is_form else request.body
    return Exchange(
        method=parts[1],
        path=parts[2],
        statuses=frozenset({status[1]}),
        headers=tuple(headers),
        body=body.encode() if request.body else None,
        content_type=response.headers.get("Content-Type"),
        content=response.body or None,
        location=response.headers.get("Location"),
    )
