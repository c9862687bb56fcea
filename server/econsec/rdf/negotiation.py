"""The choice of a format by what a client accepts (RFC 9110, 12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from econsec.rdf.formats import Format, NotAcceptable

__all__ = ["MediaType", "negotiate"]

# Possessive, so that no header makes the match go back over what it has read.
_QUOTED = r'"(?:[^"\\]|\\.)*+"?'
_ELEMENT = re.compile(rf'(?:[^,"]|{_QUOTED})++')
_PART = re.compile(rf'(?:[^;"]|{_QUOTED})++')
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_ESSENCE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_WEIGHT = re.compile(r"0?\.[0-9]+|0\.?|1(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or range (RFC 9110, 8.3.1 and 12.5.1), names in lower case."""

    essence: str
    parameters: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> MediaType | None:
        """Read `type/subtype; name=value`; `None` when that is not what it is."""
        head, *tail = _PART.findall(text) or [""]
        essence = head.strip().lower()
        # Java's HttpURLConnection sends a lone `*` for `*/*`.
        essence = "*/*" if essence == "*" else essence
        if _ESSENCE.fullmatch(essence) is None:
            return None
        pairs = (part.partition("=") for part in tail)
        return cls(essence, {name.strip().lower(): _unquote(value) for name, _, value in pairs})

    @property
    def charset(self) -> str:
        """The charset, spelt in lower case; UTF-8 when none is named."""
        return self.parameters.get("charset", "utf-8").lower().replace("utf8", "utf-8")

    @property
    def quality(self) -> float | None:
        """The weight in an `Accept` header, 1 when there is none; `None` when unreadable."""
        weight = self.parameters.get("q", "1")
        return float(weight) if _WEIGHT.fullmatch(weight) else None


def _unquote(value: str) -> str:
    text = value.strip()
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


@lru_cache(maxsize=512)
def negotiate(accept: str | None, offered: tuple[Format, ...]) -> Format:
    """The best of `offered` for an `Accept` header (RFC 9110, 12.5.1).

    The highest weight wins, among equals the first on offer; the most specific
    range decides a type's weight. An alias counts only when it is named, and
    the answer is then labelled with it. A range that cannot be read is passed
    over, and a header without any readable range counts as absent. Raises
    `NotAcceptable`.
    """
    ranges = tuple(_ranges(accept or ""))
    if not ranges:
        return offered[0]
    choices = [choice for format in offered for choice in _choices(format, ranges)]
    best = max(choices, key=lambda choice: choice.weight)
    if best.weight > 0:
        return best.format
    raise NotAcceptable(f"nothing that is offered matches 'Accept: {accept}'", offered)


@dataclass(frozen=True, slots=True)
class _Range:
    """One element of an `Accept` header."""

    media_type: MediaType
    quality: float

    def specificity(self, essence: str) -> int:
        """How closely this range names `essence`: 0 not at all, 4 with its charset."""
        if self.media_type.charset != "utf-8":
            return 0
        if self.media_type.essence == essence:
            return 4 if "charset" in self.media_type.parameters else 3
        family = f"{essence.partition('/')[0]}/*"
        return {family: 2, "*/*": 1}.get(self.media_type.essence, 0)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A format under one of its media types, and what the client thinks of it."""

    weight: float
    format: Format


def _ranges(accept: str) -> Iterator[_Range]:
    for element in _ELEMENT.findall(accept):
        media_type = MediaType.parse(element)
        if media_type is not None and media_type.quality is not None:
            yield _Range(media_type, media_type.quality)


def _choices(format: Format, ranges: Sequence[_Range]) -> Iterator[_Choice]:
    yield _Choice(_weight(format.media_type, ranges), format)
    for alias in format.aliases:
        named = [r for r in ranges if r.media_type.essence == alias]
        yield _Choice(_weight(alias, named), format.labelled(alias))


def _weight(essence: str, ranges: Sequence[_Range]) -> float:
    matches = ((r.specificity(essence), r.quality) for r in ranges)
    specificity, quality = max(matches, default=(0, 0.0))
    return quality if specificity > 0 else 0.0
