"""The report as HTML, parsed as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5rdf
import pytest
from pyoxigraph import Literal, NamedNode

from econsec.knowledge.reports import Explanation, Report
from econsec.knowledge.reports.grouping import Grouping
from econsec.knowledge.reports.html import as_html

WHITESPACE = re.compile(r"\s+")


def page(report: Report, language: str = "en", grouping: Grouping = Grouping.NODE) -> Element:
    """The tree of a page without any parse error."""
    parser = html5rdf.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(as_html(report, language=language, grouping=grouping))


def text(element: Element) -> str:
    return WHITESPACE.sub(" ", "".join(element.itertext())).strip()


def of_class(tree: Element, name: str) -> Iterator[Element]:
    return (each for each in tree.iter() if name in (each.get("class") or "").split())


def facts(element: Element) -> dict[str, str]:
    """What the description lists in an element say, by heading."""
    names = [text(each) for each in element.iter("dt")]
    values = [text(each) for each in element.iter("dd")]
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize("name", ["report", "clean", "idle", "cut"])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("grouping", Grouping)
def test_every_page_is_valid_and_stands_alone(
    name: str, language: str, grouping: Grouping, request: pytest.FixtureRequest
) -> None:
    tree = page(request.getfixturevalue(name), language, grouping)
    assert tree.get("lang") == language
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base", "video"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"src"}
    assert not re.search(r"url\(|@import", "".join(next(tree.iter("style")).itertext()))
    assert len(list(tree.iter("h1"))) == 1


def test_the_verdict_comes_first(report: Report, clean: Report) -> None:
    assert text(next(page(report).iter("main"))).startswith(
        "Validation report Does not conform violations: 2 warnings: 1 infos: 2 3 shapes, 1 of them"
    )
    assert text(next(page(clean, "ja").iter("h1"))) == "適合"


def test_a_result_says_what_the_record_says(report: Report) -> None:
    group = next(page(report).iter("article"))
    assert text(next(group.iter("h3"))) == "permanent magnets"
    assert facts(next(group.iter("header"))) == {
        "node": "designation:jp-scp-permanent-magnets",
        "place": "cases/magnets and more.ttl:12",
        "graph": "graph:reference",
    }
    first = next(of_class(group, "result"))
    assert text(next(of_class(first, "marks"))) == "violation criterion not met"
    assert text(next(of_class(first, "message"))) == "Criterion not met: external dependency."
    assert facts(first) == {
        "path": "es:hasUnmetAssessment / es:assessesCriterion",
        "law": "Economic Security Promotion Act, Article 7 (in force from 2022-08-01) "
        "text of the law",
        "fix": "Correct the assessment.",
        "shape": "external dependency: met esh:external-dependency-met",
        "constraint component": "sh:QualifiedMaxCountConstraintComponent",
    }


def test_results_are_grouped_by_node_or_by_shape(report: Report) -> None:
    def sizes(grouping: Grouping) -> list[int]:
        groups = page(report, grouping=grouping).iter("article")
        return [len(list(of_class(group, "result"))) for group in groups]

    assert sizes(Grouping.NODE) == [2, 1, 1, 1]
    assert sizes(Grouping.SHAPE) == [1, 1, 1, 1, 1]
    group = next(page(report, "ja", Grouping.SHAPE).iter("article"))
    assert text(next(group.iter("h3"))) == "外部依存性：充足"
    assert "満たされないと評価されていない。" in text(next(group.iter("header")))
    assert facts(next(of_class(group, "result")))["対象"] == (
        "永久磁石 designation:jp-scp-permanent-magnets"
    )


def test_only_addresses_on_the_web_are_links(report: Report) -> None:
    for grouping in Grouping:
        links = {a.get("href") for a in page(report, grouping=grouping).iter("a")}
        assert all(str(link).startswith(("http://www.w3.org/", "https://")) for link in links)
        assert "https://example.org/a" in links
        assert "https://laws.e-gov.go.jp/law/504AC0000000043" in links
        assert "javascript:alert(1)" in text(page(report, grouping=grouping))


def test_hostile_text_stays_text(report: Report) -> None:
    shown = text(page(report))
    assert "<img src=x onerror=alert(1)>" in shown
    assert "</style><script>alert(1)</script>" in shown
    assert "next\ufffd\ufffd[31m line" in shown
    assert "\u202e" not in text(page(report, "ja"))


def test_texts_of_the_data_say_their_language_and_are_isolated(report: Report) -> None:
    tree = page(report, "ja")
    languages = {text(bdi): bdi.get("lang") for bdi in tree.iter("bdi")}
    assert languages["要件の非充足：外部依存性。"] == "ja"
    assert languages["no language"] == ""
    (english,) = (bdi for bdi in tree.iter("bdi") if text(bdi).startswith("A | B"))
    assert english.get("lang") == "en"


def test_idle_shapes_stand_apart_from_the_audit(report: Report) -> None:
    tree = page(report)
    rows = [[text(cell) for cell in row] for row in next(tree.iter("table")).iter("tr")]
    assert rows[0] == ["shape", "focus nodes", "results", "engine", "time"]
    assert rows[1] == [
        "product esh:SpecifiedCriticalProductDesignationShape",
        *("2", "2", "fast", "0.250 s"),
    ]
    assert rows[2] == ["esh:FirstOrderShape", "2", "1", "reference", ""]
    assert len(rows) == 3
    assert text(next(of_class(tree, "idle"))) == "trade ban esh:TradeBanShape"


def test_each_designation_is_explained_in_the_language_of_the_page(report: Report) -> None:
    hostile = {"en": "Fault: <b>no</b> & javascript:alert(1)", "ja": "指摘：なし。"}
    explanations = (
        Explanation(
            NamedNode("https://example.org/d"),
            {"en": "the designation", "ja": "指定"},
            False,
            ({"en": "Not valid: it lacks a date.", "ja": "無効：日付がない。"}, hostile),
        ),
        Explanation(NamedNode("javascript:alert(1)"), {"en": "other"}, True, ()),
    )
    explained = replace(report, explanations=explanations)

    def section(language: str) -> Element:
        (found,) = of_class(page(explained, language), "explanations")
        return found

    english = section("en")
    assert text(next(english.iter("h2"))) == "Why each designation is valid or not"
    assert [text(each) for each in english.iter("h3")] == ["the designation", "other"]
    assert [text(each) for each in english.iter("li")] == [
        "Not valid: it lacks a date.",
        "Fault: <b>no</b> & javascript:alert(1)",
    ]
    assert [a.get("href") for a in english.iter("a")] == ["https://example.org/d"]
    japanese = section("ja")
    assert [(text(each), each[0].get("lang")) for each in japanese.iter("li")] == [
        ("無効：日付がない。", "ja"),
        ("指摘：なし。", "ja"),
    ]
    assert not list(of_class(page(report), "explanations"))


def test_a_cut_report_says_so_loudly(cut: Report, report: Report) -> None:
    (notice,) = of_class(page(cut), "notice")
    assert text(notice) == (
        "This report is incomplete: it shows 1 of 5 results. "
        "Left out are violations: 1, warnings: 1, infos: 2; they count for the verdict."
    )
    assert not list(of_class(page(report), "notice"))


def test_a_verdict_on_nothing_is_qualified(idle: Report) -> None:
    (notice,) = of_class(page(idle, "ja"), "notice")
    assert text(notice).startswith("どのシェイプにも対象がありませんでした。")


def test_a_value_that_is_false_is_shown(report: Report) -> None:
    empty = replace(report.results[0], value=Literal(""))
    assert facts(next(of_class(page(Report((empty,), ())), "result")))["value"] == '""'
