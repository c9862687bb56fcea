"""Messages: a shape's own, else what its constraint component says in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal

from econsec.knowledge.reports import Texts, spelt
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import ShapesGraph, texts_of
from econsec.rdf.namespaces import SH

__all__ = ["messages_of"]

_VARIABLE = re.compile(r"\{[?$](\w+)\}")
_PLACEHOLDER = re.compile(r"\\\{\\[?$]\w+\\\}")

_DEFAULTS: Mapping[str, tuple[str, str, str]] = {
    "And": (
        "and",
        "The value does not conform to all of the shapes.",
        "値が全てのシェイプには適合していません。",
    ),
    "Class": ("class", "The value is no instance of {}.", "値が {} のインスタンスではありません。"),
    "Closed": (
        "closed",
        "The property is not among those that the shape allows.",
        "シェイプが認めていないプロパティです。",
    ),
    "Datatype": (
        "datatype",
        "The value is no well-formed literal of {}.",
        "値が {} の正しいリテラルではありません。",
    ),
    "Disjoint": ("disjoint", "The value is a value of {} too.", "値が {} の値でもあります。"),
    "Equals": ("equals", "The values are not those of {}.", "値が {} の値と一致しません。"),
    "HasValue": ("hasValue", "The value {} is missing.", "値 {} がありません。"),
    "In": ("in", "The value is not one of those that are allowed.", "許された値ではありません。"),
    "LanguageIn": (
        "languageIn",
        "The value is in none of the languages that are allowed.",
        "許された言語のいずれでもありません。",
    ),
    "LessThan": (
        "lessThan",
        "The value is not less than every value of {}.",
        "値が {} の全ての値より小さくはありません。",
    ),
    "LessThanOrEquals": (
        "lessThanOrEquals",
        "The value is greater than a value of {}.",
        "値が {} のいずれかの値を超えています。",
    ),
    "MaxCount": ("maxCount", "There are more than {} values.", "値が {} 個を超えています。"),
    "MaxExclusive": (
        "maxExclusive",
        "The value is not less than {}.",
        "値が {} 未満ではありません。",
    ),
    "MaxInclusive": (
        "maxInclusive",
        "The value is not at most {}.",
        "値が {} 以下ではありません。",
    ),
    "MaxLength": (
        "maxLength",
        "The value is longer than {} characters.",
        "値が {} 文字を超えています。",
    ),
    "MinCount": ("minCount", "There are fewer than {} values.", "値が {} 個に足りません。"),
    "MinExclusive": (
        "minExclusive",
        "The value is not greater than {}.",
        "値が {} を超えていません。",
    ),
    "MinInclusive": (
        "minInclusive",
        "The value is not at least {}.",
        "値が {} 以上ではありません。",
    ),
    "MinLength": (
        "minLength",
        "The value is shorter than {} characters.",
        "値が {} 文字に足りません。",
    ),
    "Node": (
        "node",
        "The value does not conform to the shape {}.",
        "値がシェイプ {} に適合していません。",
    ),
    "NodeKind": ("nodeKind", "The value is not of the kind {}.", "値の種類が {} ではありません。"),
    "Not": (
        "not",
        "The value conforms to the shape {}, which it must not.",
        "値が、適合してはならないシェイプ {} に適合しています。",
    ),
    "Or": (
        "or",
        "The value conforms to none of the shapes.",
        "値がいずれのシェイプにも適合していません。",
    ),
    "Pattern": (
        "pattern",
        "The value does not match the pattern {}.",
        "値がパターン {} に一致しません。",
    ),
    "QualifiedMaxCount": (
        "qualifiedMaxCount",
        "More than {} values conform to the shape.",
        "シェイプに適合する値が {} 個を超えています。",
    ),
    "QualifiedMinCount": (
        "qualifiedMinCount",
        "Fewer than {} values conform to the shape.",
        "シェイプに適合する値が {} 個に足りません。",
    ),
    "SPARQL": ("sparql", "The SPARQL constraint is not met.", "SPARQL 制約を満たしていません。"),
    "UniqueLang": (
        "uniqueLang",
        "More than one value is in the same language.",
        "同じ言語の値が二つ以上あります。",
    ),
    "Xone": (
        "xone",
        "The value does not conform to exactly one of the shapes.",
        "値がちょうど一つのシェイプには適合していません。",
    ),
}
"""By constraint component: its parameter, and the message with the parameter's value in it."""


def messages_of(raw: RawResult, shapes: ShapesGraph) -> Texts:
    """What a result says by language: the constraint's own messages, else the shape's (5.3.2)."""
    templates = _templates(raw, shapes)
    if raw.bindings is not None:
        return texts_of(_filled(template, raw.bindings) for template in templates) or _default(
            raw, shapes
        )
    if raw.constraint is not None and raw.written:
        return _recognised(templates, raw.written) or _default(raw, shapes)
    return texts_of(templates) or _default(raw, shapes)


def _templates(raw: RawResult, shapes: ShapesGraph) -> list[Literal]:
    for source in (raw.constraint, raw.shape):
        if source is not None:
            found = [t for t in shapes.objects(source, SH("message")) if isinstance(t, Literal)]
            if found:
                return found
    return []


def _filled(template: Literal, bindings: Mapping[str, str]) -> Literal:
    """A message with the variables of a solution; one that is not bound stays as it is."""
    text = _VARIABLE.sub(lambda found: bindings.get(found[1], found[0]), template.value)
    return Literal(text, language=template.language)


def _recognised(templates: Sequence[Literal], written: Sequence[str]) -> Texts:
    """The messages that pySHACL has filled in: it drops the language where it does."""
    found: list[Literal] = []
    for template in templates:
        pattern = re.compile(_PLACEHOLDER.sub("(?s:.*)", re.escape(template.value)))
        text = next((text for text in written if pattern.fullmatch(text)), None)
        if text is not None:
            found.append(Literal(text, language=template.language))
    return texts_of(found)


def _default(raw: RawResult, shapes: ShapesGraph) -> Texts:
    name = raw.component.value.removeprefix(SH).removesuffix("ConstraintComponent")
    if name not in _DEFAULTS:
        return {"": text} if (text := " ".join(raw.written)) else {}
    parameter, english, japanese = _DEFAULTS[name]
    values = ", ".join(sorted(spelt(value) for value in shapes.objects(raw.shape, SH(parameter))))
    return {"en": english.format(values), "ja": japanese.format(values)}
