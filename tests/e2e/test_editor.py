"""The query page in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener, Recorder

Barriers = Callable[[Page], list[str]]

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?x a <https://w3id.org/econsec/ontology#Chokepoint> }"
WRONG = "SELECT * WHERE {\n  ?s ?p ?o .\n}\nLIMIT many"
RUN = {"en": "Run the query", "ja": "実行する"}


def write(page: Page, text: str) -> None:
    """Replace the query, at one stroke: what is typed would be completed and indented."""
    page.locator("[data-ready]").wait_for()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def query_of(page: Page) -> str:
    return str(page.locator("#query").input_value())


def cells(page: Page) -> list[str]:
    page.locator("#panel-table tbody tr").first.wait_for()
    return list(page.locator("#panel-table tbody td").all_inner_texts())


def test_a_query_is_written_and_run(opened: Opener) -> None:
    page = opened("/sparql")
    write(page, COUNT)
    page.get_by_role("button", name=RUN["en"]).click()
    (number,) = cells(page)
    assert int(number) > 0
    expect(page.get_by_role("status")).to_contain_text("1 row")
    assert parse_qs(urlsplit(page.url).query)["query"] == [COUNT]


def test_the_keyboard_runs_it_and_leaves_the_editor(opened: Opener) -> None:
    page = opened("/sparql")
    write(page, COUNT)
    page.keyboard.press("Control+Enter")
    assert len(cells(page)) == 1
    page.locator(".CodeMirror").click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=RUN["en"])).to_be_focused()


@pytest.mark.parametrize(("language", "name"), [("en", "rare metals"), ("ja", "レアメタル")])
def test_an_example_is_one_click_away_and_speaks_the_language(
    opened: Opener, language: str, name: str
) -> None:
    page = opened("/sparql", language=language)
    page.locator('.examples a[href*="example=chokepoints"]').click()
    cells(page)
    link = page.locator("#panel-table td a", has_text=re.compile(name, re.IGNORECASE)).first
    expect(link).to_be_visible()
    assert urlsplit(link.get_attribute("href") or "").path.startswith("/doc/id/")
    assert f'"{language}"' in query_of(page)


def test_the_graph_and_the_chart_are_drawn(opened: Opener) -> None:
    page = opened("/sparql?example=budgets")
    cells(page)
    page.get_by_role("tab", name="Graph").click()
    canvas = page.locator("#panel-graph .canvas[data-drawn]")
    expect(canvas.locator("canvas").first).to_be_visible()
    assert int(canvas.get_attribute("data-drawn") or 0) > 5
    page.get_by_role("tab", name="Chart").click()
    page.locator("#panel-chart .chart[data-drawn]").wait_for()
    assert page.locator("#panel-chart svg .mark-rect path").count() > 5


def test_a_graph_is_a_table_a_text_and_a_picture(opened: Opener) -> None:
    page = opened("/sparql?example=neighbourhood-graph", language="ja")
    assert len(cells(page)) >= 30
    page.get_by_role("tab", name="応答").click()
    expect(page.locator(".raw")).to_contain_text("skos/core#prefLabel")
    page.get_by_role("tab", name="グラフ図").click()
    page.locator("#panel-graph .canvas[data-drawn]").wait_for()
    expect(page.get_by_role("link", name="Turtle")).to_be_visible()


@pytest.mark.parametrize(("language", "place"), [("en", "Line 4, column 7"), ("ja", "4 行 7 列")])
def test_an_error_is_shown_with_its_line(
    opened: Opener, recorder: Recorder, language: str, place: str
) -> None:
    recorder.refusals.add("/sparql")
    page = opened("/sparql", language=language)
    write(page, WRONG)
    page.get_by_role("button", name=RUN[language]).click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(place)
    expect(problem).to_contain_text("malformed")
    assert page.locator(".wrong-line").count() == 1
    expect(page.locator(".wrong-line")).to_contain_text("LIMIT")
    problem.get_by_role("button").click()
    page.keyboard.insert_text("10 #")
    assert query_of(page).endswith("\nLIMIT 10 #many")
    assert page.locator(".wrong-line").count() == 0


def test_a_class_is_completed_by_its_japanese_name(opened: Opener) -> None:
    page = opened("/sparql", language="ja")
    write(page, "SELECT * WHERE { ?x a ")
    page.keyboard.insert_text("チョークポイント")
    hint = page.locator(".CodeMirror-hint", has_text="es:Chokepoint").first
    expect(hint).to_contain_text("クラス")
    hint.click()
    assert "?x a es:Chokepoint" in query_of(page)
    assert "PREFIX es: <https://w3id.org/econsec/ontology#>" in query_of(page)


def test_a_prefix_that_is_typed_is_declared(opened: Opener) -> None:
    page = opened("/sparql")
    write(page, "SELECT * WHERE { ?x ")
    page.keyboard.type("skos:")
    assert query_of(page).startswith("PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n")


def test_the_answer_is_taken_away(opened: Opener) -> None:
    page = opened(f"/sparql?query={quote(COUNT)}")
    (number,) = cells(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text().split() == ["n", number]
    link = page.get_by_role("link", name="Link to this answer").get_attribute("href") or ""
    answer = page.request.get(link).json()
    assert answer["results"]["bindings"][0]["n"]["value"] == number


def test_what_the_data_says_is_never_markup_or_a_script(opened: Opener) -> None:
    text = """SELECT ?a ?b WHERE { VALUES (?a ?b) {
      ("<img src=x onerror=alert(1)>" <javascript:alert(1)>) } }"""
    page = opened(f"/sparql?query={quote(text)}")
    assert cells(page) == ["<img src=x onerror=alert(1)>", "javascript:alert(1)"]
    assert page.locator("#answer img").count() == 0
    assert page.locator("#answer td a").count() == 0
    page.get_by_role("tab", name="Graph").click()
    page.locator("#panel-graph .canvas[data-drawn]").wait_for()


def test_without_scripts_it_is_a_form(opened: Opener) -> None:
    page = opened("/sparql?example=budgets", language="ja", java_script_enabled=False)
    page.locator("select[name=format]").select_option("xml")
    with page.expect_request(re.compile("format=xml")) as asked:
        page.get_by_role("button", name=RUN["ja"]).click()
    assert asked.value.response().headers["content-type"] == "application/sparql-results+xml"
    parameters = parse_qs(urlsplit(asked.value.url).query)
    assert "重要物資の予算" in parameters["query"][0]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nothing_bars_anybody(opened: Opener, barriers: Barriers, language: str, size: str) -> None:
    page = opened("/sparql?example=chokepoints", language=language, size=size)
    cells(page)
    page.locator("[data-ready]").wait_for()
    assert barriers(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_the_programming_interface_is_drawn_from_our_own_host(opened: Opener) -> None:
    page = opened("/docs")
    expect(page.locator("#operations-default-queryByGet")).to_be_visible()
