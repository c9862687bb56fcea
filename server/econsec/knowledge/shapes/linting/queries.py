"""Queries of constraints and validators: what SHACL allows where `$this` is pre-bound.

The rules are those of SHACL, 5.2 and 6.2 and appendix A.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store

from econsec.knowledge.shapes.constraints import REACHING_OUT, Token, tokens
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, advice, error
from econsec.knowledge.shapes.linting.prefixes import prefixes_of
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.diagnosis import malformed_query
from econsec.rdf.namespaces import SH, XSD

__all__ = ["query_faults"]

_MAX_NESTING = 100
_MAX_TOKENS = 10_000
"""More of either may end the process inside of the engine's parser."""

_PATH = " (<urn:x-shacl:a>/<urn:x-shacl:b>) "
"""Stands for `$PATH`: a path, so that it is well-formed as a predicate and nowhere else."""

_PRE_BOUND = frozenset({"this", "shapesGraph", "currentShape"})
_VALIDATORS = {
    SH("validator"): frozenset({"ask"}),
    SH("nodeValidator"): frozenset({"ask", "select"}),
    SH("propertyValidator"): frozenset({"ask", "select"}),
}
_IN_MESSAGE = re.compile(r"\{[?$](\w+)\}")
_NAME = re.compile(r"([\w.-]*):")


@dataclass(frozen=True, slots=True)
class _Query:
    """A query that is to be judged: `form` is "select" or "ask", `has_path` whether it may
    speak of `$PATH`, and `bound` are the variables that are pre-bound in it."""

    subject: Node
    form: str
    has_path: bool
    bound: frozenset[str] = _PRE_BOUND
    is_constraint: bool = True


def query_faults(shapes: Shapes) -> Iterator[Fault]:
    """What is wrong with the queries of a shapes graph."""
    for query in dict.fromkeys(_queries(shapes)):
        texts = shapes.graph.objects(query.subject, SH(query.form))
        if len(texts) != 1:
            yield error(
                query.subject,
                f"has {len(texts) or 'no'} sh:{query.form} where it needs one",
                "a SPARQL constraint is one query",
            )
        for text in texts:
            if isinstance(text, Literal) and text.datatype == XSD("string"):
                yield from _judge(shapes, query, text.value)
            else:
                yield error(query.subject, f"has a sh:{query.form} that is no plain string")


def _queries(shapes: Shapes) -> Iterator[_Query]:
    used: set[Node] = set()
    for shape in shapes.graph.subjects(SH("sparql")):
        for node in shapes.graph.nodes(shape, SH("sparql")):
            used.add(node)
            yield _Query(node, "select", shapes.graph.is_property_shape(shape))
    for node in shapes.instances("SPARQLConstraint"):
        if node not in used:
            yield _Query(node, "select", True)
    for predicate, forms in _VALIDATORS.items():
        for component in shapes.graph.subjects(predicate):
            for node in shapes.graph.nodes(component, predicate):
                yield _validator(shapes, component, node, predicate, forms)


def _validator(
    shapes: Shapes, component: Node, node: Node, predicate: NamedNode, forms: frozenset[str]
) -> _Query:
    has_ask = bool(shapes.graph.objects(node, SH("ask")))
    form = "ask" if forms == {"ask"} or has_ask else "select"
    names = {
        re.split(r"[/#:]", path.value)[-1]
        for parameter in shapes.graph.nodes(component, SH("parameter"))
        for path in shapes.graph.nodes(parameter, SH("path"))
        if isinstance(path, NamedNode)
    }
    values = {"value"} if form == "ask" else set()
    return _Query(
        node,
        form,
        has_path=predicate == SH("propertyValidator"),
        bound=_PRE_BOUND | names | values,
        is_constraint=False,
    )


def _judge(shapes: Shapes, query: _Query, text: str) -> Iterator[Fault]:
    read = tokens(text)
    if _nesting(read) > _MAX_NESTING or len(read) > _MAX_TOKENS:
        yield error(query.subject, "has a query that is too long or nested too deep")
        return
    faults = list(_forbidden(query, read))
    yield from faults
    prefixes = prefixes_of(shapes, query.subject)
    missing = _undeclared(read, prefixes)
    for name in missing:
        yield error(
            query.subject,
            f"uses the prefix {name}: in its query, and so its query cannot be read",
            "declare it with sh:declare, and say with sh:prefixes where",
        )
    if not missing and not any(fault.reaches_out for fault in faults):
        yield from _parsed(shapes, query, text, prefixes)


def _nesting(read: Sequence[Token]) -> int:
    depth = deepest = 0
    for token in read:
        depth += (token.text in {"{", "(", "["}) - (token.text in {"}", ")", "]"})
        deepest = max(deepest, depth)
    return deepest


def _forbidden(query: _Query, read: Sequence[Token]) -> Iterator[Fault]:
    where = "a SPARQL constraint" if query.is_constraint else "a validator"
    for word in dict.fromkeys(token.reserved for token in read):
        if word:
            yield Fault(
                query.subject,
                f"uses {word} in its query, which {where} may not contain",
                "it speaks of the data at hand; nothing is ever fetched"
                if word in REACHING_OUT
                else "say it with FILTER NOT EXISTS"
                if word == "MINUS"
                else "say it with FILTER",
                reaches_out=word in REACHING_OUT,
            )
    for token, following in pairwise(read):
        if token.word == "AS" and following.variable in query.bound:
            yield error(
                query.subject,
                f"binds {following.text} anew in its query",
                "it is bound already; take another name",
            )
    names = {token.variable for token in read}
    if "PATH" in names and not query.has_path:
        yield error(
            query.subject,
            "uses $PATH in its query, but stands in a shape without sh:path",
            "state it on a property shape",
        )
    if "shapesGraph" in names:
        yield error(
            query.subject,
            "uses $shapesGraph in its query, which is not available",
            "state what it is to look up in the query itself",
        )


def _undeclared(read: Sequence[Token], prefixes: Mapping[str, str]) -> list[str]:
    declared = set(prefixes)
    used: dict[str, None] = {}
    for token, before in zip(read, (None, *read), strict=False):
        name = _NAME.match(token.text)
        if name is None:
            continue
        if before is not None and before.word == "PREFIX":
            declared.add(name[1])
        elif name[1] != "_":
            used[name[1]] = None
    return [name for name in used if name not in declared]


def _parsed(
    shapes: Shapes, query: _Query, text: str, prefixes: Mapping[str, str]
) -> Iterator[Fault]:
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    whole = _without_path(text)
    try:
        answer = Store().query(head + whole)
    except (SyntaxError, ValueError) as fault:
        found = malformed_query(fault, head + whole)
        line = None if found.line is None else found.line - len(prefixes)
        place = "" if line is None or line < 1 else f", line {line} of it"
        yield error(query.subject, f"has a query that cannot be read: {found.detail}{place}")
        return
    wanted = QueryBoolean if query.form == "ask" else QuerySolutions
    if not isinstance(answer, wanted):
        yield error(query.subject, f"has a sh:{query.form} that is no {query.form.upper()} query")
        return
    if isinstance(answer, QuerySolutions):
        selected = {variable.value for variable in answer.variables}
        yield from _selection(shapes, query, selected)
    yield from _inner(query, whole, head)


def _selection(shapes: Shapes, query: _Query, selected: set[str]) -> Iterator[Fault]:
    if "this" not in selected:
        yield error(query.subject, "does not select $this in its query", "SELECT $this …")
    known = selected | query.bound | {"path", "PATH", "value"}
    for message in shapes.graph.objects(query.subject, SH("message")):
        for name in _IN_MESSAGE.findall(message.value if isinstance(message, Literal) else ""):
            if name not in known:
                yield advice(
                    query.subject,
                    f"names {{?{name}}} in its message, which its query does not select",
                    "select it, or leave it out",
                )


def _inner(query: _Query, text: str, head: str) -> Iterator[Fault]:
    """Inner SELECTs that lose a variable which is pre-bound."""
    needed = query.bound - {"shapesGraph", "currentShape"}
    for inner in _inner_selects(text):
        try:
            answer = Store().query(head + inner)
        except (SyntaxError, ValueError):  # what it lacks stands outside of it
            continue
        if isinstance(answer, QuerySolutions):
            for name in sorted(needed - {variable.value for variable in answer.variables}):
                yield error(
                    query.subject,
                    f"has an inner SELECT in its query that does not select ${name}",
                    f"select ${name} there too; it is lost otherwise",
                )


def _inner_selects(text: str) -> Iterator[str]:
    read = tokens(text)
    for number, token in enumerate(read):
        if token.word != "SELECT" or number == 0 or read[number - 1].text != "{":
            continue
        depth = 1
        for following in read[number:]:
            depth += (following.text == "{") - (following.text == "}")
            if depth == 0:
                yield text[token.at : following.at]
                break


def _without_path(text: str) -> str:
    for token in reversed(tokens(text)):
        if token.variable == "PATH":
            text = text[: token.at] + _PATH + text[token.at + len(token.text) :]
    return text
