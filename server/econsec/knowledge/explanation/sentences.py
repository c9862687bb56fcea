"""A sentence in two languages."""

from __future__ import annotations

from econsec.knowledge.reports import Texts

__all__ = ["Sentence", "sentence"]

Sentence = Texts
"""The same said in `en` and `ja`."""


def sentence(en: str, ja: str, **parts: Texts | str) -> Sentence:
    """Both wordings, with the parts that they name in braces put in, each in its language."""
    return {
        language: template.format(**{name: _in(part, language) for name, part in parts.items()})
        for language, template in (("en", en), ("ja", ja))
    }


def _in(part: Texts | str, language: str) -> str:
    if isinstance(part, str):
        return part
    return part.get(language) or part.get("en") or next(iter(part.values()), "")
