"""A sentence in two languages."""

from __future__ import annotations

from collections.abc import Sequence

from econsec.knowledge.reports import Texts

__all__ = ["Sentence", "enclosed", "listed", "prefixed", "sentence"]

Sentence = Texts
"""The same said in `en` and `ja`."""


def sentence(en: str, ja: str, **parts: Texts | str) -> Sentence:
    """Both wordings, with the parts that they name in braces put in, each in its language."""
    return {
        language: template.format(**{name: _in(part, language) for name, part in parts.items()})
        for language, template in (("en", en), ("ja", ja))
    }


def listed(labels: Sequence[Texts], *, en: str, ja: str) -> Texts:
    """The labels with what separates them in each language."""
    return {
        language: separator.join(_in(label, language) for label in labels)
        for language, separator in (("en", en), ("ja", ja))
    }


def prefixed(texts: Texts | None, *, en: str, ja: str) -> Texts | str:
    """The texts with what leads to them; nothing where there are none."""
    return enclosed(texts, en=en + "{}", ja=ja + "{}")


def enclosed(texts: Texts | None, *, en: str, ja: str) -> Texts | str:
    """The texts in the form of each language, at its braces; nothing where there are none."""
    if texts is None:
        return ""
    return {
        language: form.format(_in(texts, language)) for language, form in (("en", en), ("ja", ja))
    }


def _in(part: Texts | str, language: str) -> str:
    if isinstance(part, str):
        return part
    return part.get(language) or part.get("en") or next(iter(part.values()), "")
