"""The URL of a request, as its client knows it."""

from __future__ import annotations

import pytest
from fastapi import Request

from econsec.errors import InvalidInput
from econsec.settings import Settings
from econsec.web.address import own_url


def request(host: str | None, raw_path: bytes = b"/store/%C3%A9") -> Request:
    headers = [] if host is None else [(b"host", host.encode())]
    return Request(
        {
            "type": "http",
            "scheme": "http",
            "path": "/store/é",
            "raw_path": raw_path,
            "query_string": b"a=b",
            "headers": headers,
        }
    )


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        ("", "http://example.org:8000/store/%C3%A9"),
        ("https://data.example.org", "https://data.example.org/store/%C3%A9"),
        ("https://example.org/kg/", "https://example.org/kg/store/%C3%A9"),
    ],
)
def test_it_is_the_one_that_was_sent_to(public_url: str, expected: str) -> None:
    settings = Settings(public_url=public_url)
    assert own_url(request("example.org:8000"), settings) == expected


def test_a_query_in_the_raw_path_is_none_of_it() -> None:
    assert own_url(request("e.org", b"/store/x?y"), Settings()) == "http://e.org/store/x"


@pytest.mark.parametrize("host", [None, "", "e.org/x", "a@e.org", "e.org#", "e org", "<e.org>"])
def test_a_host_that_is_none_is_refused(host: str | None) -> None:
    with pytest.raises(InvalidInput, match="names no host"):
        own_url(request(host), Settings())
