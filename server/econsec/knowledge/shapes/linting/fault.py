"""What can be wrong with shapes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from econsec.knowledge.reports import Place
from econsec.knowledge.shapes.graph import Node

__all__ = ["Fault", "Gravity", "advice", "error"]


class Gravity(StrEnum):
    """An error makes shapes useless or other than they seem; advice makes them better."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with `subject` of a shapes graph, and what would mend it.

    `problem` goes on after `name`, which is what to call the subject: "has two values of
    sh:path". `reaches_out` is true for shapes that want something from elsewhere, and
    `place` is where a document describes the subject.
    """

    subject: Node
    problem: str
    remedy: str | None = None
    gravity: Gravity = Gravity.ERROR
    reaches_out: bool = False
    name: str = ""
    place: Place | None = None

    @property
    def sentence(self) -> str:
        """The problem with its subject."""
        return f"{self.name} {self.problem}"


def error(subject: Node, problem: str, remedy: str | None = None) -> Fault:
    """A fault that makes shapes useless or other than they seem."""
    return Fault(subject, problem, remedy)


def advice(subject: Node, problem: str, remedy: str | None = None) -> Fault:
    """A fault with which the shapes still mean what they say."""
    return Fault(subject, problem, remedy, gravity=Gravity.ADVICE)
