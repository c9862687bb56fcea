"""In which order rules run: those that others wait for come first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from econsec.knowledge.reasoning.patterns import Symbol
from econsec.knowledge.reasoning.rules import Rule

__all__ = ["strata"]


def strata(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Groups of rules, so that each reads only what its own or an earlier group writes.

    The groups are the strongly connected components of "reads what the other
    writes"; a group of one rule needs no second round unless it feeds itself.
    """
    writers: defaultdict[Symbol, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        writers[rule.writes].append(number)
    sources = [sorted({n for symbol in rule.body.reads for n in writers[symbol]}) for rule in rules]
    return tuple(
        tuple(rules[number] for number in sorted(component)) for component in _components(sources)
    )


def _components(edges: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Strongly connected components, each after those its edges lead to (Tarjan 1972)."""
    found: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    for root in range(len(edges)):
        trail = [] if root in found else [(root, iter(edges[root]))]
        while trail:
            node, ahead = trail[-1]
            if node not in found:
                found[node] = lowest[node] = len(found)
                stack.append(node)
            unseen = next((other for other in ahead if other not in found), None)
            if unseen is not None:
                trail.append((unseen, iter(edges[unseen])))
                continue
            trail.pop()
            lowest[node] = min(lowest[other] for other in (node, *edges[node]) if other in lowest)
            if lowest[node] == found[node]:
                component = stack[stack.index(node) :]
                del stack[-len(component) :]
                for member in component:
                    del lowest[member]
                yield component
