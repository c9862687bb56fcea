"""The profiles together select every shape, and the hygiene shapes reach every class."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.reading import read_document
from econsec.knowledge.shapes.profiles import read_profiles, shapes_of
from econsec.rdf.namespaces import ES, ESH, OWL, RDF, RDFS, SH

LABEL_SUFFICES = {
    "Amount",
    "ChokepointAssessment",
    "Count",
    "CriterionAssessment",
    "DocumentSection",
    "Event",
    "Footnote",
    "Membership",
}
"""What needs no definition; of events, only milestones: the others have a shape of their own."""


def everything(root: Path) -> list[Quad]:
    return load_shapes(root, profile=None, files=sorted((root / "shapes").glob("*.ttl")))


def targets(shapes: Iterable[Quad], shape: str) -> set[str]:
    return {
        quad.object.value
        for quad in shapes
        if quad.subject == ESH(shape)
        and quad.predicate == SH("targetClass")
        and isinstance(quad.object, NamedNode)
    }


PROFILES = {"all", "designation", "document", "federation", "hygiene"}


def node_shapes(quads: Iterable[Quad]) -> set[object]:
    return {
        quad.subject
        for quad in quads
        if quad.predicate == RDF("type") and quad.object == SH("NodeShape")
    }


def test_there_are_the_five_profiles(root: Path) -> None:
    assert set(read_profiles(everything(root))) == PROFILES


def test_every_shape_is_in_a_profile(root: Path) -> None:
    quads = everything(root)
    profiles = read_profiles(quads)
    chosen = shapes_of("all", profiles) | shapes_of("federation", profiles)
    assert chosen == node_shapes(quads)


def test_all_is_what_our_own_data_must_meet(root: Path) -> None:
    """What only data from outside must meet is left out: ours may speak of our own terms."""
    quads = everything(root)
    profiles = read_profiles(quads)
    outside = node_shapes(quads) - shapes_of("all", profiles)
    assert all("#Federated" in str(shape) for shape in outside)


def test_every_profile_names_only_shapes_that_exist(root: Path) -> None:
    quads = everything(root)
    profiles = read_profiles(quads)
    for name in profiles:
        assert shapes_of(name, profiles) <= node_shapes(quads)


def test_hygiene_reaches_every_class_of_the_ontology(root: Path) -> None:
    shapes = everything(root)
    parents, classes = hierarchy(root)
    for shape, spared in (("LabelShape", set()), ("DefinitionShape", LABEL_SUFFICES)):
        reached = targets(shapes, shape) | {ES + local for local in spared}
        missed = {named for named in classes if not (ancestors(named, parents) & reached)}
        assert missed == set(), shape


def test_every_target_class_exists(root: Path) -> None:
    _, classes = hierarchy(root)
    for shape in shapes_of("all", read_profiles(everything(root))):
        named = targets(everything(root), shape.value.removeprefix(ESH))
        assert {name for name in named if name.startswith(ES)} <= classes


def hierarchy(root: Path) -> tuple[dict[str, set[str]], set[str]]:
    """The named superclasses of each class, and the classes of the ontology."""
    parents: dict[str, set[str]] = {}
    classes: set[str] = set()
    for file in sorted((root / "ontology").glob("*.ttl")):
        for quad in read_document(file).quads():
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
                continue
            if quad.predicate == RDFS("subClassOf"):
                parents.setdefault(quad.subject.value, set()).add(quad.object.value)
            elif quad.predicate == RDF("type") and quad.object == OWL("Class"):
                classes.add(quad.subject.value)
    return parents, {named for named in classes if named.startswith(ES)}


def ancestors(named: str, parents: dict[str, set[str]]) -> set[str]:
    found = {named}
    waiting = [named]
    while waiting:
        for parent in parents.get(waiting.pop(), set()) - found:
            found.add(parent)
            waiting.append(parent)
    return found
