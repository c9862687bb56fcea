"""Whether a store that rewrites literals gives a query what the data say.

A store keeps `"5"^^xsd:nonNegativeInteger` as the integer 5. As long as 5 is written in
one way where a query looks, what it finds can be read back as it was written. A query
looks where its predicates lead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from econsec.knowledge.shapes.batching import has_open_path
from econsec.knowledge.shapes.constraints import Constraint, Token
from econsec.knowledge.shapes.data import Data, canonical
from econsec.rdf.namespaces import XSD

__all__ = ["is_exact", "predicates_read"]

_EXPONENT = r"[eE][+-]?[0-9]+"
_NUMBER = re.compile(
    rf"(?<![\w.])[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|[0-9]*\.?[0-9]+{_EXPONENT}|[0-9]*\.[0-9]+|[0-9]+)"
)
_ENDS = frozenset({")", "&"})
_TEXTUAL = frozenset({"STR", "LCASE", "UCASE", "CONCAT", "SUBSTR", "STRBEFORE", "STRAFTER"})
"""What gives texts, which no store rewrites."""

_ASKING = frozenset({"STR", "DATATYPE", "SAMETERM"})
_COUNTING = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP", "HAVING"})
_OPENING = frozenset({"[", "(", '"', "'"})


def is_exact(constraint: Constraint, data: Data) -> bool:
    """Whether the store gives the query what the data say."""
    words = {token.word for token in constraint.tokens}
    names = {token.variable for token in constraint.tokens}
    if "GRAPH" in words or not names.isdisjoint({"currentShape", "failure", "message"}):
        return False
    try:
        constants = _constants(constraint)
        asks_of_values = _asks_of_values(constraint)
    except ValueError:  # an IRI that is relative to a base
        return False
    if constants is None:
        return False
    if not data.rewritten:
        return True
    predicates = predicates_read(constraint)
    written = data.written_for(predicates)
    if not written.keys().isdisjoint(constants):
        return False
    if not asks_of_values or _binds_value(constraint.tokens):
        return not written
    if all(len(forms) == 1 for forms in written.values()):
        return True
    apart = predicates is not None and all(
        len(forms) == 1
        for each in predicates
        for forms in data.written_for(frozenset({each})).values()
    )
    texts = (len({form.value for form in forms}) for forms in written.values())
    return apart and set(texts) == {1} and _reads_texts_only(constraint.tokens)


@lru_cache(maxsize=1024)
def predicates_read(constraint: Constraint) -> frozenset[NamedNode] | None:
    """The predicates whose values a query may look at, `None` where that may be any.

    The IRIs that it mentions, predicates or not. A variable for a predicate does no harm
    where only IRIs can come of it.
    """
    read = constraint.tokens
    if _negates_path(read) or has_open_path(read):
        return None
    if not all(_is_harmless(read, at) for at in _variable_predicates(read)):
        return None
    try:
        return frozenset(_iris(read))
    except ValueError:  # relative to a base, or none at all
        return None


@lru_cache(maxsize=1024)
def _constants(constraint: Constraint) -> frozenset[Literal] | None:
    """The literals of a query other than texts.

    `None` where one cannot be told, or is written as the store would not keep it: it
    rewrites those, too.
    """
    read = constraint.tokens
    found: set[Literal] = set()
    for number in _NUMBER.finditer(_bare(constraint)):
        is_double, is_decimal = "e" in number[0].lower(), "." in number[0]
        kind = "double" if is_double else "decimal" if is_decimal else "integer"
        found.add(Literal(number[0], datatype=XSD(kind)))
    said = {token.word for token in read} & {"TRUE", "FALSE"}
    found |= {Literal(each.lower(), datatype=XSD("boolean")) for each in said}
    namespaces = _namespaces(read)
    for string, one, other, name in zip(read, read[1:], read[2:], read[3:], strict=False):
        if (one.text, other.text) == ("^", "^") and string.text[0] in "\"'":
            datatype = _expanded(name.text, namespaces)
            if datatype is None or "\\" in string.text:
                return None
            found.add(Literal(string.text.strip(string.text[0]), datatype=datatype))
    return frozenset(found) if all(canonical(each) == each for each in found) else None


def _bare(constraint: Constraint) -> str:
    """The query without its names, strings and comments: where a number is a number."""
    kept = [" "] * len(constraint.text)
    for token in constraint.tokens:
        if not token.variable and token.text[0] not in "<\"'@" and ":" not in token.text:
            kept[token.at : token.at + len(token.text)] = token.text
    return "".join(kept)


@lru_cache(maxsize=1024)
def _asks_of_values(constraint: Constraint) -> bool:
    """Whether texts and datatypes are asked of nothing but variables that patterns bind."""
    read = constraint.tokens
    namespaces = _namespaces(read)
    bound = {b.variable for a, b in pairwise(read) if a.word == "AS"}
    for number, token in enumerate(read):
        if _expanded(token.text, namespaces) == XSD("string") and token.text != "xsd:string":
            return False
        if token.text == "xsd:string" or token.word in _ASKING:
            if token.word == "STR" and read[number + 2].word in _TEXTUAL:
                continue
            asked = [each.text for each in read[number + 1 : number + 4]]
            variable = read[number + 2].variable if len(asked) == 3 else ""
            if asked[::2] != ["(", ")"] or not variable or variable in bound:
                return False
    return True


def _binds_value(read: Sequence[Token]) -> bool:
    return any(
        token.word == "AS" and following.variable == "value" for token, following in pairwise(read)
    )


def _reads_texts_only(read: Sequence[Token]) -> bool:
    """Whether two literals with one text and one value, of two predicates, make no difference.

    They do where a datatype is asked for, where literals are joined, and where one is
    the value of a result.
    """
    if not {"DATATYPE", "SAMETERM", "UNION", "OPTIONAL"}.isdisjoint(t.word for t in read):
        return False
    if _has_alternatives(read) or any(True for _ in _variable_predicates(read)):
        return False
    if any(before.text == "(" and token.word == "DISTINCT" for before, token in pairwise(read)):
        return False
    subjects = {
        token.variable
        for before, token, after in zip(read, read[1:], read[2:], strict=False)
        if before.text in {".", "{", "}"} and token.variable and _is_term(after)
    }
    selects, depth, times = True, 0, Counter[str]()
    for token in read:
        selects = token.word == "SELECT" or (selects and token.text != "{")
        depth += (token.text == "(") - (token.text == ")")
        if token.variable and not selects and depth == 0:
            times[token.variable] += 1
    reused = {name for name, many in times.items() if many > 1} - subjects - {"this"}
    return not reused and ("value" in subjects or "value" not in times)


def _iris(read: Sequence[Token]) -> Iterator[NamedNode]:
    """All that a query mentions. Raises `ValueError` for one that is not absolute."""
    namespaces = _namespaces(read)
    for token in read:
        name = _expanded(token.text, namespaces)
        if name is not None:
            yield name


def _namespaces(read: Sequence[Token]) -> dict[str, str]:
    return {
        name.text.removesuffix(":"): namespace.text[1:-1]
        for word, name, namespace in zip(read, read[1:], read[2:], strict=False)
        if word.word == "PREFIX"
    }


def _expanded(text: str, namespaces: Mapping[str, str]) -> NamedNode | None:
    """An IRI of a query, `None` for anything else. Raises `ValueError` for one that is relative."""
    if text.startswith("<") and len(text) > 1:
        return NamedNode(text[1:-1])
    prefix, colon, local = text.partition(":")
    if not colon or prefix not in namespaces or text[0] in "\"'":
        return None
    return NamedNode(namespaces[prefix] + local.replace("\\", ""))


def _has_alternatives(read: Sequence[Token]) -> bool:
    """Whether a path is `|` of others, which is not `||`."""
    ends = [token.at for token in read if token.text == "|"]
    return any(at - 1 not in ends and at + 1 not in ends for at in ends)


def _negates_path(read: Sequence[Token]) -> bool:
    """Whether `!` may stand before a path, and not before a condition or in `!=`."""
    return any(
        token.text == "!"
        and following.text != "="
        and (not following.word or following.text == "a")
        for token, following in pairwise(read)
    )


def _variable_predicates(read: Sequence[Token]) -> Iterator[int]:
    """Where variables stand between two terms, or between a subject named before and a term."""
    has_list = any(b.text in {".", "{", "}", ")"} and t.text == "(" for b, t in pairwise(read))
    marks = {";", "]", "["} | ({")"} if has_list else set())
    selects = False
    for number in range(1, len(read) - 1):
        before, token, after = read[number - 1 : number + 2]
        selects = token.word == "SELECT" or (selects and token.text != "{")
        starts = _is_term(before) or before.text in marks
        if token.variable and not selects and starts and _is_term(after):
            yield number


def _is_term(token: Token) -> bool:
    text = token.text
    return (
        bool(token.variable)
        or text[0] in _OPENING
        or text[0].isdigit()
        or text == "a"
        or (":" in text)
        or (text.startswith("<") and len(text) > 1)
    )


def _is_harmless(read: Sequence[Token], predicate: int) -> bool:
    """Whether no literal behind predicates that are not mentioned makes a difference."""
    words = {token.word for token in read}
    named = read[predicate + 1].variable
    if not named or not words.isdisjoint(_COUNTING):
        return False
    if sum(token.variable == named for token in read) == 1:
        return True
    if not words.isdisjoint({"UNION", "OPTIONAL"}):
        return False
    if any(token.text == "|" for token in read):
        return False
    among = ["(", f"?{read[predicate].variable}", "IN", "("]
    is_iri = ["(", "ISIRI", "(", f"?{named}", ")"]
    for number in _filters(read, predicate):
        condition = [
            f"?{t.variable}" if t.variable else t.word or t.text for t in read[number + 1 :]
        ]
        if condition[:5] == is_iri and condition[5] in _ENDS:
            return True
        if condition[:4] == among and _lists_iris(condition[4:]):
            return True
    return False


def _lists_iris(listed: Sequence[str]) -> bool:
    """Whether a list is of IRIs alone, and is all that its condition demands, or one of all."""
    end = listed.index(")")
    names, commas = listed[:end:2], listed[1:end:2]
    are_iris = all(name[0] == "<" or (":" in name and name[0] not in "?\"'") for name in names)
    return are_iris and set(commas) <= {","} and listed[end + 1] in _ENDS


def _filters(read: Sequence[Token], pattern: int) -> Iterator[int]:
    """The filters that hold for what a pattern binds to the variable behind its predicate."""
    groups: list[int] = []
    open_at: dict[int, tuple[int, ...]] = {}
    for number, token in enumerate(read):
        if token.text == "{":
            groups.append(number)
        elif token.text == "}":
            groups.pop()
        open_at[number] = tuple(groups)
    around, name = open_at[pattern], read[pattern + 1].variable
    for number, token in enumerate(read):
        within = open_at[number]
        if token.word != "FILTER" or within[: len(around)] != around:
            continue
        if all(_passes(read, group, name) for group in within[len(around) :]):
            yield number


def _passes(read: Sequence[Token], group: int, name: str) -> bool:
    """Whether what a group finds for a variable is what stands around it."""
    if read[group - 1].word == "EXISTS":
        return False
    if read[group + 1].word != "SELECT":
        return True
    rest = read[group + 2 :]
    end = next(n for n, token in enumerate(rest) if token.text == "{" or token.word == "WHERE")
    return any(token.variable == name for token in rest[:end])
