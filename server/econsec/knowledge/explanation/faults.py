"""What a validation found of a designation, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from econsec.knowledge.explanation.facts import Facts
from econsec.knowledge.explanation.sentences import Sentence, enclosed, listed, prefixed, sentence
from econsec.knowledge.reports import Result, Severity, Texts

__all__ = ["faults"]

_KINDS = {
    Severity.VIOLATION: {"en": "Fault", "ja": "指摘"},
    Severity.WARNING: {"en": "Warning", "ja": "警告"},
    Severity.INFO: {"en": "Remark", "ja": "参考"},
}


def faults(facts: Facts, this: NamedNode, found: Sequence[Result]) -> Iterator[Sentence]:
    """What the validation found, the law that each demand stands for, and what would mend it."""
    for result in found:
        about = {} if result.focus == this else facts.label(result.focus)
        yield sentence(
            "{kind}{about}: {message}{law}{fix}",
            "{kind}{about}：{message}{law}{fix}",
            kind=_KINDS[result.severity],
            about=enclosed(about or None, en=" in “{}”", ja="（{}）"),
            message=result.messages,
            law=enclosed(_bases(result), en=" [{}]", ja="［{}］"),
            fix=prefixed(result.fix or None, en=" To mend it: ", ja=" 是正策："),
        )


def _bases(result: Result) -> Texts | None:
    if not result.basis:
        return None
    labels = [basis.label or {"en": basis.iri.value} for basis in result.basis]
    return listed(labels, en=", ", ja="、")
