"""A page as one person sees it: language, links and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from econsec.knowledge.reports.printable import printable
from econsec.rdf.namespaces import BASE, GRAPH, XSD
from econsec.rdf.notation import language_tag, short_iri
from econsec.rdf.statements import iri as node
from econsec.service.named import Labels, Named
from econsec.web.languages import Language
from econsec.web.pages.dates import spelt_value
from econsec.web.pages.texts import texts

__all__ = ["Said", "View"]

_DOCUMENTED = ("id/", "vocab/", "graph/")
"""What has a document apart from itself: its IRI leads there by 303."""

_SECTION = re.compile(r"source/[^/]+/s(\d+)")
_PLACE = re.compile(r"id/section/(.+)-s(\d+)")
_SCHEME = re.compile(r"^https?://|/$")
_WEB = ("http://", "https://", "mailto:")
_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and the language that it turned out to be in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class View:
    """`language` is that of the page, `content` that of the data; a choice stays in the links.

    `path` and `query` are those of the request, `root` what stands before every
    path of the service.
    """

    language: Language
    content: Language
    path: str
    query: str = ""
    root: str = ""
    is_chosen: bool = False

    def t(self, key: str, /, **values: object) -> str:
        """A text of the pages. Raises `KeyError` on a key that no file has."""
        text = texts()[key][self.language]
        return text.format(**values) if values else text

    def url(self, path: str, /, **parameters: str | int | None) -> str:
        """The address of a page of the service, in the language that was chosen."""
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        address, _, fragment = path.partition("#")
        query = urlencode({**given, **self._choice()}, quote_via=quote)
        return (
            f"{self.root}{quote(address, safe=_IN_ADDRESS)}{'?' if query else ''}{query}"
            f"{'#' if fragment else ''}{quote(fragment, safe=_IN_ADDRESS)}"
        )

    def switched(self, language: str) -> str:
        """The address of this page in another language."""
        kept = [pair for pair in parse_qsl(self.query, keep_blank_values=True) if pair[0] != "lang"]
        query = urlencode([*kept, ("lang", language)], quote_via=quote)
        return f"{self.root}{quote(self.path, safe=_IN_ADDRESS)}?{query}"

    def href(self, iri: str) -> str | None:
        """Where a link to an IRI leads: to a page of ours, else to the web, else nowhere."""
        if iri.startswith(BASE):
            return self.url(self._page(iri.removeprefix(BASE)))
        if iri.startswith(_WEB) and not any(ord(mark) < 33 or mark in '<>"\\^`{|}' for mark in iri):
            return quote(iri, safe=_IN_ADDRESS)
        return None

    def place(self, section: Named, thing: str) -> str | None:
        """Where the page of a section shows a thing; the section's own page where it has none."""
        found = _PLACE.fullmatch(section.value.removeprefix(BASE))
        if found is None:
            return self.href(section.value)
        return self.url(f"/sources/{found[1]}/{int(found[2])}#{self.anchor(thing)}")

    def anchor(self, iri: str) -> str:
        """The name of a thing within a page."""
        return iri.removeprefix(BASE).replace("/", "-")

    def name(self, thing: Named) -> Said:
        """What something is called, in the language of the content where it has a name there."""
        if thing.is_literal:
            return self.value(thing)
        return self.said(thing.labels) or self._unlabelled(thing)

    def graph_name(self, graph: Named) -> str:
        """A graph in few words: the number of a section, else the end of its IRI."""
        local = graph.value.removeprefix(GRAPH)
        section = _SECTION.fullmatch(local)
        return f"§{int(section[1])}" if section else local

    def value(self, literal: Named) -> Said:
        """A literal as the language of the page writes it."""
        if literal.language:
            return Said(printable(literal.value), language_tag(literal.language))
        return Said(printable(spelt_value(literal.value, literal.datatype, self.language)), "")

    def date(self, value: str, type: str = "date") -> str:
        """A date of an XSD type as the language of the page writes it."""
        return spelt_value(value, XSD(type).value, self.language)

    def said(self, labels: Labels) -> Said | None:
        """The text in the content's language, else in another one; `None` where there is none."""
        for language in (self.content.value, self.content.other.value, *sorted(labels)):
            if labels.get(language):
                return Said(printable(labels[language]), language)
        return None

    def other(self, labels: Labels) -> Said | None:
        """The text in the language that `said` does not show."""
        text = labels.get(self.content.other.value)
        if text is None or self.content.value not in labels:
            return None
        return Said(printable(text), self.content.other.value)

    def number(self, value: int | float) -> str:
        """A number with its thousands apart."""
        return f"{value:,}"

    def in_order(self, things: Iterable[Named]) -> list[Named]:
        """Things by their names."""
        return sorted(things, key=lambda thing: (self.name(thing).text.casefold(), thing.value))

    def of(self, **changes: object) -> View:
        """The same view but for some of it."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def _unlabelled(self, thing: Named) -> Said:
        """A term of a well-known vocabulary in words, an address without its scheme."""
        if not thing.is_iri:
            return Said(printable(thing.value), "")
        short = short_iri(node(thing.value))
        if (words := texts().get(f"known.{short}")) is not None:
            return Said(words[self.content], self.content.value)
        is_short = not short.startswith("<")
        return Said(printable(short if is_short else _SCHEME.sub("", thing.value)), "")

    def _choice(self) -> Mapping[str, str]:
        chosen = {"lang": self.language.value} if self.is_chosen else {}
        if self.content is not self.language:
            chosen["content"] = self.content.value
        return chosen

    def _page(self, local: str) -> str:
        if local.startswith("ontology#"):
            return f"/terms/{local.removeprefix('ontology#')}"
        if local.startswith("shapes#"):
            return f"/shapes/{local.removeprefix('shapes#')}"
        return f"/doc/{local}" if local.startswith(_DOCUMENTED) else f"/{local}"
