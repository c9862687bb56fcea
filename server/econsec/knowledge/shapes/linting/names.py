"""Terms of SHACL that do not exist, and those of what is not run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pyoxigraph import NamedNode

from econsec.knowledge.reports import spelt
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.knowledge.shapes.terms import FEATURES, TERMS, nearest
from econsec.rdf.namespaces import OWL, SH

__all__ = ["name_faults"]

_KNOWN = frozenset(SH(name) for name in ("", *TERMS))
"""The namespace itself is no misspelt term."""


def name_faults(shapes: Shapes) -> Iterator[Fault]:
    """Unknown terms, features that are not run, and imports of what is not here."""
    graph = shapes.graph
    bad: dict[tuple[Node, str], None] = {}
    for triple in graph:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode) and term not in _KNOWN and term.value.startswith(SH):
                bad[cast(Node, triple.subject), term.value.removeprefix(SH)] = None
    for subject, name in bad:
        yield _unknown(subject, name)
    for subject in graph.subjects(OWL("imports")):
        for imported in graph.objects(subject, OWL("imports")):
            if not graph.predicates(imported):
                yield Fault(
                    subject,
                    f"imports {spelt(imported)}, which is not here",
                    "give that file together with this one; nothing is ever fetched",
                    reaches_out=True,
                )
    for subject in graph.subjects(SH("entailment")):
        for regime in graph.objects(subject, SH("entailment")):
            yield error(
                subject,
                f"asks by sh:entailment for {spelt(regime)}, which is not drawn here",
                "give the data with what follows from them",
            )


def _unknown(subject: Node, name: str) -> Fault:
    problem = f"uses sh:{name}, and sh:{name} is no term of SHACL Core or SHACL-SPARQL"
    if name in FEATURES:
        fetches = name in {"jsLibraryURL", "jsLibrary"}
        return Fault(
            subject,
            f"{problem} but of {FEATURES[name]}, which is not run",
            "state it with the constraints of SHACL Core, or as a query (sh:sparql)",
            reaches_out=fetches,
        )
    like = nearest(name)
    return error(subject, problem, f"did you mean sh:{like}?" if like is not None else None)
