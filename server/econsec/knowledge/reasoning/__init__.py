"""OWL 2 RL reasoning over a store: what follows, and what contradicts itself."""

from __future__ import annotations

from econsec.knowledge.reasoning.clashes import Clash, find_clashes
from econsec.knowledge.reasoning.materialisation import Materialisation, materialise

__all__ = ["Clash", "Materialisation", "find_clashes", "materialise"]
