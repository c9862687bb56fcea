"""The suites, by specification, and which of them the service does not offer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["SPARQL_11", "SPARQL_12", "SPECIFICATIONS", "Specification", "Suite"]

SPARQL_11 = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
SPARQL_12 = "https://w3c.github.io/rdf-tests/sparql/sparql12/"

_ENTAILMENT = "queries are answered without an entailment regime; inferences are materialised"


@dataclass(frozen=True, slots=True)
class Suite:
    """One manifest; `not_offered` is the reason why none of its tests is run.

    In a `sequence`, each test begins with what the one before it left.
    """

    folder: str
    manifest: str = "manifest.ttl"
    not_offered: str | None = None
    sequence: bool = False

    @property
    def name(self) -> str:
        """The folder, and the manifest where the folder holds more than one."""
        kind = self.manifest.removeprefix("manifest").removesuffix(".ttl")
        return f"{self.folder}{kind}"


@dataclass(frozen=True, slots=True)
class Specification:
    """A specification and its suites; their files are named by IRIs that begin with `base`."""

    title: str
    version: str
    suites: tuple[Suite, ...]

    @property
    def base(self) -> str:
        """What the IRIs of the suites' files begin with."""
        return SPARQL_12 if self.version == "sparql12" else SPARQL_11

    def folder(self, root: Path) -> Path:
        """Where the suites lie under the folder of all W3C tests."""
        return root / self.version


def _suites(*folders: str) -> tuple[Suite, ...]:
    return tuple(Suite(folder) for folder in folders)


SPECIFICATIONS = (
    Specification(
        "SPARQL 1.1 Query Language",
        "sparql11",
        _suites(
            "aggregates",
            "bind",
            "bindings",
            "cast",
            "construct",
            "exists",
            "functions",
            "grouping",
            "negation",
            "project-expression",
            "property-path",
            "subquery",
            "syntax-query",
        ),
    ),
    Specification(
        "SPARQL 1.1 Query Results: CSV, TSV and JSON",
        "sparql11",
        _suites("csv-tsv-res", "json-res"),
    ),
    Specification(
        "SPARQL 1.1 Update",
        "sparql11",
        _suites(
            "add",
            "basic-update",
            "clear",
            "copy",
            "delete-data",
            "delete-insert",
            "delete-where",
            "delete",
            "drop",
            "move",
            "syntax-update-1",
            "syntax-update-2",
            "update-silent",
        ),
    ),
    Specification("SPARQL 1.1 Protocol", "sparql11", _suites("protocol")),
    Specification(
        "SPARQL 1.1 Service Description",
        "sparql11",
        _suites("service-description"),
    ),
    Specification(
        "SPARQL 1.1 Graph Store HTTP Protocol",
        "sparql11",
        (
            Suite("graph-store-protocol", "manifest-direct.ttl"),
            Suite("graph-store-protocol", "manifest-indirect.ttl"),
            Suite("http-rdf-update", sequence=True),
        ),
    ),
    Specification("SPARQL 1.1 Federated Query", "sparql11", _suites("syntax-fed", "service")),
    Specification(
        "SPARQL 1.1 Entailment Regimes",
        "sparql11",
        (Suite("entailment", not_offered=_ENTAILMENT),),
    ),
    Specification(
        "SPARQL 1.2",
        "sparql12",
        _suites(
            "grouping",
            "codepoint-escapes",
            "syntax-triple-terms-negative",
            "syntax-triple-terms-positive",
            "eval-triple-terms",
            "expression",
            "lang-basedir",
            "rdf11",
            "version",
            "syntax",
        ),
    ),
)
"""Every manifest of SPARQL 1.1 and 1.2; none is left out."""
