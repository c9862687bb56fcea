"""The query catalogue: `.rq` files that say in their front matter what they ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.front_matter import FrontMatter
from econsec.paths import resources
from econsec.rdf.namespaces import XSD
from econsec.rdf.notation import long_iri

__all__ = [
    "KINDS",
    "Parameter",
    "ParameterType",
    "QueryFile",
    "Severity",
    "packaged_catalogue",
    "read_catalogue",
    "read_query",
]

KINDS = ("competency", "examples", "hygiene", "saved")
"""The folders of the catalogue: questions with expected answers, queries shown to
people, queries whose every row is a defect, and queries that have a URL."""

_KEYS = ("title", "description", "keywords", "parameters", "severity")
_PARAMETER_KEYS = ("name", "type", "description", "required", "default")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_ABSOLUTE = re.compile(r"https?://.|urn:.")


class Severity(StrEnum):
    """How much a row of a hygiene query weighs (SHACL, 2.1.4)."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class ParameterType(StrEnum):
    """What the value of a parameter is read as."""

    IRI = "iri"
    STRING = "string"
    DATE = "date"
    INTEGER = "integer"

    def term(self, value: str) -> NamedNode | Literal:
        """The RDF term that `value` stands for; an IRI may be shortened (`long_iri`).

        Raises `ValueError`, which says what is expected, where `value` is not of this type.
        """
        match self:
            case ParameterType.IRI:
                return _iri(value)
            case ParameterType.DATE:
                return Literal(_day(value), datatype=XSD("date"))
            case ParameterType.INTEGER:
                if _INTEGER.fullmatch(value) is None:
                    raise ValueError("expected a whole number in digits")
                return Literal(value, datatype=XSD("integer"))
            case ParameterType.STRING:
                return Literal(value)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a query that the caller binds; `default` is what it is without."""

    name: str
    type: ParameterType
    description: Mapping[str, str]
    default: str | None

    @property
    def required(self) -> bool:
        """Whether the query cannot be run without a value."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class QueryFile:
    """One query of the catalogue; `title` and `description` are by language.

    `text` is the whole file, so that an error's line is a line of the file.
    """

    name: str
    kind: str
    path: Path
    title: Mapping[str, str]
    description: Mapping[str, str]
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    severity: Severity
    text: str

    @property
    def expected(self) -> Path | None:
        """The answer that lies beside the query, TSV or (of a graph) Turtle."""
        answers = (self.path.with_suffix(suffix) for suffix in (".tsv", ".ttl"))
        return next((answer for answer in answers if answer.is_file()), None)


@cache
def packaged_catalogue() -> Mapping[str, tuple[QueryFile, ...]]:
    """The packaged queries, read once for all who show or run them. Raises `InvalidInput`."""
    return read_catalogue(resources() / "queries")


def read_catalogue(root: Path) -> dict[str, tuple[QueryFile, ...]]:
    """The queries below `root` (the `queries/` folder) by kind, each kind by name.

    Raises `InvalidInput` on the first file that does not say what it must.
    """
    strangers = sorted(path for path in root.rglob("*.rq") if _kind(path, root) not in KINDS)
    for path in strangers:
        raise InvalidInput(
            "the query lies in no folder of the catalogue",
            source=str(path),
            remedy=f"the folders of {root} are {', '.join(KINDS)}",
        )
    return {
        kind: tuple(read_query(path, kind=kind) for path in sorted((root / kind).glob("*.rq")))
        for kind in KINDS
    }


def read_query(path: Path, *, kind: str) -> QueryFile:
    """Read one `.rq` file. Raises `InvalidInput` with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the query cannot be read: {error}", source=str(path)) from error
    matter = FrontMatter.read(path, text, keys=_KEYS)
    return QueryFile(
        name=path.stem,
        kind=kind,
        path=path,
        title=matter.texts("title"),
        description=matter.texts("description"),
        keywords=matter.words("keywords"),
        parameters=_parameters(matter, text),
        severity=_severity(matter),
        text=text,
    )


def _kind(path: Path, root: Path) -> str:
    folders = path.relative_to(root).parts[:-1]
    return folders[0] if len(folders) == 1 else ""


def _severity(matter: FrontMatter) -> Severity:
    value = matter.values.get("severity", Severity.VIOLATION)
    try:
        return Severity(value)
    except ValueError as error:
        remedy = f"known are {', '.join(Severity)}"
        raise matter.error(f"{value!r} is no severity", key="severity", remedy=remedy) from error


def _parameters(matter: FrontMatter, text: str) -> tuple[Parameter, ...]:
    found = tuple(
        _parameter(matter, item, text)
        for item in matter.mappings("parameters", keys=_PARAMETER_KEYS)
    )
    names = [parameter.name for parameter in found]
    for name in names:
        if names.count(name) > 1:
            raise matter.error(f"the parameter {name!r} is declared twice", key="parameters")
    return found


def _parameter(matter: FrontMatter, item: Mapping[str, Any], text: str) -> Parameter:
    name = item.get("name")
    if not isinstance(name, str) or _VARIABLE.fullmatch(name) is None:
        raise matter.error(f"{name!r} is no name of a variable", key="name")
    if re.search(rf"[?$]{name}\b", text) is None:
        raise matter.error(f"the query does not use its parameter ?{name}", key="parameters")
    try:
        kind = ParameterType(item.get("type", ParameterType.STRING))
    except ValueError as error:
        remedy = f"known are {', '.join(ParameterType)}"
        raise matter.error(f"?{name} has an unknown type", key="type", remedy=remedy) from error
    return Parameter(
        name=name,
        type=kind,
        description=matter.texts("description", item),
        default=_default(matter, item, kind),
    )


def _default(matter: FrontMatter, item: Mapping[str, Any], kind: ParameterType) -> str | None:
    required = item.get("required", "default" not in item)
    if required is ("default" in item):
        raise matter.error(
            f"the parameter {item['name']!r} is either required or has a default", key="parameters"
        )
    if required:
        return None
    # YAML has read dates and numbers already; their text is the lexical form again.
    value = str(item["default"])
    try:
        kind.term(value)
    except ValueError as error:
        detail = f"the default {value!r} is no {kind}: {error}"
        raise matter.error(detail, key="default") from error
    return value


def _iri(value: str) -> NamedNode:
    iri = long_iri(value)
    if _ABSOLUTE.match(iri) is None:
        raise ValueError("expected a full IRI, or one shortened with a prefix of the project")
    return NamedNode(iri)


def _day(value: str) -> str:
    # Python reads 20220601 and 2022-W22-3 as dates too; xsd:date does not.
    if _DAY.fullmatch(value) is None:
        raise ValueError("expected a day as YYYY-MM-DD")
    return date.fromisoformat(value).isoformat()
