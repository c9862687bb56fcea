"""Canonical Turtle: one text for one graph, for the files that people keep and compare.

The engine's own writer leaves triples in the order they come and brackets no
blank node, and rdflib's rewrites literals (`01` becomes `1`) and drops comments;
a file under version control may suffer neither. Of comments, the head is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import Quad, RdfFormat, Triple, parse

from econsec.errors import InvalidInput
from econsec.rdf.diagnosis import malformed_rdf
from econsec.rdf.forest import Forest
from econsec.rdf.layout import Layout
from econsec.rdf.namespaces import BASE, PREFIXES
from econsec.rdf.notation import Notation

__all__ = ["canonical", "loose_comments", "serialise"]

_LINE_END = re.compile(r"\r\n?|\n")
_HEADING = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|\Z))*")
_TOKEN = re.compile(
    r"(?P<comment>\#[^\r\n]*)"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'(?:[^'\\\n]|\\.)*+'"
    r"|<[^<>\s]*+>"
    r"|(?P<triple_term><<)"
    r"|\\.",
    re.DOTALL,
)


def canonical(text: str | bytes, *, base: str | None = None, source: str | None = None) -> str:
    """The one text for what a Turtle document states; canonical again, it stays as it is.

    Every literal keeps its lexical form. Prefixes are the project's own, then
    those the document declares. Raises `InvalidInput`, with `source`, line and
    column, on a document that is malformed, uses a relative IRI without `base`,
    or has a blank node that brackets cannot express (shared or circular).
    """
    document = _decoded(text, source=source)
    _refuse_triple_terms(document, source=source)
    try:
        forest, prefixes = _parsed(document, base)
    except SyntaxError as error:
        # The traceback would keep the parser alive, which must end on its own thread.
        cause = error.with_traceback(None)
        raise malformed_rdf(cause, source=source) from cause
    except InvalidInput as error:
        error.source = source
        raise
    _refuse_tangles(forest, document, source=source)
    return _write(forest, prefixes=prefixes, heading=_heading(document), source=source)


def _parsed(document: str, base: str | None) -> tuple[Forest, dict[str, str]]:
    parser = parse(document, RdfFormat.TURTLE, base_iri=base)
    return Forest(parser), parser.prefixes


def serialise(triples: Iterable[Triple | Quad], *, heading: str = "") -> str:
    """The canonical Turtle of a graph that we made ourselves.

    `heading` is the comment at the top, without its `#`. Raises `InvalidInput`
    as `canonical` does.
    """
    forest = Forest(triples)
    _refuse_tangles(forest)
    comment = "\n".join(f"# {line}".rstrip() for line in heading.splitlines())
    return _write(forest, prefixes={}, heading=comment, source=None)


def loose_comments(text: str | bytes) -> tuple[int, ...]:
    """The lines (from 1) of the comments that `canonical` drops: all but the heading.

    Precondition: `canonical` has read the document.
    """
    document = _decoded(text, source=None)
    start = _heading_end(document)
    return tuple(
        _place(document, token.start())[0]
        for token in _TOKEN.finditer(document, start)
        if token["comment"] is not None
    )


def _decoded(text: str | bytes, *, source: str | None) -> str:
    try:
        document = text if isinstance(text, str) else text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = _place(before, len(before))
        raise InvalidInput(
            "the file is not UTF-8",
            source=source,
            line=line,
            column=column,
            remedy="save it as UTF-8",
        ) from error
    return document.removeprefix("\ufeff")


def _heading_end(document: str) -> int:
    found = _HEADING.match(document)
    return found.end() if found is not None else 0


def _heading(document: str) -> str:
    lines = _LINE_END.split(document[: _heading_end(document)])
    return "\n".join(line.strip() for line in lines).strip()


def _refuse_triple_terms(document: str, *, source: str | None) -> None:
    # Some thousands of them in each other end the process inside the parser.
    for token in _TOKEN.finditer(document):
        if token["triple_term"] is not None:
            line, column = _place(document, token.start())
            raise InvalidInput(
                "triple terms (RDF 1.2) have no canonical form here",
                source=source,
                line=line,
                column=column,
                remedy="give the statement an IRI of its own and describe that",
            )


def _refuse_tangles(forest: Forest, document: str = "", *, source: str | None = None) -> None:
    node, fault = forest.shared(), "two statements refer to the blank node"
    if node is None:
        node, fault = forest.circular(), "the blank node leads back to itself"
    if node is None:
        return
    label = f"_:{node.value}"
    found = re.search(rf"{re.escape(label)}(?![\w-])", document)
    line, column = _place(document, found.start()) if found is not None else (None, None)
    raise InvalidInput(
        f"{fault} {label}", source=source, line=line, column=column, remedy="give it an IRI"
    )


def _place(document: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    return document.count("\n", 0, offset) + 1, offset - document.rfind("\n", 0, offset)


def _write(forest: Forest, *, prefixes: Mapping[str, str], heading: str, source: str | None) -> str:
    ours = set(PREFIXES.values())
    others = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if not namespace.startswith(BASE) and namespace not in ours
    }
    notation = Notation({**others, **PREFIXES})
    layout = Layout(forest, notation, source=source)
    subjects = [layout.subject(root) for root in layout.ordered_roots()]
    declarations = "\n".join(
        f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(notation.used.items())
    )
    parts = [part for part in (heading, declarations, *subjects) if part]
    return "\n\n".join(parts) + "\n" if parts else ""
