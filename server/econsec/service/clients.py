"""Who asks: an address that nobody can choose for himself, also behind proxies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from econsec.errors import UsageError

__all__ = ["Clients"]

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network
_HEADERS = {"x-forwarded-for", "forwarded"}
_LOCAL = "local"
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"([^"\\]*)"|([^\s;"]*))\s*(?=;|$)', re.IGNORECASE)


class Clients:
    """Names the client of a request.

    `trusted` is the number of proxies in front of the service, or their
    networks, comma-separated; empty, the peer is the client. `header` is the one
    that the proxies write; the other one comes from anybody and is not read.
    """

    def __init__(self, trusted: str = "", *, header: str = "x-forwarded-for") -> None:
        if header.lower() not in _HEADERS:
            raise UsageError(f"the header of the proxies is one of {', '.join(sorted(_HEADERS))}")
        self._header = header.lower().encode()
        self._count = int(trusted) if trusted.strip().isdecimal() else 0
        self._networks = () if trusted.strip().isdecimal() else _networks(trusted)

    def identify(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The client of a request from `peer`: an IPv4 address, or an IPv6 network of 64 bits.

        A household or a server has 2⁶⁴ IPv6 addresses, which would be as many clients.
        """
        if not self._count and not self._networks:
            return _LOCAL if peer is None else _of_peer(peer)
        nearest = None if peer is None else _address(peer)
        if self._count:
            nearest = self._counted(nearest, headers)
        elif self._networks and nearest is not None:
            nearest = self._first_untrusted(nearest, headers)
        return _LOCAL if nearest is None else _key(nearest)

    def _counted(
        self, peer: _Address | None, headers: Iterable[tuple[bytes, bytes]]
    ) -> _Address | None:
        """The address that the outermost of our proxies saw."""
        client = peer
        for hop in self._hops(headers)[: -self._count - 1 : -1]:
            if hop is None:
                break
            client = hop
        return client

    def _first_untrusted(self, peer: _Address, headers: Iterable[tuple[bytes, bytes]]) -> _Address:
        """The first address from the right that is none of our proxies."""
        client = peer
        for hop in reversed(self._hops(headers)):
            if not self._is_trusted(client) or hop is None:
                break
            client = hop
        return client

    def _is_trusted(self, address: _Address) -> bool:
        return any(address in network for network in self._networks)

    def _hops(self, headers: Iterable[tuple[bytes, bytes]]) -> Sequence[_Address | None]:
        """The addresses that were written, the nearest last; `None` is what is no address."""
        values = [value.decode("latin-1") for name, value in headers if name == self._header]
        # A comma within quotes parts too: else a quote that a client opens, and a proxy
        # appends to, would hide what the proxy says.
        elements = ",".join(values).split(",") if values else []
        read = _address if self._header == b"x-forwarded-for" else _forwarded
        return [read(element) for element in elements]


@lru_cache(maxsize=1_024)
def _of_peer(peer: str) -> str:
    address = _address(peer)
    return _LOCAL if address is None else _key(address)


def _networks(text: str) -> tuple[_Network, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise UsageError(
            f"the trusted proxies are a number or networks, but {error}",
            remedy="write 1, or 10.0.0.0/8, 2001:db8::/32",
        ) from error


def _forwarded(element: str) -> _Address | None:
    """The address in one element of Forwarded (RFC 7239, 4 and 6)."""
    found = _FOR.findall(element)
    return _address(found[0][0] or found[0][1]) if len(found) == 1 else None


def _address(text: str) -> _Address | None:
    """An address with or without a port: `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1`."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _key(address: _Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, 64), strict=False))
