"""From the start page to the data: permanent magnets, in English and in Japanese."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Opener, typed

ES = "https://w3id.org/econsec/ontology#"
MAGNETS = "https://w3id.org/econsec/id/good/permanent-magnets"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody types and reads in a language."""

    typed: str
    name: str
    designation: str
    law: str
    under: str
    since: str
    day: str
    budget: str
    amount: str
    dependence: str
    made_from: str
    goes_into: str
    section: str
    is_designated_by: str


WORDS = {
    "en": Words(
        typed="permanent mag",
        name="permanent magnets",
        designation="Designation",
        law="Article 1 of the Order for Enforcement of the Economic Security Promotion Act",
        under="Under the law",
        since="In effect since",
        day="23 December 2022",
        budget="Budget",
        amount="25.3 billion yen",
        dependence="What depends on it, and on what it depends",
        made_from="Made from",
        goes_into="Goes into",
        section="Critical products under METI and their budgets",
        is_designated_by="is designated by",
    ),
    "ja": Words(
        typed="永久磁",
        name="永久磁石",
        designation="指定",
        law="経済安全保障推進法施行令第1条",
        under="根拠規定",
        since="効力発生日",
        day="2022年12月23日",
        budget="予算",
        amount="253億円",
        dependence="依存関係",
        made_from="投入される物",
        goes_into="投入先",
        section="経済産業省関連の重要物資と予算額",
        is_designated_by="により指定される",
    ),
}


def part(page: Page, heading: str) -> Locator:
    """The part of the page under a heading."""
    title = page.get_by_role("heading", name=heading, exact=True, level=2)
    return page.locator("section", has=title)


def fact(place: Locator, name: str) -> Locator:
    """What stands beside a name in a list of facts."""
    return place.locator(f"dt:text-is('{name}') + dd")


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> Words:
    return WORDS[language]


@pytest.fixture
def page(opened: Opener, words: Words, language: str) -> Page:
    """Permanent magnets, found from the start page by typing."""
    page = opened("/", language=language)
    typed(page, words.typed)
    expect(page.get_by_role("option").first).to_contain_text(words.name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/id/good/permanent-magnets*")
    expect(page.locator("h1 .name")).to_have_text(words.name)
    return page


def test_they_are_designated_under_a_law_since_a_day_with_a_budget(
    page: Page, words: Words
) -> None:
    designation = part(page, words.designation)
    expect(fact(designation, words.under)).to_have_text(words.law)
    expect(fact(designation, words.since)).to_have_text(words.day)
    expect(part(page, words.budget)).to_contain_text(words.amount)
    fact(designation, words.under).get_by_role("link").click()
    expect(page.locator("h1 .name")).to_have_text(words.law)


def test_the_section_that_says_so_shows_them(page: Page, words: Words) -> None:
    page.locator("aside").get_by_role("link", name=words.section).click()
    page.wait_for_url("**/sources/meti-2023-01/12*#id-good-permanent-magnets")
    expect(page.locator("h1 .name")).to_have_text(words.section)
    shown = page.locator("li:target")
    expect(shown).to_be_in_viewport()
    expect(shown.locator("h3")).to_have_text(words.name)
    expect(page.locator("main li", has_text=words.amount).first).to_be_visible()


def test_what_they_depend_on_and_what_depends_on_it(
    page: Page, words: Words, language: str
) -> None:
    dependence = part(page, words.dependence)
    earths = {"en": "rare earths", "ja": "レアアース"}[language]
    fact(dependence, words.made_from).get_by_role("link", name=earths, exact=True).click()
    expect(page.locator("h1 .name")).to_have_text(earths)
    into = fact(part(page, words.dependence), words.goes_into)
    expect(into.get_by_role("link", name=words.name, exact=True)).to_be_visible()


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """What a link of the page gives, as a browser gets it when it is told to keep it."""
    link = page.locator("aside").get_by_role("link", name=name, exact=True)
    link.evaluate("link => link.download = ''")
    with page.expect_download() as download:
        link.click()
    file = folder / name
    download.value.save_as(file)
    return file


def test_they_are_taken_away_as_turtle(page: Page, tmp_path: Path) -> None:
    graph = ox.Store()
    graph.load(path=downloaded(page, "Turtle", tmp_path), format=ox.RdfFormat.TURTLE)
    magnets = ox.NamedNode(MAGNETS)
    names = {
        quad.object.language: quad.object.value
        for quad in graph.quads_for_pattern(
            magnets, ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), None
        )
    }
    assert names == {"en": "permanent magnets", "ja": "永久磁石"}
    assert list(graph.quads_for_pattern(None, ox.NamedNode(ES + "designates"), magnets))


def test_they_are_taken_away_as_csv(page: Page, words: Words, tmp_path: Path) -> None:
    file = downloaded(page, "CSV", tmp_path)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(rows[0]) == {"property", "property_name", "value", "value_name"}
    [row] = [row for row in rows if row["property"] == ES + "isDesignatedBy"]
    assert row["property_name"] == words.is_designated_by
    assert row["value"].endswith("/id/designation/specified-critical-product-permanent-magnets")
    assert re.search(words.name, row["value_name"])
