"""A browser for each module, and a real server over the packaged data set."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pyoxigraph import Store

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.settings import Settings
from econsec.web.app import create_app
from econsec.web.assets import FOLDER

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
_GRAVE = {"serious", "critical"}
_MILLISECONDS = 20_000


def absent(reason: str) -> None:
    """Skip; fail where all must be there."""
    if os.environ.get("ECONSEC_TEST_REQUIRE_DATA") == "1":
        pytest.fail(f"{reason}, and ECONSEC_TEST_REQUIRE_DATA=1", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium (or `CHROMIUM`): nothing is downloaded.

    Playwright keeps an event loop running, beside which no other test can run its own: it
    has to end with the module.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        absent("there is no chromium on the PATH")
    if not (FOLDER / "manifest.json").is_file():
        absent("the scripts and styles are not built (make assets)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(dataset: Store) -> Iterator[str]:
    """The root of a server over the packaged data set, without a slash at its end."""
    store = EmbeddedStore(dataset, Settings())
    settings = Settings(quota_seconds=100_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(settings, InProcess(store))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server does not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@dataclass
class Recorder:
    """What a page must not do: ask elsewhere, complain, or fail.

    A test that brings about a refusal says so: `refusals` are paths of this host that
    may answer with an error. What is no page has no icon of its own.
    """

    host: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=lambda: {"/favicon.ico"})

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self.foreign.append(request.url)

    def message(self, message: ConsoleMessage) -> None:
        place = urlsplit(message.location.get("url", ""))
        is_foreseen = "Failed to load resource" in message.text and place.path in self.refusals
        if message.type in {"error", "warning"} and not is_foreseen:
            self.complaints.append(f"{message.type}: {message.text} ({place.path})")

    def error(self, error: Exception) -> None:
        self.complaints.append(f"uncaught: {error}")

    def watch(self, page: Page) -> None:
        page.on("request", self.request)
        page.on("console", self.message)
        page.on("pageerror", self.error)

    def check(self) -> None:
        assert self.foreign == [], "a page asked another host"
        assert self.complaints == [], "a page complained in the console"


Opener = Callable[..., Page]


@pytest.fixture
def recorder(site: str) -> Recorder:
    """Of all pages that a test opens."""
    return Recorder(host=urlsplit(site).netloc)


@pytest.fixture
def opened(browser: Browser, site: str, recorder: Recorder) -> Iterator[Opener]:
    """`opened("/path", language="ja")`: a page of the site in a context of its own.

    More arguments are of Playwright's `new_context`. At the end of the test no page may
    have asked another host or written to the console.
    """
    contexts = []

    def open_page(path: str, *, language: str = "en", size: str = "desk", **more: object) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=site,
            locale=language,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **more,  # type: ignore[arg-type]
        )
        context.set_default_timeout(_MILLISECONDS)
        expect.set_options(timeout=_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        recorder.watch(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    recorder.check()


@pytest.fixture(scope="session")
def barriers() -> Callable[[Page], list[str]]:
    """What axe finds to be a serious barrier on a page."""
    axe = Axe()

    def find(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]}"
            for each in found
            if each["impact"] in _GRAVE
            for node in each["nodes"]
        ]

    return find


def typed(page: Page, text: str) -> None:
    """Type into the search field, and wait until suggestions for all of it are there."""
    page.locator("header input[type=search]").press_sequentially(text, delay=15)
    expect(page.locator("#suggestions")).to_have_attribute("aria-busy", "false")
    page.get_by_role("option").first.wait_for()
