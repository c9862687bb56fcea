"""Whether a store that rewrites literals gives a query what the data say.

A store keeps `"5"^^xsd:nonNegativeInteger` as the integer 5. As long as 5 is written in
one way where a query looks, what it finds can be read back as it was written. A query
looks where its predicates lead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import NamedNode

from econsec.knowledge.shapes.constraints import Constraint, Token
from econsec.knowledge.shapes.data import Data
from econsec.rdf.namespaces import XSD

__all__ = ["is_exact", "predicates_read"]

_STRING = f"<{XSD('string').value}>"
_COUNTING = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP", "HAVING"})
_OPENING = frozenset({"[", "(", '"', "'"})


def is_exact(constraint: Constraint, data: Data) -> bool:
    """Whether the store gives the query what the data say."""
    words = {token.word for token in constraint.tokens}
    names = {token.variable for token in constraint.tokens}
    if "GRAPH" in words or not names.isdisjoint({"currentShape", "failure", "message"}):
        return False
    if not data.rewritten:
        return True
    predicates = predicates_read(constraint)
    written = data.written_for(predicates)
    if any(token.text == _STRING for token in constraint.tokens) or _binds_value(constraint.tokens):
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
    if _negates_path(read):
        return None
    if not all(_is_harmless(read, at) for at in _variable_predicates(read)):
        return None
    return frozenset(_iris(read))


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
    namespaces: dict[str, str] = {}
    for number, token in enumerate(read):
        prefix, colon, local = token.text.partition(":")
        if number > 1 and read[number - 2].word == "PREFIX":
            namespaces[read[number - 1].text.removesuffix(":")] = token.text[1:-1]
        elif token.text.startswith("<") and len(token.text) > 1:
            yield NamedNode(token.text[1:-1])
        elif colon and prefix in namespaces:
            yield NamedNode(namespaces[prefix] + local.replace("\\", ""))


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
    conditions = list(_conditions(read))
    among = ["(", f"?{read[predicate].variable}", "IN", "("]
    is_iri = ["(", "ISIRI", "(", f"?{named}", ")"]
    return any(c[:4] == among or (c[:5] == is_iri and c[5] in {")", "&"}) for c in conditions)


def _conditions(read: Sequence[Token]) -> Iterator[list[str]]:
    """The beginnings of the filters that stand in no EXISTS."""
    within = [False]
    for number, token in enumerate(read):
        if token.text == "{":
            within.append(within[-1] or read[number - 1].word == "EXISTS")
        elif token.text == "}":
            within.pop()
        elif token.word == "FILTER" and not within[-1]:
            following = read[number + 1 : number + 7]
            yield [f"?{t.variable}" if t.variable else t.word or t.text for t in following]
