"""Front matter: YAML in the leading `#+` comment lines of a query file (as in grlc)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from econsec.errors import InvalidInput

__all__ = ["LANGUAGES", "FrontMatter"]

LANGUAGES = ("en", "ja")

_MARK = "#+"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The mapping at the head of a query file; its errors point at the key they are about."""

    path: Path
    lines: tuple[str, ...]
    values: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path, text: str, *, keys: Collection[str]) -> FrontMatter:
        """Take the front matter off `text`; no other `keys` may stand in it.

        Raises `InvalidInput` with the line in the file.
        """
        lines = tuple(_marked_lines(text))
        values = _load(path, lines)
        matter = cls(path, lines, values)
        for key in values:
            if key not in keys:
                raise matter.error(f"unknown key {key!r}", key=key, remedy=_one_of(keys))
        return matter

    def error(
        self, detail: str, *, key: str | None = None, remedy: str | None = None
    ) -> InvalidInput:
        """An error in this file, at the line of `key` where it has one, else the first."""
        pattern = re.compile(rf"\W*{re.escape(str(key))}\W*:")
        numbers = (n for n, line in enumerate(self.lines, start=1) if pattern.match(line))
        return InvalidInput(detail, source=str(self.path), line=next(numbers, 1), remedy=remedy)

    def texts(self, key: str, values: Mapping[str, Any] | None = None) -> Mapping[str, str]:
        """The text under `key` in each language, none of them missing."""
        value = (self.values if values is None else values).get(key)
        if not isinstance(value, dict) or {*value} != {*LANGUAGES}:
            raise self.error(f"{key} must have a text in {' and '.join(LANGUAGES)}", key=key)
        for language, text in value.items():
            if not isinstance(text, str) or not text.strip():
                raise self.error(f"{key} has no text in {language!r}", key=key)
        return {language: value[language].strip() for language in LANGUAGES}

    def words(self, key: str) -> tuple[str, ...]:
        """The list of words under `key`, empty where there is none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.error(f"{key} must be a list of words", key=key)
        return tuple(value)

    def mappings(self, key: str, *, keys: Collection[str]) -> tuple[Mapping[str, Any], ...]:
        """The list of mappings under `key`, none of them with other `keys`."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} must be a list of mappings", key=key)
        for item in value:
            for name in item:
                if name not in keys:
                    raise self.error(f"unknown key {name!r}", key=name, remedy=_one_of(keys))
        return tuple(value)


def _marked_lines(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith(_MARK):
            break
        lines.append(line.removeprefix(_MARK).removeprefix(" "))
    return lines


def _load(path: Path, lines: tuple[str, ...]) -> dict[str, Any]:
    try:
        values = yaml.safe_load("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InvalidInput(
            f"the front matter is not YAML: {error.problem}",
            source=str(path),
            line=1 if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + len(_MARK) + 2,
        ) from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"the front matter is not YAML: {error}", source=str(path)) from error
    if not isinstance(values, dict):
        raise InvalidInput(
            "the query has no front matter",
            source=str(path),
            line=1,
            remedy=f"begin with comment lines such as `{_MARK} title: {{en: …, ja: …}}`",
        )
    return values


def _one_of(keys: Collection[str]) -> str:
    return f"known are {', '.join(sorted(keys))}"
