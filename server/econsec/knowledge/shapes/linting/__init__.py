"""Shapes are judged themselves before data are: what is wrong in them is no fault of the data."""

from econsec.knowledge.shapes.linting.fault import Fault, Gravity
from econsec.knowledge.shapes.linting.linter import check, lint

__all__ = ["Fault", "Gravity", "check", "lint"]
