"""`/protection` of a server that nobody can write to."""

from __future__ import annotations

import httpx
import pytest

from econsec.engine.backends import read_only


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_it_is_refused_where_nobody_may_write(client: httpx.Client, method: str) -> None:
    fields = {"graph": "http://example.org/one", "profile": "designation"}
    token = {"Authorization": "Bearer a-token-for-tests-0123456789abcdef"}
    for headers in ({}, token):
        answer = client.request(method, "/protection", params=fields, headers=headers)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == read_only().detail
        assert answer.json()["remedy"] == read_only().remedy


def test_nothing_is_under_validation(client: httpx.Client) -> None:
    assert client.get("/protection").json() == {"graphs": []}
    answer = client.get("/protection", params={"graph": "http://example.org/one"})
    assert (answer.status_code, answer.json()["title"]) == (404, "There is no such graph")
    assert client.get("/protection", params={"graph": "one"}).status_code == 400
