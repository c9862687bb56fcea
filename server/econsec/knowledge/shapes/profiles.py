"""Profiles: named selections of shapes, described in the shapes graph itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad

from econsec.errors import UsageError
from econsec.rdf.namespaces import DCTERMS, ESH, RDF, SH, SKOS

__all__ = ["Profile", "read_profiles", "select", "shapes_of"]

_TARGETS = frozenset(
    SH(target) for target in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A selection of shapes; `parts` are shapes or other profiles."""

    name: str
    iri: NamedNode
    parts: frozenset[NamedNode]


def read_profiles(shapes: Iterable[Quad]) -> Mapping[str, Profile]:
    """The profiles that a shapes graph describes, by name."""
    names: dict[NamedNode, str] = {}
    parts: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    kinds: set[NamedNode] = set()
    for quad in shapes:
        subject = cast(NamedNode, quad.subject)
        if quad.predicate == SKOS("notation"):
            names[subject] = cast(Literal, quad.object).value
        elif quad.predicate == DCTERMS("hasPart"):
            parts[subject].add(cast(NamedNode, quad.object))
        elif quad.predicate == RDF("type") and quad.object == ESH("Profile"):
            kinds.add(subject)
    found = (Profile(names[iri], iri, frozenset(parts[iri])) for iri in kinds if iri in names)
    return {profile.name: profile for profile in sorted(found, key=lambda p: p.name)}


def shapes_of(name: str, profiles: Mapping[str, Profile]) -> frozenset[NamedNode]:
    """The shapes of a profile and of the profiles in it. Raises `UsageError`."""
    if name not in profiles:
        known = ", ".join(profiles)
        raise UsageError(f"there is no profile {name!r}", remedy=f"known are {known}")
    by_iri = {profile.iri: profile for profile in profiles.values()}
    shapes: set[NamedNode] = set()
    seen: set[NamedNode] = set()
    waiting = [profiles[name].iri]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        if part in by_iri:
            waiting.extend(by_iri[part].parts)
        else:
            shapes.add(part)
    return frozenset(shapes)


def select(shapes: Iterable[Quad], keep: frozenset[NamedNode]) -> list[Quad]:
    """The shapes graph in which only the shapes `keep` have targets.

    The others stay, for a shape may be defined by means of another.
    """
    return [quad for quad in shapes if quad.predicate not in _TARGETS or quad.subject in keep]
