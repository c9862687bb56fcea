"""Every page in a browser: quiet, open to everybody, narrow enough, whole without scripts."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Opener, Recorder

PAGES = (
    "/",
    "/search?q=magnet",
    "/search?q=zzzzzz",
    "/doc/id/good/permanent-magnets",
    "/doc/id/designation/specified-critical-product-permanent-magnets",
    "/doc/id/actor/meti",
    "/doc/id/legislation/economic-security-promotion-act",
    "/doc/id/amount/scp-aircraft-parts-and-materials",
    "/doc/vocab/status/draft",
    "/doc/graph/law/jp",
    "/ontology",
    "/terms/Good",
    "/terms/designates",
    "/shapes",
    "/shapes/SpecifiedCriticalProductDesignationShape",
    "/validate",
    "/chokepoints",
    "/timeline?asOf=2022-12-31",
    "/sources/meti-2023-01",
    "/sources/meti-2023-01/12",
    "/dumps/",
    "/doc/id/good/permanent-magnet",
    "/timeline?asOf=x",
)
REFUSED = {"/doc/id/good/permanent-magnet": 404, "/timeline?asOf=x": 400}
THING = "/doc/id/good/permanent-magnets"
SERIOUS = {"serious", "critical"}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THIN = """for (const each of document.querySelectorAll(
  ".terms > :nth-child(n+5), .events > :nth-child(n+4), .year:nth-of-type(n+5),"
  + ".results > :nth-child(n+8), .values > :nth-child(n+8), .cards > :nth-child(n+8),"
  + "tbody > :nth-child(n+8), main > section:nth-of-type(n+5)")) each.remove()"""
"""What is alike is looked at a few times only: axe takes long on long pages."""


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


def barriers(axe: Axe, page: Page, options: dict[str, object] | None = None) -> list[str]:
    """What axe finds to be a serious barrier."""
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in axe.run(page, options=options).response["violations"]
        if found["impact"] in SERIOUS
        for node in found["nodes"][:5]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out to the right, where the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('main *')]
          .filter(each => each.getBoundingClientRect().right > innerWidth)
          .map(each => each.outerHTML.slice(0, 120)).slice(0, 5).concat('sideways')"""
    )
    return found


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_quiet_and_open_to_everybody(
    opened: Opener, recorder: Recorder, axe: Axe, path: str, language: str, scheme: str
) -> None:
    if path in REFUSED:
        recorder.refusals.add(urlsplit(path).path)
    page = opened(path, language=language, color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main h1")).to_have_count(1)
    page.evaluate(THIN)
    assert barriers(axe, page) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_is_wider_than_a_phone(opened: Opener, recorder: Recorder, language: str) -> None:
    page = opened("/", language=language, size="phone")
    for path in PAGES:
        if path in REFUSED:
            recorder.refusals.add(urlsplit(path).path)
        page.goto(path)
        assert too_wide(page) == [], path


def test_axe_sees_colours_that_are_hard_to_read(opened: Opener, axe: Axe) -> None:
    page = opened("/")
    page.evaluate("document.querySelector('.lead').style.color = '#cfcfcf'")
    assert any(each.startswith("color-contrast") for each in barriers(axe, page, COLOURS))


def test_what_sticks_out_is_found(opened: Opener) -> None:
    page = opened("/", size="phone")
    page.evaluate("document.querySelector('.lead').style.width = '500px'")
    assert too_wide(page)


def test_dark_is_dark(opened: Opener) -> None:
    shade = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    light, dark = (opened("/", color_scheme=scheme).evaluate(shade) for scheme in ("light", "dark"))
    assert min(light) > 200
    assert max(dark) < 60


def test_the_language_is_switched_and_stays(opened: Opener) -> None:
    page = opened(THING)
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("h1 .name")).to_have_text("永久磁石")
    page.locator("header nav a", has_text="チョークポイント").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.locator("main .card h2 a", has_text="レアアース").click()
    expect(page.locator("h1 .name")).to_have_text("レアアース")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1 .name")).to_have_text("rare earths")


def test_the_keyboard_skips_to_the_content(opened: Opener) -> None:
    page = opened(THING)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_is_seen(opened: Opener) -> None:
    page = opened("/")
    for _ in range(8):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")


def test_print_leaves_the_frame_away(opened: Opener) -> None:
    page = opened(THING)
    frame = [page.locator(each) for each in ("header nav", ".find", ".languages", "footer.site")]
    for part in frame:
        expect(part).to_be_visible()
    page.emulate_media(media="print")
    for part in frame:
        expect(part).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_without_scripts_names_are_found_in_the_language_that_was_chosen(opened: Opener) -> None:
    page = opened("/", java_script_enabled=False)
    page.get_by_role("link", name="日本語").click()
    page.get_by_role("searchbox").fill("永久磁石")
    page.get_by_role("searchbox").press("Enter")
    assert parse_qs(urlsplit(page.url).query) == {"lang": ["ja"], "q": ["永久磁石"]}
    page.locator(".results a", has_text=re.compile("^永久磁石$")).click()
    expect(page.locator("h1 .name")).to_have_text("永久磁石")


def test_without_scripts_a_query_is_a_form(opened: Opener) -> None:
    page = opened("/sparql", java_script_enabled=False)
    page.locator("textarea").fill("ASK { ?s ?p ?o }")
    with page.expect_request(lambda request: "query=" in request.url) as asked:
        page.get_by_role("button", name="Run the query").click()
    assert asked.value.response().ok
    assert parse_qs(urlsplit(asked.value.url).query)["query"] == ["ASK { ?s ?p ?o }"]


def test_a_day_is_chosen_on_the_timeline(opened: Opener) -> None:
    page = opened("/timeline?asOf=2022-06-01")
    force = page.locator("#in-force")
    expect(force).to_contain_text("1 June 2022")
    expect(page.locator("aside").get_by_role("link", name="permanent magnets")).to_have_count(0)
    page.locator("input[name=asOf]").fill("2022-12-31")
    page.get_by_role("button", name="Show").click()
    expect(force).to_contain_text("31 December 2022")
    designated = page.locator("aside section").nth(1)
    expect(designated.get_by_role("link", name="permanent magnets")).to_be_visible()
