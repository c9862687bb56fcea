"""The values that a query is asked with: what the caller gives, checked and typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from econsec.engine.binding import variables
from econsec.engine.store import Binding
from econsec.errors import UsageError
from econsec.knowledge.catalogue import Parameter, ParameterType

__all__ = ["AS_OF", "bindings"]

AS_OF = "asOf"
"""The variable of the day that an answer is about."""

_REMEDIES = {
    ParameterType.DATE: "write a day as YYYY-MM-DD, one that the calendar has",
    ParameterType.IRI: "write an IRI in full, or with a prefix as in measure:jp-export-ban-ru-4",
    ParameterType.INTEGER: "write a whole number in digits",
    ParameterType.STRING: "write valid Unicode",
}


@dataclass(frozen=True, slots=True)
class _Value:
    """One value as the caller wrote it, and the option that it came by."""

    name: str
    text: str
    option: str


def bindings(
    text: str, parameters: Sequence[Parameter], *, values: Iterable[str], as_of: str | None
) -> tuple[Binding, ...]:
    """What the query `text` is asked with: `values` (`name=value`), the day, and defaults.

    `as_of` may be given to any query that uses ?asOf, declared or not. Raises
    `UsageError` on unknown, repeated, missing and unreadable values, and
    `InvalidInput` where it has to read a text that is not a query.
    """
    given = {value.name: value for value in _given(values, as_of)}
    types = {parameter.name: parameter.type for parameter in parameters}
    if as_of is not None and AS_OF not in types:
        _check_use_of_day(text, parameters)
        types[AS_OF] = ParameterType.DATE
    for value in given.values():
        if value.name not in types:
            detail = f"the query has no parameter {value.name!r}"
            raise UsageError(detail, source=value.option, remedy=_known(parameters))
    for parameter in parameters:
        if parameter.default is not None:
            default = _Value(parameter.name, parameter.default, "default")
            given.setdefault(parameter.name, default)
        elif parameter.name not in given:
            detail = f"the query needs a value for {parameter.name!r}"
            raise UsageError(detail, remedy=_known(parameters))
    return tuple(_binding(given[name], types[name]) for name in sorted(given))


def _given(values: Iterable[str], as_of: str | None) -> tuple[_Value, ...]:
    found = [_Value(AS_OF, as_of, "--as-of")] if as_of is not None else []
    for item in values:
        name, sign, text = item.partition("=")
        if not sign or not name:
            raise UsageError(
                f"{item!r} gives no value", source="--param", remedy="write NAME=VALUE"
            )
        if any(value.name == name for value in found):
            raise UsageError(f"{name!r} is given twice", source="--param", remedy="give it once")
        found.append(_Value(name, text, "--param"))
    return tuple(found)


def _check_use_of_day(text: str, parameters: Sequence[Parameter]) -> None:
    if AS_OF in variables(text):
        return
    detail = f"the query does not use ?{AS_OF}, so the day would change nothing"
    remedy = _known(parameters) if parameters else f"compare dates with ?{AS_OF} in the query"
    raise UsageError(detail, source="--as-of", remedy=remedy)


def _binding(value: _Value, kind: ParameterType) -> Binding:
    try:
        return Binding(value.name, kind.term(value.text))
    except ValueError as error:
        detail = f"{value.text!r} is no {kind} for {value.name!r}"
        raise UsageError(detail, source=value.option, remedy=_REMEDIES[kind]) from error


def _known(parameters: Sequence[Parameter]) -> str:
    if not parameters:
        return "only packaged queries with parameters take --param"
    return "its parameters are " + "; ".join(_described(each) for each in parameters)


def _described(parameter: Parameter) -> str:
    value = "required" if parameter.default is None else f"default {parameter.default}"
    return f"{parameter.name} ({parameter.type}, {value}): {parameter.description['en']}"
