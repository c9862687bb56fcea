"""The page that validates: an example, a mistake, a file, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, FrameLocator, Page, expect

from .conftest import Opener, Recorder

RUN = {"en": "Validate", "ja": "検証する"}
EXAMPLE = {"en": "Fill in an example", "ja": "例を入れる"}
BROKEN = "@prefix es: <https://w3id.org/econsec/ontology#> .\n\n<a:b> es:designates ,, .\n"


def run(page: Page, language: str = "en") -> None:
    page.get_by_role("button", name=RUN[language]).click()


def report_of(page: Page) -> FrameLocator:
    """The first one of a server takes long: its libraries are read for it."""
    page.locator("#report iframe").wait_for()
    return page.frame_locator("#report iframe")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The provision was not in force"), ("ja", "未施行")]
)
def test_the_example_is_run_and_its_report_read(opened: Opener, language: str, said: str) -> None:
    page = opened("/validate", language=language)
    page.get_by_role("button", name=EXAMPLE[language]).click()
    run(page, language)
    report = report_of(page)
    expect(report.locator("html")).to_have_attribute("lang", language)
    expect(report.locator("body")).to_contain_text("2022-07-01")
    expect(report.locator("body")).to_contain_text(re.compile(said, re.IGNORECASE))
    box = page.locator("#report iframe").bounding_box()
    assert box is not None
    height = report.locator("html").evaluate("html => html.scrollHeight")
    assert height <= box["height"] + 1, "the report has a scroll bar of its own"
    expect(page.locator("#report iframe")).to_be_in_viewport()


def test_a_report_fits_a_phone(opened: Opener) -> None:
    page = opened("/validate", size="phone")
    page.get_by_role("button", name=EXAMPLE["en"]).click()
    run(page)
    expect(report_of(page).locator("body")).to_contain_text("2022-07-01")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_mistake_is_shown_with_its_line(opened: Opener, recorder: Recorder) -> None:
    recorder.refusals.add("/validate")
    page = opened("/validate")
    page.get_by_label("Data in Turtle").fill(BROKEN)
    run(page)
    expect(page.locator("#report")).to_contain_text(re.compile(r"\b3:\d+\b"))
    chosen = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    assert page.get_by_label("Data in Turtle").evaluate(chosen) == BROKEN.split("\n")[2]


def test_nothing_to_validate_is_said(opened: Opener) -> None:
    page = opened("/validate")
    run(page)
    expect(page.locator("#report")).to_contain_text("Paste data or choose a file first.")


def test_a_file_is_validated_against_the_profile_that_was_chosen(opened: Opener) -> None:
    page = opened("/validate?profile=hygiene")
    expect(page.get_by_label("Profile")).to_have_value("hygiene")
    triple = b"<https://w3id.org/econsec/id/good/x> a <https://w3id.org/econsec/ontology#Godo> ."
    file: FilePayload = {"name": "x.ttl", "mimeType": "text/turtle", "buffer": triple}
    page.get_by_label("Or files").set_input_files(file)
    run(page)
    expect(report_of(page).locator("body")).to_contain_text("Godo")


def test_without_scripts_the_report_is_the_next_page(opened: Opener) -> None:
    page = opened("/validate", language="ja", java_script_enabled=False)
    page.get_by_label("データ（Turtle）").fill("<a:b> <a:c> <a:d> .")
    run(page, "ja")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#validation")).to_have_count(0)
