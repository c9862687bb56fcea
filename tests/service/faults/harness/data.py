"""Data for queries to go round in."""

from __future__ import annotations

__all__ = ["cycle"]


def cycle(nodes: int) -> str:
    """N-Triples: each node leads to the next, and the last one to the first."""
    return "".join(
        f"<http://e.org/{n}> <http://e.org/next> <http://e.org/{(n + 1) % nodes}> .\n"
        for n in range(nodes)
    )
