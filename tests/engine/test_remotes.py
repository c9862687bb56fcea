"""Which endpoints are allowed."""

from __future__ import annotations

import pytest

from econsec.engine.remotes import AllowList, Remote
from econsec.engine.tokens import Place
from econsec.errors import UsageError

HERE = Place(1, 1)


def admitted(prefixes: str, target: str, keyword: str = "SERVICE") -> bool:
    return AllowList(prefixes).admits(Remote(keyword, target, HERE))


@pytest.mark.parametrize(
    ("prefixes", "target", "admits"),
    [
        ("https://a.example/sparql", "<https://a.example/sparql>", True),
        ("https://a.example/sparql", "<https://a.example/sparql?x=1>", True),
        ("https://a.example", "<https://a.example/any>", True),
        ("https://b.example, https://a.example", "<https://a.example/any>", True),
        ("https://a.example", "<https://a.example>", False),
        ("https://a.example", "<https://a.example.evil.example/>", False),
        ("https://a.example", "<https://a.example@evil.example/>", False),
        ("https://a.example:8443/", "<https://a.example/>", False),
        ("https://a.example/x/", "<https://a.example/x/../y>", False),
        ("https://a.example/x/", "<https://a.example/x/%2e%2E/y>", False),
        ("https://a.example/x/", "<https://a.example/x/..>", False),
        ("https://a.example/x/", "<https://a.example/x/a..b>", True),
        ("https://a.example", "<http://a.example/any>", False),
        ("https://a.example", "?where", False),
        ("https://a.example", "", False),
        ("", "<https://a.example/any>", False),
    ],
)
def test_an_endpoint_begins_as_one_that_is_allowed(
    prefixes: str, target: str, admits: bool
) -> None:
    assert admitted(prefixes, target) is admits


def test_nothing_is_ever_loaded() -> None:
    assert not admitted("https://a.example", "<https://a.example/x>", keyword="LOAD")


@pytest.mark.parametrize("prefix", ["a.example", "ftp://a.example", "https://", "https://u@a.b/"])
def test_what_is_no_beginning_of_an_endpoint_is_an_error(prefix: str) -> None:
    with pytest.raises(UsageError, match="no beginning"):
        AllowList(prefix)
