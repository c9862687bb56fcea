"""SHACL: data are held against shapes, and what breaks them becomes a report."""

from econsec.knowledge.shapes.validation import Engine, Scope, validate

__all__ = ["Engine", "Scope", "validate"]
