"""Who asks, directly and behind proxies, and that nobody can pass for another."""

from __future__ import annotations

import pytest

from econsec.errors import UsageError
from econsec.service.clients import Clients

PROXIES = "10.0.0.0/8, fd00::/8"


def forwarded(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", value.encode()) for value in values]


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "local"),
        ("a socket", "local"),
    ],
)
def test_without_proxies_the_peer_is_the_client(peer: str | None, client: str) -> None:
    spoofed = [*forwarded("198.51.100.1"), (b"forwarded", b"for=198.51.100.1")]
    assert Clients().identify(peer, spoofed) == client


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        (["198.51.100.7:4711"], "198.51.100.7"),
        (["[2001:db8::7]:4711"], "2001:db8::/64"),
        (["2001:db8::7"], "2001:db8::/64"),
        (["198.51.100.7, 10.9.9.9, ::ffff:10.1.2.3"], "198.51.100.7"),
        (["203.0.113.9, unknown"], "10.0.0.1"),
        (["203.0.113.9, unknown, 10.1.2.3"], "10.1.2.3"),
        (["203.0.113.9, "], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["10.1.2.3"], "10.1.2.3"),
    ],
)
def test_behind_trusted_networks_it_is_the_first_stranger_from_the_right(
    values: list[str], client: str
) -> None:
    assert Clients(PROXIES).identify("10.0.0.1", forwarded(*values)) == client


def test_a_stranger_is_not_believed() -> None:
    assert Clients(PROXIES).identify("192.0.2.1", forwarded("198.51.100.7")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("count", "values", "client"),
    [
        ("1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("2", ["203.0.113.9, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        ("2", ["203.0.113.9, unknown, 10.1.2.3"], "10.1.2.3"),
        ("3", ["198.51.100.7"], "198.51.100.7"),
        ("1", [], "10.0.0.1"),
        ("0", ["198.51.100.7"], "10.0.0.1"),
    ],
)
def test_behind_a_number_of_proxies_it_is_who_the_outermost_saw(
    count: str, values: list[str], client: str
) -> None:
    assert Clients(count).identify("10.0.0.1", forwarded(*values)) == client


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("for=198.51.100.7", "198.51.100.7"),
        ("For=203.0.113.9;by=10.0.0.1, proto=http;FOR=198.51.100.7;by=10.0.0.1", "198.51.100.7"),
        ('for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::/64"),
        ('for="198.51.100.7:80", for=10.1.2.3', "198.51.100.7"),
        ("for=203.0.113.9, for=_hidden", "10.0.0.1"),
        ("for=203.0.113.9, proto=https", "10.0.0.1"),
        ("for=203.0.113.9;for=203.0.113.8", "10.0.0.1"),
        # A quote that the client opens does not hide what the proxy appends.
        ('for="203.0.113.9, for=198.51.100.7', "198.51.100.7"),
    ],
)
def test_forwarded_is_read_as_rfc_7239_says(value: str, client: str) -> None:
    clients = Clients(PROXIES, header="Forwarded")
    assert clients.identify("10.0.0.1", [(b"forwarded", value.encode())]) == client


def test_only_the_header_that_the_proxies_write_is_read() -> None:
    spoofed = (b"forwarded", b"for=203.0.113.9")
    headers = [spoofed, *forwarded("198.51.100.7"), spoofed]
    assert Clients(PROXIES).identify("10.0.0.1", headers) == "198.51.100.7"


def test_garbage_is_no_error() -> None:
    headers = [(b"x-forwarded-for", bytes(range(128, 256)))]
    assert Clients(PROXIES).identify("10.0.0.1", headers) == "10.0.0.1"


@pytest.mark.parametrize("trusted", ["many", "10.0.0.1/8", "-1"])
def test_a_bad_setting_is_an_error(trusted: str) -> None:
    with pytest.raises(UsageError, match="trusted proxies"):
        Clients(trusted)


def test_a_header_that_no_proxy_writes_is_an_error() -> None:
    with pytest.raises(UsageError, match="x-forwarded-for"):
        Clients("1", header="x-real-ip")
