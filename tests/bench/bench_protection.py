"""What validation adds to a commit, over the packaged data: one graph under validation, or none.

ECONSEC_TEST_BENCH_ROUNDS    how often each write is measured
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree
from statistics import median, quantiles
from time import perf_counter, process_time

import httpx
import pyoxigraph as ox
import pytest

sys.path.append(str(Path(__file__).parent))

from econsec.engine.location import Location
from econsec.engine.writing import protection
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.requests import UpdateWrite
from econsec.engine.writing.watching import Watch
from econsec.rdf.namespaces import PREFIXES
from service import servers

ROUNDS = int(os.environ.get("ECONSEC_TEST_BENCH_ROUNDS", "15"))
AIM = 0.05
"""Seconds that a small write may take longer."""

TOKEN = "a-token-of-the-benchmark"
GRAPH = "https://w3id.org/econsec/graph/law/jp"
MODEL = "https://w3id.org/econsec/id/designation/specified-critical-product-permanent-magnets"
PROFILES = (None, "designation", "all")


def writes(number: int, statements: list[str]) -> dict[str, str]:
    """Updates that leave the data as they were: a designation comes, is changed, and goes."""
    new = f"https://w3id.org/econsec/id/designation/bench-{number}"
    whole = "\n".join(line.replace(f"<{MODEL}>", f"<{new}>") for line in statements)
    note = f"<{new}> <http://www.w3.org/2004/02/skos/core#note> 'Note {number}.'@en"
    return {
        f"add a designation ({len(statements)} triples)": data("INSERT", whole),
        "add a statement": data("INSERT", note),
        "change a statement (WHERE)": (
            f"WITH <{GRAPH}> DELETE {{ <{new}> ?p 'Note {number}.'@en }} "
            f"INSERT {{ <{new}> ?p 'Changed.'@en }} WHERE {{ <{new}> ?p 'Note {number}.'@en }}"
        ),
        "delete a designation": f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <{new}> ?p ?o }} }}",
    }


def data(kind: str, triples: str) -> str:
    return f"{kind} DATA {{ GRAPH <{GRAPH}> {{ {triples} }} }}"


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged data on disk."""
    folder = tmp_path_factory.mktemp("protection")
    command = [sys.executable, "-m", "econsec", "build", "--no-check", "-l", str(folder / "data")]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "tokens").write_text(f"bench {TOKEN}\n")
    (folder / "tokens").chmod(0o600)
    return folder / "data"


@contextmanager
def served(location: Path, profile: str | None) -> Iterator[httpx.Client]:
    """A server over a copy of the location, whose graph is under validation by `profile`."""
    copy = location.with_name(f"under-{profile}")
    copytree(location, copy)
    tokens = ("--token-file", str(location.with_name("tokens")))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with servers.econsec(copy, *tokens) as address:
        root = f"http://{address.host}:{address.port}"
        with httpx.Client(base_url=root, headers=headers, timeout=120) as client:
            if profile is not None:
                fields = {"graph": GRAPH, "profile": profile}
                answer = client.put("/protection", params=fields)
                assert answer.status_code == 200, answer.text
            yield client


def designation(client: httpx.Client) -> list[str]:
    """The statements of a designation, as N-Triples."""
    query = f"CONSTRUCT {{ <{MODEL}> ?p ?o }} {{ GRAPH <{GRAPH}> {{ <{MODEL}> ?p ?o }} }}"
    accept = {"Accept": "application/n-triples"}
    found = client.post("/sparql", data={"query": query}, headers=accept).text.splitlines()
    assert len(found) > 8
    return found


def seconds(client: httpx.Client, update: str) -> float:
    """Of a write, until it is durable and visible."""
    started = perf_counter()
    answer = client.post("/update", data={"update": update})
    taken = perf_counter() - started
    assert answer.status_code == 204, answer.text
    return taken


def test_protection(location: Path) -> None:
    taken: dict[str, dict[str | None, list[float]]] = {}
    with ExitStack() as stack:
        clients = {each: stack.enter_context(served(location, each)) for each in PROFILES}
        statements = designation(clients[None])
        incomplete = data("INSERT", "<urn:bench> a es:SpecifiedCriticalProductDesignation")
        refused = clients["designation"].post("/update", data={"update": incomplete})
        assert refused.status_code == 422, "nothing is judged"
        for number in range(ROUNDS + 1):
            for turn, (name, update) in enumerate(writes(number, statements).items(), number):
                for place in range(len(PROFILES)):
                    # Who comes second runs beside what the first does after its commit.
                    profile = PROFILES[(place + turn) % len(PROFILES)]
                    many = taken.setdefault(name, {}).setdefault(profile, [])
                    many.append(seconds(clients[profile], update))
    print(f"\n{'update':36} {'free':>9} " + "".join(f"{each:>26}" for each in PROFILES[1:]))
    for name, by_profile in taken.items():
        free = median(by_profile[None][1:])
        row = f"{name:36} {free * 1e3:6.0f} ms"
        for profile in PROFILES[1:]:
            # Of neighbours in time: the machine is not as fast at all times.
            pairs = zip(by_profile[profile][1:], by_profile[None][1:], strict=True)
            low, more, high = quantiles((one - other for one, other in pairs), n=4)
            row += f"{more * 1e3:+9.0f} ms ({low * 1e3:+.0f} to {high * 1e3:+.0f})"
        print(row)
    print("What is added, in the median, and the middle half of the differences.")


def test_judging_alone(location: Path, tmp_path: Path) -> None:
    """The same writes to a private store: what is before and after each of them, and no commit.

    The store is on disk, as the writer's is.
    """
    print(f"\n{'update':36}" + "".join(f"{each:>16}" for each in PROFILES[1:]))
    rows: dict[str, str] = {}
    longest = 0.0
    for profile in filter(None, PROFILES):
        store = ox.Store(str(tmp_path / profile))
        store.bulk_extend(Location(location).open_current())
        protection.put(store, protection.Setting(ox.NamedNode(GRAPH), profile))
        model = store.quads_for_pattern(ox.NamedNode(MODEL), None, None, ox.NamedNode(GRAPH))
        statements = [f"{quad.triple} ." for quad in model]
        watch = Watch(WriteLimits())
        watch.begin(store)
        taken: dict[str, list[float]] = {}
        for number in range(ROUNDS + 1):
            for name, update in writes(number, statements).items():
                taken.setdefault(name, []).append(judged(watch, store, update))
        for name, many in taken.items():
            this = median(many[1:])
            longest = max(longest, this)
            rows[name] = rows.get(name, f"{name:36}") + f"{this * 1e3:13.0f} ms"
    print("\n".join(rows.values()))
    verdict = "kept" if longest < AIM else "NOT KEPT"
    print(f"Aim: at most {AIM * 1e3:.0f} ms of the processor (median): {verdict}")


def judged(watch: Watch, store: ox.Store, update: str) -> float:
    """Seconds of the processor that the watch takes, the update itself aside."""
    write = UpdateWrite(agent="bench", request_id="1", text=update, graphs=frozenset({GRAPH}))
    started = process_time()
    with watch.over(store, write, graphs=write.graphs):
        before = process_time()
        store.update(update, prefixes=PREFIXES)
        own = process_time() - before
    return process_time() - started - own
