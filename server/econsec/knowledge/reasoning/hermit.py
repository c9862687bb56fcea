"""HermiT, the OWL 2 DL reasoner that comes with owlready2, as a program of its own.

Its command line answers in seconds where owlready2's own call, which also
computes every type of every individual, takes minutes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import owlready2
from pyoxigraph import NamedNode

from econsec.errors import InvalidInput, NotAvailable
from econsec.rdf.namespaces import OWL

__all__ = ["Hermit", "find_hermit"]

_JAR = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A run takes seconds: collecting garbage on all cores and optimising further cost more."""

_REMEDY = "HermiT needs Java 17 or newer on the PATH"
_EXCEPTION = re.compile(r'^Exception in thread "[^"]*" (?:[\w.$]+\.)?(\w+)(?:: (.*))?', re.DOTALL)
_STACK = re.compile(r"\n\s+at .*", re.DOTALL)
_TOO_OLD = ("UnsupportedClassVersionError", "Unable to locate a Java Runtime")


@dataclass(frozen=True, slots=True)
class Hermit:
    """A Java runtime, and what HermiT may use of the machine.

    `deadline` is the `time.monotonic()` at which it is stopped, `memory` the
    largest heap in megabytes.
    """

    java: str
    deadline: float
    memory: int

    def is_consistent(self, ontology: Path) -> bool:
        """Whether the RDF/XML file has a model.

        Raises `NotAvailable` when time, memory or Java do not suffice, and
        `InvalidInput` when HermiT cannot judge the file.
        """
        answer = self._run("--consistency", ontology)
        if answer.failure == "InconsistentOntologyException":
            return False
        if "Thing is satisfiable." in answer.output:
            return True
        if "Thing is not satisfiable." in answer.output:
            return False
        raise answer.error()

    def empty_classes(self, ontology: Path) -> tuple[NamedNode, ...]:
        """The classes of the (consistent) RDF/XML file that can have no member."""
        answer = self._run("--unsatisfiable", ontology)
        if "Classes equivalent to" not in answer.output:
            raise answer.error()
        names = (line.strip() for line in answer.output.splitlines() if line.startswith("\t"))
        return tuple(NamedNode(name) for name in sorted(names) if name != OWL("Nothing").value)

    def _run(self, action: str, ontology: Path) -> _Answer:
        command = [self.java, f"-Xmx{self.memory}m", *_QUICK, "-cp", str(_JAR), _MAIN]
        command += ["--no-prefixes", action, ontology.as_uri()]
        remaining = max(self.deadline - time.monotonic(), 0.0)
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=remaining, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise NotAvailable(
                "HermiT did not answer in time", remedy="give it more with --timeout"
            ) from error
        except OSError as error:
            raise NotAvailable(f"Java does not start: {error}", remedy=_REMEDY) from error
        if any(sign in done.stderr for sign in _TOO_OLD):
            raise NotAvailable("Java is too old, or no Java at all", remedy=_REMEDY)
        return _Answer(done.stdout, done.stderr)


@dataclass(frozen=True, slots=True)
class _Answer:
    output: str
    errors: str

    @property
    def failure(self) -> str:
        """The name of the Java exception, empty if there was none."""
        found = _EXCEPTION.search(self.errors)
        return "" if found is None else found[1]

    def error(self) -> InvalidInput | NotAvailable:
        """What to raise when the answer is neither yes nor no."""
        if self.failure == "OutOfMemoryError":
            return NotAvailable("HermiT ran out of memory", remedy="give it more with --memory")
        found = _EXCEPTION.search(_STACK.sub("", self.errors))
        reason = (found[2] or found[1]) if found is not None else self.errors or "it said nothing"
        return InvalidInput(f"HermiT cannot judge the ontology: {' '.join(reason.split())}")


def find_hermit(*, timeout: float, memory: int = 1024) -> Hermit:
    """HermiT on the Java of the PATH, from now on for `timeout` seconds in all.

    Raises `NotAvailable` without Java.
    """
    java = shutil.which("java")
    if java is None:
        raise NotAvailable("there is no Java", remedy=_REMEDY)
    return Hermit(java, time.monotonic() + timeout, memory)
