"""`/sparql` as a page: the query editor, with examples and what it completes by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.knowledge.catalogue import QueryFile, packaged_catalogue
from econsec.rdf.formats import Form, NotAcceptable, offered
from econsec.rdf.namespaces import BASE, PREFIXES, RDFS, SKOS
from econsec.rdf.negotiation import negotiate
from econsec.service.terms import Term, Terms
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.pages.texts import texts
from econsec.web.pages.view import View
from econsec.web.parameters import accept, single
from econsec.web.routes import add_reading
from econsec.web.variants import PAGE, is_browser
from econsec.web.whole import whole

__all__ = ["TERMS", "EditorPage", "install", "is_wanted"]

TERMS = "/sparql/terms"

_BEGINNING = "classes-and-counts"
_FORMATS = ("csv", "tsv", "json", "xml", "ttl", "jsonld", "nt")
"""What the form without scripts offers, tables first."""

_TOPICS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"overview", "search", "labels", "graph"}),
    "policy": frozenset({"designations", "criteria", "budgets", "support", "law"}),
    "supply": frozenset({"chokepoints", "risks", "bans"}),
    "agreements": frozenset({"agreements", "commitments"}),
    "source": frozenset({"provenance", "dates"}),
    "ontology": frozenset({"ontology", "reasoning"}),
}
"""Topics by the keywords of their examples; the first keyword decides."""

_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Topic:
    """Examples that belong together; `name` is the key of a text."""

    name: str
    examples: tuple[QueryFile, ...]


class EditorPage:
    """The page, and the terms and prefixes that its editor completes by."""

    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._renderer = renderer
        self._terms = Terms(backend)

    async def respond(self, request: Request) -> Response:
        """The page; with an example or a query of one's own in it. Raises `EconSecError`."""
        view = self._renderer.view(request)
        given = fields(request)
        name, query = single(given, "example"), single(given, "query")
        known = {example.name: example for example in _examples()}
        example = known.get(name) if name is not None else None
        if name is None and query is None:
            example = known.get(_BEGINNING)
        is_unknown = name is not None and example is None
        return await self._renderer.respond(
            request,
            "editor.html.j2",
            view=view,
            status=404 if is_unknown else 200,
            # The editor's library writes styles into what it shows of the syntax.
            styles_inline=True,
            topics=_topics(),
            example=example,
            missing=name if is_unknown else None,
            query=query if query is not None else _text(example, view),
            formats=_FORMATS,
            settings=json.dumps(_settings(view, is_asked=bool(name or query)), ensure_ascii=False),
        )

    async def terms(self, request: Request) -> Response:
        """Prefixes, classes and properties with their labels, as JSON."""
        body = json.dumps(
            {"prefixes": PREFIXES, "terms": [_term(each) for each in await self._terms.known()]},
            ensure_ascii=False,
        ).encode()
        return await whole(request, body, "application/json")


def install(app: FastAPI, page: EditorPage) -> None:
    """Add what the editor completes by to `app`; the page itself is one answer of `/sparql`."""
    add_reading(app, TERMS, page.terms)


def is_wanted(request: Request) -> bool:
    """Whether a request to `/sparql` is for the page.

    It is where the client likes HTML best. A query is answered with the page only for
    who takes XHTML, too, as browsers do: Java's clients accept `text/html` of everybody.
    """
    accepted = (accept(request) or "").lower()
    # Most requests are queries of programs, and are not read twice.
    is_possible = "html" in accepted or b"format" in request.scope["query_string"]
    if request.method == "POST" or not is_possible:
        return False
    given = fields(request)
    if "format" in given:
        return given["format"] == [*PAGE.extensions]
    if "html" not in accepted or ("query" in given and not is_browser(request)):
        return False
    answers = offered(Form.GRAPH)
    if "query" in given:
        answers = (*offered(Form.SOLUTIONS), *answers)
    try:
        return negotiate(accepted, (*answers, PAGE)).name == PAGE.name
    except NotAcceptable:
        return False


def _examples() -> Sequence[QueryFile]:
    return packaged_catalogue()["examples"]


@cache
def _topics() -> Sequence[Topic]:
    found: dict[str, list[QueryFile]] = {name: [] for name in (*_TOPICS, _OTHER)}
    for example in _examples():
        first = example.keywords[0] if example.keywords else ""
        topic = next((name for name, words in _TOPICS.items() if first in words), _OTHER)
        found[topic].append(example)
    return [Topic(name, tuple(examples)) for name, examples in found.items() if examples]


def _text(example: QueryFile | None, view: View) -> str:
    """The query under its title, without what the catalogue says of it."""
    if example is None:
        return ""
    lines = [line for line in example.text.splitlines() if not line.startswith("#+")]
    title = view.said(example.title)
    heading = f"# {title.text}\n" if title is not None else ""
    return f"{heading}{_in_language(chr(10).join(lines).strip(), view)}\n"


def _in_language(text: str, view: View) -> str:
    """With names in the language of the content, where the query wants those of the other alone.

    All that has a name in one has it in both.
    """
    wanted, other = f'"{view.content}"', f'"{view.content.other}"'
    return text if wanted in text or "LANG(?en)" in text else text.replace(other, wanted)


def _settings(view: View, *, is_asked: bool) -> dict[str, Any]:
    """What the script needs to know; it asks at once where the address says what."""
    prefix = "editor.script_"
    return {
        "endpoint": f"{view.root}/sparql",
        "terms": f"{view.root}{TERMS}",
        "root": view.root,
        "base": BASE,
        "language": view.language.value,
        "content": view.content.value,
        "chosen": view.language.value if view.is_chosen else None,
        "labels": [SKOS("prefLabel").value, RDFS("label").value],
        "run": is_asked,
        "texts": {
            key.removeprefix(prefix): text[view.language]
            for key, text in texts().items()
            if key.startswith(prefix)
        },
    }


def _term(term: Term) -> dict[str, Any]:
    return {"iri": term.iri, "kind": term.kind, "labels": term.labels, "others": term.others}
