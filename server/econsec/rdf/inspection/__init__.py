"""RDF documents read before the parser sees them: what would crash it, swell it or fool it."""

from econsec.rdf.inspection.contexts import Contexts
from econsec.rdf.inspection.inspector import MAX_NESTING, Inspector
from econsec.rdf.inspection.place import NestedTooDeep
from econsec.rdf.inspection.stream import BLOCK, Blocks

__all__ = ["BLOCK", "MAX_NESTING", "Blocks", "Contexts", "Inspector", "NestedTooDeep"]
