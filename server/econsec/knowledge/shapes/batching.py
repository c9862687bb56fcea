"""How `$this` gets its value in a SPARQL constraint: for many focus nodes at once, or for one.

Pre-binding gives `$this` a value everywhere in a query (SHACL, 5.3.1); `VALUES` in
front of its outermost group gives it one from there outwards. The two are the same
unless some part that is evaluated by itself reads `$this`, or counts solutions.
Then the term is put in for the variable, as the specification words it; the engine's own
substitutions do not reach into groups that are evaluated by themselves. A query that is
asked about one `?value` is given that in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import NamedNode

from econsec.knowledge.shapes.constraints import Constraint, Token

__all__ = ["has_open_path", "place_for_values", "substituted"]

_TOGETHER = frozenset({"LIMIT", "OFFSET", "GRAPH", "RAND", "UUID", "STRUUID", "BNODE", "DESCRIBE"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP", "HAVING"})
_AFTER_GROUPS = frozenset({"HAVING", "ORDER"})


@lru_cache(maxsize=1024)
def place_for_values(read: tuple[Token, ...]) -> int | None:
    """Where in the text `VALUES` may be put, `None` where it would make a difference."""
    words = {token.word for token in read}
    opening = next((n for n, token in enumerate(read) if token.text == "{"), None)
    if opening is None or not words.isdisjoint(_TOGETHER):
        return None
    projection, body = read[:opening], read[opening + 1 :]
    if any(token.word == "SELECT" for token in body):
        return None
    if not any(token.variable == "this" for token in projection):
        return None
    if has_open_path(body) or not _groups_by_this(words, body):
        return None
    return read[opening].at + 1 if _is_read_outside(body) else None


def substituted(constraint: Constraint, this: NamedNode, *, value: NamedNode | None = None) -> str:
    """The query with IRIs for `$this` and `?value`, except where only a variable may stand."""
    terms = {"this": this, "value": value}
    text = constraint.text
    for gap in _gaps(constraint):
        given = terms[gap.variable]
        if given is not None:
            text = text[: gap.start] + (gap.instead or str(given)) + text[gap.end :]
    return text


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where a term is put in for a variable, or something `instead`."""

    variable: str
    start: int
    end: int
    instead: str = ""


@lru_cache(maxsize=1024)
def _gaps(constraint: Constraint) -> tuple[_Gap, ...]:
    """The gaps of a query, the last one first."""
    read = constraint.tokens
    found: list[_Gap] = []
    for number, is_projected in reversed(list(enumerate(_projected(read)))):
        token = read[number]
        if token.variable not in {"this", "value"} or is_projected:
            continue
        if number > 1 and read[number - 2].word == "BOUND":
            start, end = read[number - 2].at, read[number + 1].at + 1
            found.append(_Gap(token.variable, start, end, "(true)"))
        else:
            found.append(_Gap(token.variable, token.at, token.at + len(token.text)))
    return tuple(found)


def _projected(read: Sequence[Token]) -> Iterator[bool]:
    """For each token whether it stands bare among what is selected, or grouped by."""
    selects, groups, depth = False, False, 0
    for token in read:
        if token.word in {"SELECT", "WHERE"} or token.text in {"{", "}"}:
            selects, groups, depth = token.word == "SELECT", False, 0
        elif token.word in {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"}:
            groups, depth = token.word == "GROUP", 0
        depth += (token.text == "(") - (token.text == ")")
        yield (selects or groups) and depth == 0


def has_open_path(body: Sequence[Token]) -> bool:
    """Whether a path may have length zero, and so lead from nodes that the data lack."""
    for before, token in pairwise(body):
        if token.text == "?" or (token.text == "*" and before.text not in {"(", "SELECT"}):
            return True
    return False


def _groups_by_this(words: set[str], body: Sequence[Token]) -> bool:
    if words.isdisjoint(_AGGREGATES):
        return True
    for number, token in enumerate(body):
        if token.word == "GROUP":
            keys = []
            for key in body[number + 2 :]:
                if key.word in _AFTER_GROUPS:
                    break
                keys.append(key)
            return any(key.variable == "this" for key in keys) and all(key.variable for key in keys)
    return False


def _is_read_outside(body: Sequence[Token]) -> bool:
    """Whether `$this` stands only where `VALUES` has given it its value.

    That is anywhere in the outermost group and in a group of EXISTS right in it; in
    other groups only in triple patterns, which are joined by it afterwards.
    """
    kinds = ["outer"]
    parentheses = [0]
    for number, token in enumerate(body):
        if token.text == "{":
            is_exists = number > 0 and body[number - 1].word == "EXISTS"
            kinds.append(_inside(kinds[-1], is_exists=is_exists))
            parentheses.append(0)
        elif token.text == "}":
            kinds.pop()
            parentheses.pop()
            if not kinds:
                return True
        elif token.text in {"(", ")"}:
            parentheses[-1] += 1 if token.text == "(" else -1
        elif token.variable == "this" and (
            kinds[-1] == "closed" or (kinds[-1] == "joined" and parentheses[-1] > 0)
        ):
            return False
    return True


def _inside(kind: str, *, is_exists: bool) -> str:
    """What a group is, by the group that it stands in."""
    if kind == "outer":
        return "exists" if is_exists else "joined"
    if kind == "exists":
        return "closed" if is_exists else "joined"
    return "closed" if is_exists or kind == "closed" else "joined"
