"""How long the server takes for a page: one client, warm, on the packaged data.

ECONSEC_TEST_BENCH_ROUNDS  requests of each page, in turns (default 150)
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

BUILD = Path(__file__).resolve().parents[2] / "build"
ROUNDS = int(os.environ.get("ECONSEC_TEST_BENCH_ROUNDS", "150"))
WARM = 15
PAGES = {
    "thing": ("/doc/id/good/permanent-magnets", 15.0),
    "thing with very many referring to it": ("/doc/id/actor/meti", None),
    "law": ("/doc/id/legislation/economic-security-promotion-act", None),
    "search": (f"/search?q={quote('永久磁石')}", 10.0),
    "search by one character": (f"/search?q={quote('磁')}", 10.0),
    "suggestions": ("/suggest?q=magn&lang=en", 10.0),
    "home": ("/", None),
    "timeline": ("/timeline", None),
}
"""Pages, and what their medians aim at, in milliseconds."""
HEADERS = {"Accept": "text/html", "Accept-Language": "en", "Accept-Encoding": "gzip"}


@contextmanager
def served() -> Iterator[int]:
    """The port of a server as people start it."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    program = str(Path(sys.executable).with_name("econsec"))
    settings = {**os.environ, "ECONSEC_QUOTA_SECONDS": "1000000"}
    with subprocess.Popen(
        [program, "serve", "--port", str(port)],
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def goods(client: http.client.HTTPConnection) -> list[str]:
    """The pages of all goods: each of them is a thing that nobody has asked for."""
    query = "SELECT ?good { ?good a <https://w3id.org/econsec/ontology#Good> } ORDER BY ?good"
    client.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
    found = client.getresponse().read().decode().split()[1:]
    return [each.replace("https://w3id.org/econsec/", "/doc/") for each in found]


def wait_for(port: int, seconds: float = 60) -> None:
    """Until the server listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port} after {seconds:g} s")


def taken(client: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds from the request to the last byte of the answer."""
    start = time.perf_counter()
    client.request("GET", path, headers=HEADERS)
    answer = client.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    return (time.perf_counter() - start) * 1000


def test_pages() -> None:
    """Each page as it was made before, and made for an address that nobody has asked for yet."""
    times: dict[str, dict[str, list[float]]] = {
        kind: {name: [] for name in PAGES} for kind in ("again", "first")
    }
    load = os.getloadavg()[0]
    with served() as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        things = goods(client)
        for turn in range(WARM + ROUNDS):
            for name, (path, _) in PAGES.items():
                new = things[turn % len(things)] if name == "thing" else path
                fresh = f"{new}{'&' if '?' in new else '?'}bench={turn}"
                for kind, address in (("again", path), ("first", fresh)):
                    spent = taken(client, address)
                    if turn >= WARM:
                        times[kind][name].append(spent)
        client.close()
    lines = [
        f"{ROUNDS} requests of each page in turns, one client, warm, gzip; milliseconds.",
        f"Load average before {load:.1f}, after {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores.",
        "",
        "| page | again: median | 95 % | first: median | 95 % | aim | again | first |",
        "|---|--:|--:|--:|--:|--:|---|---|",
    ]
    for name, (_, aim) in PAGES.items():
        row, met = f"| {name} ", ""
        for kind in ("again", "first"):
            middle, late = median(times[kind][name]), quantiles(times[kind][name], n=20)[-1]
            row += f"| {middle:.1f} | {late:.1f} "
            met += "| " if aim is None else f"| {'met' if middle <= aim else 'MISSED'} "
        lines.append(f"{row}| {'' if aim is None else format(aim, 'g')} {met}|")
    print("", *lines, sep="\n")
    (BUILD / "bench").mkdir(parents=True, exist_ok=True)
    text = "\n".join(["# Pages", "", *lines, ""])
    (BUILD / "bench" / "pages.md").write_text(text, encoding="utf-8")
