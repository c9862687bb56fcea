"""The recorder sees what it is there to see."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page

from .conftest import Opener, Recorder


def forgive(recorder: Recorder) -> None:
    recorder.foreign.clear()
    recorder.complaints.clear()


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("console.error('oh')", "oh"),
        ("setTimeout(() => { throw new Error('broken') })", "broken"),
        ("new Image().src = '/nothing-here.png'", "/nothing-here.png"),
        (
            "document.head.append(Object.assign(document.createElement('style'), "
            "{textContent: 'p {}'}))",
            "style-src",
        ),
    ],
)
def test_what_a_page_complains_of_is_recorded(
    opened: Opener, recorder: Recorder, script: str, found: str
) -> None:
    page = opened("/")
    page.evaluate(script)
    deadline = time.monotonic() + 10
    while not recorder.complaints and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert found in " ".join(recorder.complaints)
    with pytest.raises(AssertionError, match="complained"):
        recorder.check()
    forgive(recorder)


def test_a_request_to_another_host_is_recorded(opened: Opener, recorder: Recorder) -> None:
    page = opened("/openapi.json")
    page.evaluate("fetch('http://127.0.0.1:9/x').catch(() => null)")
    with pytest.raises(AssertionError, match="another host"):
        recorder.check()
    forgive(recorder)


def test_axe_finds_a_barrier(opened: Opener, barriers: object) -> None:
    page: Page = opened("/openapi.json")
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><input></main></html>")
    assert any(each.startswith("label") for each in barriers(page))  # type: ignore[operator]
