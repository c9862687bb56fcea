"""If-Match and If-None-Match (RFC 9110, 13.1), and the entity tags of graphs."""

from __future__ import annotations

import re

from fastapi import Request

from econsec.engine.publication import Publication
from econsec.engine.writing.failures import PreconditionFailed
from econsec.engine.writing.requests import Condition
from econsec.errors import InvalidInput

__all__ = ["check_match", "condition", "entity_tag", "is_fresh"]

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"(?:{_TAG.pattern}|[\s,])*+")


_NONE = Condition()


def condition(request: Request) -> Condition:
    """What the request asks of the state of its target. Raises `InvalidInput`."""
    if "if-match" not in request.headers and "if-none-match" not in request.headers:
        return _NONE
    return Condition(
        if_match=_tags(request, "if-match", weak="W/"),
        if_none_match=_tags(request, "if-none-match", weak=""),
    )


def entity_tag(publication: Publication, graph: str | None, *, is_writable: bool) -> str | None:
    """The entity tag of a graph, without quotes; the same for every media type.

    Where nothing is written, versions do not tell one data set from the next
    that is served: without a digest, that has no tag.
    """
    version = str(publication.version(graph))
    if is_writable:
        return version
    return f"{version}-{publication.digest}" if publication.digest else None


def is_fresh(asked: Condition, tag: str | None) -> bool:
    """Whether what the client has is what it would get (304)."""
    return "*" in asked.if_none_match or tag in asked.if_none_match


def check_match(asked: Condition, tag: str | None) -> None:
    """Raise `PreconditionFailed` where a graph that is there is not the one asked for."""
    if asked.if_match and "*" not in asked.if_match and tag not in asked.if_match:
        raise PreconditionFailed(f"the graph is at version {tag}")


def _tags(request: Request, name: str, *, weak: str) -> tuple[str, ...]:
    """The tags of a header; one that is marked weak begins with `weak`.

    If-Match compares strongly, so there the mark stays and the tag matches nothing.
    """
    text = ", ".join(request.headers.getlist(name)).strip()
    if text == "*":
        return ("*",)
    if _LIST.fullmatch(text) is None or (name in request.headers and not text.strip(" ,")):
        raise InvalidInput(f"the header {name} has no entity tags: {text!r}")
    return tuple(f"{weak if mark else ''}{tag}" for mark, tag in _TAG.findall(text))
