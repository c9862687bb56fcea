"""SPARQL constraints, run on the engine's store with `$this` bound beforehand (SHACL, 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise, product
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Triple, Variable

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.batching import place_for_values, substituted
from econsec.knowledge.shapes.constraints import Constraint, tokens
from econsec.knowledge.shapes.data import Data, Rewritten
from econsec.knowledge.shapes.exactness import predicates_read
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.rdf.namespaces import SH

__all__ = ["run_constraint"]

_COMPONENT = SH("SPARQLConstraintComponent")
_THIS = Variable("this")
_FUNCTIONS = {
    name: NamedNode(f"urn:x-econsec:function:{name.lower()}") for name in ("STR", "DATATYPE")
}
_AT_ONCE = 5_000
"""Focus nodes in one query."""

_Row = tuple[tuple[str, Term], ...]


def run_constraint(
    data: Data,
    *,
    shapes: ShapesGraph,
    constraint: Constraint,
    root: Node,
    focus: Collection[Term],
    values: Collection[NamedNode] | None = None,
) -> Iterator[RawResult]:
    """One result for every different solution of the constraint about a node of `focus`.

    With `values`, only those with one of these as `?value`: the constraint is the question
    of a `Keyed` one, and `focus` are IRIs.
    """
    takes_value = not shapes.is_property_shape(constraint.shape)
    rewritten = data.written_for(predicates_read(constraint))
    rows = (
        _rows(data, constraint, focus, rewritten=rewritten)
        if values is None
        else _rows_about(values, data, constraint, focus, rewritten=rewritten)
    )
    for this, row in rows:
        bound = dict(row)
        path = bound.get("path")
        value = bound.get("value", this if takes_value else None)
        yield RawResult(
            focus=this,
            root=root,
            shape=constraint.shape,
            component=_COMPONENT,
            value=_as_written(value, rewritten),
            predicate=path if isinstance(path, NamedNode) else None,
            constraint=constraint.node,
            bindings={name: _plain(_as_written(term, rewritten)) for name, term in row},
        )


def _rows(
    data: Data, constraint: Constraint, focus: Collection[Term], *, rewritten: Rewritten
) -> Iterator[tuple[Term, _Row]]:
    place = place_for_values(constraint.tokens)
    named = [node for node in focus if isinstance(node, NamedNode)] if place is not None else []
    for start in range(0, len(named), _AT_ONCE):
        block = named[start : start + _AT_ONCE]
        values = f" VALUES ?this {{ {' '.join(map(str, block))} }} "
        text = constraint.text[:place] + values + constraint.text[place:]
        rows = {_row(solution, names) for solution, names in _solutions(data, text, rewritten)}
        for row in rows:
            yield dict(row)["this"], row
    for this in focus:
        if isinstance(this, NamedNode):
            if place is not None:
                continue
            found = _solutions(data, substituted(constraint, this), rewritten)
        else:
            found = _solutions(data, constraint.text, rewritten, this=this)
        for row in {_row(solution, names) for solution, names in found}:
            yield this, (*(pair for pair in row if pair[0] != "this"), ("this", this))


def _rows_about(
    values: Collection[NamedNode],
    data: Data,
    constraint: Constraint,
    focus: Collection[Term],
    *,
    rewritten: Rewritten,
) -> Iterator[tuple[Term, _Row]]:
    for value, this in product(values, focus):
        text = substituted(constraint, cast(NamedNode, this), value=value)
        found = _solutions(data, text, rewritten)
        for row in {_row(solution, names) for solution, names in found}:
            yield this, (*row, ("this", this), ("value", value))


def _solutions(
    data: Data, text: str, rewritten: Rewritten, *, this: Term | None = None
) -> Iterator[tuple[QuerySolution, Sequence[str]]]:
    substitutions: dict[Variable, Term | Triple] | None = None if this is None else {_THIS: this}
    if rewritten:
        text = _reading_as_written(text)
    try:
        found = cast(
            QuerySolutions,
            data.store.query(
                text, substitutions=substitutions, custom_functions=_functions(rewritten)
            ),
        )
    except (SyntaxError, ValueError) as error:
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error
    names = [variable.value for variable in found.variables]
    for solution in found:
        yield solution, names


def _reading_as_written(text: str) -> str:
    """A query that asks us for the text and the datatype of a literal, and not the store."""
    for token, following in reversed(list(pairwise(tokens(text)))):
        name = "STR" if token.text == "xsd:string" else token.word
        if name in _FUNCTIONS and following.text == "(":
            asked = _asked(text, following.at)
            call = f"{_FUNCTIONS[name]}({asked})"
            if asked.strip()[:1] in "?$" and name == "STR":  # an IRI need not come to us
                call = f"IF(ISIRI({asked}), STR({asked}), {call})"
            end = following.at + len(asked) + 2
            text = f"{text[: token.at]}{call}{text[end:]}"
    return text


def _asked(text: str, opening: int) -> str:
    """What stands in the parentheses that are opened there."""
    depth = 0
    for token in tokens(text[opening:]):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return text[opening + 1 : opening + token.at]
    return text[opening + 1 :]


def _functions(rewritten: Rewritten) -> dict[NamedNode, Callable[..., Any]]:
    def text(term: Term | Triple) -> Literal | None:
        written = _as_written(cast(Term, term), rewritten)
        return Literal(written.value) if isinstance(written, Literal | NamedNode) else None

    def datatype(term: Term | Triple) -> NamedNode | None:
        written = _as_written(cast(Term, term), rewritten)
        return written.datatype if isinstance(written, Literal) else None

    return {_FUNCTIONS["STR"]: text, _FUNCTIONS["DATATYPE"]: datatype}


def _row(solution: QuerySolution, names: Sequence[str]) -> _Row:
    """What a solution binds."""
    bound = ((name, cast(Term | None, solution[name])) for name in names)
    return tuple((name, term) for name, term in bound if term is not None)


def _as_written(term: Term | None, rewritten: Rewritten) -> Term | None:
    """A literal as the data write it, where the store writes it otherwise."""
    if isinstance(term, Literal) and term in rewritten:
        return rewritten[term][0]
    return term


def _plain(term: Term | None) -> str:
    """A term in a message: the IRI itself, the text of a literal."""
    return "" if term is None else str(term) if not hasattr(term, "value") else term.value
