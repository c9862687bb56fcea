"""Does the data set have a model at all? HermiT answers, the clash rules say why not."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from econsec.knowledge.reasoning.clashes import Clash, find_clashes
from econsec.knowledge.reasoning.hermit import Hermit
from econsec.knowledge.reasoning.naming import short
from econsec.knowledge.reasoning.rdfxml import write_rdfxml
from econsec.knowledge.reasoning.theory import read_theory
from econsec.knowledge.reasoning.view import ontology_view, whole_view

__all__ = ["Consistency", "check_consistency"]


@dataclass(frozen=True, slots=True)
class Consistency:
    """The verdict.

    `consistent`: HermiT found a model. `unsatisfiable`: the classes that have
    no member in any model; looked for in the ontology alone, and only when the
    whole is consistent. `explanation`: what the clash rules found, which may be
    nothing, for they draw less than HermiT.
    """

    consistent: bool
    unsatisfiable: tuple[NamedNode, ...]
    explanation: tuple[Clash, ...]
    seconds: float

    def __str__(self) -> str:
        if not self.consistent:
            known = "" if self.explanation else "; the clash rules find no reason for it"
            return f"inconsistent{known}"
        if self.unsatisfiable:
            names = ", ".join(map(short, self.unsatisfiable))
            return f"consistent, but there can be no member of {names}"
        return "consistent"

    @property
    def sound(self) -> bool:
        """Nothing found, by HermiT or by the clash rules."""
        return self.consistent and not self.unsatisfiable and not self.explanation


def check_consistency(
    store: Store, *, tbox: NamedNode, inferred: NamedNode, hermit: Hermit
) -> Consistency:
    """Judge the default graph of a saturated store (`materialise`), `inferred` left out.

    Raises `NotAvailable` and `InvalidInput` as `Hermit` does, and as
    `find_clashes` does.
    """
    started = time.monotonic()
    theory = read_theory(store, tbox)
    explanation = find_clashes(store, tbox=tbox)
    with tempfile.TemporaryDirectory(prefix="econsec-") as folder:
        whole = whole_view(store, theory.terminology, inferred=inferred)
        consistent = hermit.is_consistent(write_rdfxml(whole, Path(folder) / "whole.rdf"))
        unsatisfiable: tuple[NamedNode, ...] = ()
        if consistent:
            ontology = ontology_view(store, theory.terminology, tbox=tbox)
            unsatisfiable = hermit.empty_classes(write_rdfxml(ontology, Path(folder) / "tbox.rdf"))
    return Consistency(consistent, unsatisfiable, explanation, time.monotonic() - started)
