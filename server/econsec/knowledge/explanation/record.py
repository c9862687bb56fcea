"""What is said of one thing."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from econsec.knowledge.reports import Texts

__all__ = ["Explanation", "Sentence", "sentence"]

Sentence = Texts
"""The same said in `en` and `ja`."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `focus` stands as it does, the verdict first.

    `is_valid` is `None` for a thing that is no designation and has none.
    """

    focus: NamedNode
    label: Texts
    is_valid: bool | None
    sentences: tuple[Sentence, ...]

    def text(self, language: str) -> str:
        """The sentences as lines, in `en` or `ja`."""
        return "\n".join(sentence[language] for sentence in self.sentences)


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
