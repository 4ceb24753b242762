"""A real browser against a real server: Debian's Chromium, driven by Playwright.

Playwright's driver comes in its wheel; the browser is the machine's own and nothing is downloaded.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import LEFT_OUT, find_chromium, is_required
from tests.personas import PASSWORD, person

DESKTOP = (1440, 900)
TELEPHONE = (390, 844)
#: Seconds for the server's last answers, and who is still at work in the database.
LONGEST_REST = 10
_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
#: Milliseconds: pages answer in tenths of a second; a test that waits longer has failed.
PATIENCE = 8_000

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: without a browser there is nothing to set up."""
    if find_chromium() is not None:
        return
    if is_required():
        pytest.fail(f"{LEFT_OUT} REQUIRE_BROWSER is set, so this is a failure.", pytrace=False)
    pytest.skip(LEFT_OUT)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; each test has windows of its own."""
    # Else the first page of a run waits until every view is imported, which is not its fault.
    assert get_resolver().url_patterns
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_chromium(), args=list(SWITCHES))
        yield found
        found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Complaints:
    """What the browser's console said. Everything fails the test but what it announced."""

    heard: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """Take messages with these words for granted, because the test provokes them."""
        self.announced.append(words)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"{message.location.get('url', '')}: {message.text}")

    @property
    def unexpected(self) -> list[str]:
        return [said for said in self.heard if not any(words in said for words in self.announced)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Script errors, refused resources and breaches of the content security policy."""
    book = Complaints()
    yield book
    assert book.unexpected == []


Window = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, complaints: Complaints) -> Iterator[Window]:
    """window(size=TELEPHONE, javascript=False) opens a separate browser profile on the service."""
    opened: list[BrowserContext] = []

    def open_one(size: tuple[int, int] = DESKTOP, javascript: bool = True) -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
            has_touch=size == TELEPHONE,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield open_one
    for context in opened:
        context.close()
    _until_the_server_rests()


def _until_the_server_rests() -> None:
    """What a closed window asked for is still answered: emptying the tables meanwhile deadlocks."""
    quiet, end = 0, monotonic() + LONGEST_REST
    with connection.cursor() as cursor:
        while quiet < 3 and monotonic() < end:
            cursor.execute(_AT_WORK)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
            sleep(0.03)


SignIn = Callable[..., Page]


@pytest.fixture
def enter(window: Window) -> SignIn:
    """enter("officer", size=TELEPHONE) signs in through the page that everybody uses."""

    def through_the_page(username: str, **how: object) -> Page:
        person(username)
        page = window(**how)
        page.goto("/account/login/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/account/login/" not in address)
        return page

    return through_the_page


@pytest.fixture
def as_person(window: Window, live_server: LiveServer) -> SignIn:
    """as_person("officer") is signed in already, where signing in is not what is tested."""

    def with_a_session(username: str, **how: object) -> Page:
        client = Client()
        client.force_login(person(username), backend="accounts.backends.RoleBackend")
        page = window(**how)
        page.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "domain": urlsplit(live_server.url).hostname or "localhost",
                    "path": "/",
                }
            ]
        )
        return page

    return with_a_session
