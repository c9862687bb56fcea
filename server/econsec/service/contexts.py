"""The JSON-LD context that the documents of the service name."""

from __future__ import annotations

import json
from functools import cache

from econsec.knowledge.json_ld_context import CONTEXT_FILE
from econsec.paths import resources
from econsec.rdf.json_ld import Context

__all__ = ["context", "document"]


@cache
def document() -> bytes:
    """The packaged file that holds the context."""
    return (resources() / CONTEXT_FILE).read_bytes()


@cache
def context() -> Context:
    """What it defines."""
    return Context(json.loads(document())["@context"])
