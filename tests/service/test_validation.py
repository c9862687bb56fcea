"""What a validation is carried out on, and the bytes that its report becomes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.reading import Document, document
from econsec.knowledge.reports import Severity
from econsec.knowledge.reports.formats import ReportFormat, render
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import PREFIXES
from econsec.service.validation import Request, joined, validate

HEAD = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("amount", "es", "sh"))
AMOUNT = 'amount:example a es:Amount ; es:asPrinted "253億円" .'


def documents(text: str) -> list[Document]:
    return [document((HEAD + text).encode(), name="-", format=TURTLE)]


def test_a_profile_chooses_the_shapes() -> None:
    report = validate(Request(documents=documents(AMOUNT), profile="document"))
    names = {str(result.shape).rpartition("#")[2][:-1] for result in report.results}
    assert names >= {"amount-value", "amount-currency", "amount-qualifier"}
    assert validate(Request(documents=documents(AMOUNT), profile="designation")).results == ()


def test_without_a_profile_every_shape_counts() -> None:
    report = validate(Request(documents=documents(AMOUNT)))
    names = {str(result.shape).rpartition("#")[2][:-1] for result in report.results}
    assert {"amount-value", "label-en", "label-ja"} <= names


def test_with_shapes_of_ones_own_ours_are_left_out() -> None:
    own = [
        q for d in documents("es:S sh:targetClass es:Amount ; sh:closed true .") for q in d.quads()
    ]
    report = validate(Request(documents=documents(AMOUNT), shapes=own))
    assert {result.component.value.rpartition("#")[2] for result in report.results} == {
        "ClosedConstraintComponent"
    }


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError, match="documents"):
        validate(Request(documents=documents(AMOUNT), profile="documents"))


def test_every_format_is_rendered() -> None:
    report = validate(Request(documents=documents(AMOUNT), profile="document"))
    written = {format: render(report, format, language="ja").decode() for format in ReportFormat}
    assert "不適合" in written[ReportFormat.TEXT]
    assert "sh:ValidationReport" in written[ReportFormat.TURTLE]
    assert "ValidationReport> ." in written[ReportFormat.N_TRIPLES]
    assert json.loads(written[ReportFormat.JSON])["conforms"] is False
    assert len(json.loads(written[ReportFormat.JSON_LD])) > 3


def shapes(text: str) -> list[Any]:
    return [quad for each in documents(text) for quad in each.quads()]


def test_graphs_of_the_data_set_are_judged_alone() -> None:
    law = shapes("es:S sh:targetClass es:StatutoryVersion ; sh:closed true .")
    graph = "https://w3id.org/econsec/graph/law/jp"
    report = validate(Request(graphs=[graph], shapes=law))
    assert {str(result.graph) for result in report.results} <= {f"<{graph}>"}
    assert sum(audit.focus_nodes for audit in report.audit) > 10
    with pytest.raises(InvalidInput, match="there is no graph"):
        validate(Request(graphs=["urn:none"], shapes=law))
    with pytest.raises(InvalidInput, match="generated"):
        validate(Request(graphs=["https://w3id.org/econsec/graph/inferred"], shapes=law))


EARLY = """designation:early a es:SpecifiedCriticalProductDesignation ;
    es:designates good:semiconductors ; es:designatingAuthority actor:cabinet-of-japan ;
    es:designationDate "2022-07-31"^^xsd:date ; es:notStated es:hasStatus .
"""


def early(name: str = "-") -> list[Document]:
    prefixes = "".join(
        f"@prefix {each}: <{PREFIXES[each]}> .\n"
        for each in ("actor", "designation", "es", "good", "xsd")
    )
    return [document((prefixes + EARLY).encode(), name=name, format=TURTLE)]


def test_designations_are_explained_where_that_is_asked_for() -> None:
    request = Request(documents=early(), profile="designation")
    assert validate(request).explanations == ()
    (told,) = validate(replace(request, explained=True)).explanations
    assert (told.focus.value, told.is_valid) == (f"{PREFIXES['designation']}early", False)
    # The label of the Cabinet stands in a source, which is not judged with the document.
    assert "It was made by Cabinet of Japan." in told.text("en")
    assert "指定したのは「内閣」です。" in told.text("ja")
    assert "Evidence: " in told.text("en")
    assert "The provision was not in force: " in told.text("en")


def test_a_document_is_explained_by_itself_and_not_by_what_sources_said_before() -> None:
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("designation", "es"))
    name = "jp-russian-ministry-of-defence"
    text = f"{prefixes}designation:{name} a es:EntityDesignation ."
    again = document(text.encode(), name="-", format=TURTLE)
    (told,) = validate(Request(documents=[again], explained=True)).explanations
    assert told.focus.value.endswith(name)
    assert "It was made by" not in told.text("en")  # as a source says, and the document does not


def test_designations_of_graphs_and_data_sets_are_explained() -> None:
    law = "https://w3id.org/econsec/graph/law/jp"
    request = Request(graphs=[law], profile="designation", explained=True)
    told = {each.focus.value.rpartition("/")[2]: each for each in validate(request).explanations}
    assert len(told) >= 15
    everything = validate(Request(profile="designation", explained=True)).explanations
    assert {each.focus.value.rpartition("/")[2] for each in everything} >= told.keys()
    (magnets,) = (e for e in everything if e.focus.value.endswith("product-permanent-magnets"))
    assert magnets.is_valid is True
    assert "Evidence: permanent magnets in “" in magnets.text("en")
    assert magnets in told.values()


def test_a_graph_is_judged_within_its_data_set() -> None:
    report = validate(Request(graphs=["https://w3id.org/econsec/graph/law/jp"]))
    assert [str(result.focus) for result in report.results] == []


def test_broken_shapes_have_the_place_that_their_document_has() -> None:
    (broken,) = documents("es:S sh:targetClass es:Amount ;\n sh:clsoed true .")
    with pytest.raises(InvalidInput) as raised:
        validate(Request(documents=documents(AMOUNT), shape_documents=[broken]))
    assert (raised.value.source, raised.value.line) == ("-", HEAD.count("\n") + 1)


@pytest.mark.parametrize("brought", [{"shapes": ()}, {"shape_documents": documents("")}])
def test_no_shapes_of_ones_own_are_no_shapes_of_ours(brought: dict[str, Any]) -> None:
    assert validate(Request(documents=documents(AMOUNT), **brought)).audit == ()


def test_what_stands_in_no_graph_is_said_to_stand_in_none() -> None:
    own = shapes("es:S sh:targetClass es:Amount ; sh:property [ sh:path es:x ; sh:minCount 1 ] .")
    for brought in ({"documents": documents(AMOUNT)}, {"quads": shapes(AMOUNT)}):
        (result,) = validate(Request(shapes=own, **brought)).results
        assert result.graph is None


def test_results_say_the_line_of_what_was_read_and_of_what_was_fetched_none() -> None:
    own = shapes("es:S sh:targetClass es:Amount ; sh:closed true .")
    read = validate(Request(documents=documents(AMOUNT), shapes=own))
    assert {str(result.place) for result in read.results} == {f"-:{HEAD.count(chr(10)) + 1}"}
    fetched = validate(Request(fetched=documents(AMOUNT), shapes=own))
    assert {result.place for result in fetched.results} == {None}


def test_reports_are_joined() -> None:
    own = shapes("es:S sh:targetClass es:Amount ; sh:closed true .")
    advice = "es:W sh:targetClass es:Amount ; sh:closed true ; sh:severity sh:Warning ."
    one = validate(Request(documents=documents(AMOUNT), shapes=[*own, *shapes(advice)]))
    both = joined([one, one.limited(1)])
    assert len(both.results) == len(one.results) + 1
    severities = [result.severity for result in both.results]
    assert severities == sorted(severities, key=[*Severity].index)
    assert [audit.focus_nodes for audit in both.audit] == [2] * len(one.audit)
    assert both.counts() == one.counts() + one.counts()
    assert both.is_truncated
