"""The search field with a keyboard and with a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import Opener, typed

MAGNETS = re.compile(r"/doc/id/good/permanent-magnets(\?.*)?$")


def test_arrows_choose_and_enter_opens(opened: Opener) -> None:
    page = opened("/")
    typed(page, "permanent mag")
    field = page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    page.keyboard.press("ArrowUp")  # from the field to the last one
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(options.last).to_have_attribute("aria-selected", "false")
    expect(field).to_have_attribute(
        "aria-activedescendant", options.first.get_attribute("id") or ""
    )
    page.keyboard.press("Enter")
    page.wait_for_url(MAGNETS)


def test_escape_closes_and_enter_searches_for_what_was_typed(opened: Opener) -> None:
    page = opened("/")
    typed(page, "magnet")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("combobox")).to_have_value("magnet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=magnet")
    assert page.locator(".results > li").count() > 5


@pytest.fixture
def held(opened: Opener) -> tuple[Page, Route]:
    """A page with names for `per`, and the unanswered request for `permanent mag`."""
    page, held = opened("/"), list[Route]()
    page.route("**/suggest?q=permanent+mag&*", lambda route: held.append(route))
    typed(page, "per")
    page.keyboard.type("manent mag")
    while not held:
        page.wait_for_timeout(10)
    return page, held[0]


def test_a_choice_stays_when_names_come_later(held: tuple[Page, Route]) -> None:
    page, late = held
    magnets = page.get_by_role("option").filter(has_text="permanent magnets").first
    page.keyboard.press("ArrowDown")
    expect(magnets).to_have_attribute("aria-selected", "true")
    before = page.get_by_role("option").all_text_contents()
    late.continue_()
    expect(page.get_by_role("option")).not_to_have_text(before)
    expect(magnets).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(MAGNETS)


def test_names_that_come_after_escape_are_not_shown(held: tuple[Page, Route]) -> None:
    page, late = held
    page.keyboard.press("Escape")
    with page.expect_response("**/suggest?q=permanent+mag&*"):
        late.continue_()
    page.wait_for_timeout(200)
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("text", ["永久磁", "ｐｅｒｍａｎｅｎｔ　ｍａｇ"])
def test_a_suggestion_is_clicked(opened: Opener, text: str) -> None:
    page = opened("/", language="ja")
    typed(page, text)
    page.get_by_role("option").first.click()
    page.wait_for_url(MAGNETS)
    expect(page.locator("h1 .name")).to_have_text("永久磁石")


def test_suggestions_go_when_the_field_is_left_or_emptied(opened: Opener) -> None:
    page = opened("/")
    typed(page, "rare")
    page.locator("header input[type=search]").fill("")
    expect(page.get_by_role("listbox")).to_be_hidden()
    typed(page, "rare")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_what_is_not_found_is_said_and_something_like_it_offered(opened: Opener) -> None:
    page = opened("/search?q=permanent+magnetz")
    expect(page.locator(".empty")).to_contain_text("Nothing was found for “permanent magnetz”")
    page.locator("main").get_by_role("link", name="permanent magnets", exact=True).click()
    page.wait_for_url(MAGNETS)


def test_a_kind_narrows_the_results(opened: Opener) -> None:
    page = opened("/search?q=magnet")
    every = page.locator(".results > li").count()
    page.locator("aside").get_by_role("link", name="good", exact=True).click()
    expect(page.locator("main > header")).to_contain_text("only: good")
    narrowed = page.locator(".results > li")
    assert 0 < narrowed.count() < every
    assert narrowed.count() == page.locator(".results .soft", has_text=re.compile("^good")).count()
