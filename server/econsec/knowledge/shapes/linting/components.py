"""Constraint components of one's own (SHACL, 6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.namespaces import SH

__all__ = ["component_faults"]

_TAKEN = frozenset({"this", "shapesGraph", "currentShape", "path", "PATH", "value"})
_LOCAL_NAME = re.compile(r"[^/#:]*$")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")


def component_faults(shapes: Shapes) -> Iterator[Fault]:
    """Components without a parameter or a validator, and parameters that cannot be variables."""
    for component in dict.fromkeys(
        (*shapes.graph.subjects(SH("parameter")), *shapes.instances("ConstraintComponent"))
    ):
        parameters = shapes.graph.objects(component, SH("parameter"))
        if all(_is_optional(shapes, each) for each in parameters):
            yield error(component, "has no parameter that must be given", "add a sh:parameter")
        yield from _parameters(shapes, component, parameters)
        validators = ("validator", "nodeValidator", "propertyValidator")
        if not any(shapes.graph.objects(component, SH(name)) for name in validators):
            yield error(component, "has no validator", "add a sh:validator")


def _parameters(shapes: Shapes, component: Node, parameters: tuple[Term, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for parameter in parameters:
        paths = shapes.graph.objects(parameter, SH("path"))
        if len(paths) != 1 or not isinstance(paths[0], NamedNode):
            yield error(component, "has a parameter whose sh:path is not one IRI")
            continue
        found = _LOCAL_NAME.search(paths[0].value)
        name = found[0] if found is not None else ""
        if name in _TAKEN or _VARIABLE.fullmatch(name) is None:
            yield error(component, f"has the parameter {spelt(paths[0])}, which can be no variable")
        if name in seen:
            yield error(component, f"has two parameters called {name}")
        seen.add(name)


def _is_optional(shapes: Shapes, parameter: Term) -> bool:
    values = shapes.graph.objects(parameter, SH("optional"))
    return any(isinstance(v, Literal) and v.value in {"true", "1"} for v in values)
