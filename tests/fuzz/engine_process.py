"""The engine in a process of its own, that random texts are held against."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from dataclasses import dataclass

ENGINE = """
import json, sys
import pyoxigraph as ox
from econsec.engine.workers.seccomp import deny
from econsec.rdf.namespaces import PREFIXES
deny()
FORMS = {"QueryBoolean": "boolean", "QueryTriples": "graph", "QuerySolutions": "solutions"}
# With the prefix `service:`, a name would look like the keyword that is searched for.
PREFIXES = {prefix: iri for prefix, iri in PREFIXES.items() if prefix != "service"}
DATA = "INSERT DATA { <x:s> <x:p> 1 GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 2 } }"

def contents(store):
    found = {None: set()} | {graph.value: set() for graph in store.named_graphs()}
    for quad in store:
        found[getattr(quad.graph_name, "value", None)].add(str(quad.triple))
    return found

def run(kind, text, base):
    store = ox.Store()
    if kind == "query":
        answer = store.query(text, prefixes=PREFIXES, base_iri=base)
        return {"accepted": True, "form": FORMS[type(answer).__name__]}
    store.update(DATA)
    before = contents(store)
    store.update(text, prefixes=PREFIXES, base_iri=base)
    after = contents(store)
    changed = [g for g in {*before, *after} if before.get(g) != after.get(g)]
    return {"accepted": True, "changed": changed}

for line in sys.stdin:
    try:
        outcome = run(*json.loads(line))
    except (SyntaxError, UnicodeEncodeError):
        outcome = {"accepted": False}
    except (RuntimeError, OSError):  # found after parsing: an unknown function, a graph not there
        outcome = {"accepted": True}
    print(json.dumps(outcome), flush=True)
"""


@dataclass(frozen=True)
class Outcome:
    """What the engine made of a text: the form of its answer, the graphs that it changed."""

    accepted: bool
    form: str | None = None
    changed: tuple[str | None, ...] = ()


class Engine:
    """The engine in a process of its own, without sockets, that answers in time or not at all."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", ENGINE]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, kind: str, text: str, *, base: str | None = None) -> Outcome | None:
        """The outcome, or `None` where the engine died or took too long."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps([kind, text, base]).encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], self._deadline)
        line = process.stdout.readline() if ready else b""
        if not line:
            self.close()
            self._process = self._start()
            return None
        answer = json.loads(line)
        return Outcome(**answer | {"changed": tuple(answer.get("changed", ()))})

    def close(self) -> None:
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
