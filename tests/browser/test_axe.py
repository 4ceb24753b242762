"""Every page of every role: axe finds nothing, nothing scrolls sideways, the console is silent."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.browser.accessible import Finding, look_at
from tests.browser.addresses import Known, addresses, page_html
from tests.browser.conftest import SignIn, Window
from tests.browser.county import small_county
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]

#: Two halves, so that two processes share the work; each role's frame is looked at once at least.
RESPONSE = ("handler", "inspector", "officer", "supervisor", "head", "nobody")
PROTECTION = ("worker", "manager", "idva", "agency", "analyst", "auditor", "administrator")
#: Addresses with something to show besides what the URL configuration lists.
WITH_WORDS = ("/search/?q=oneil", "/search/?q=nobody-of-this-name")

_MAIN = re.compile(rb"<main.*</main>", re.DOTALL)
_CHANGING = re.compile(rb'value="[^"]*"|[0-9]+|page=[\w-]+')


def _pages_of(username: str, known: Known, seen: set[bytes]) -> list[str]:
    """The role's pages that differ from those looked at before in more than numbers.

    The first is always among them: the frame differs from role to role.
    """
    client = Client()
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    pages: list[str] = []
    for address in (*addresses(known), *WITH_WORDS):
        html = page_html(client, address)
        if html is None:
            continue
        main = _MAIN.search(html)
        shape = _CHANGING.sub(b"", main[0] if main else html)
        if shape not in seen or not pages:
            pages.append(address)
        seen.add(shape)
    return pages


@pytest.mark.parametrize("roles", [RESPONSE, PROTECTION], ids=["response", "protection"])
def test_every_page_of_every_role(roles: tuple[str, ...], as_person: SignIn) -> None:
    known = small_county(timezone.now())
    found: list[str] = []
    seen: set[bytes] = set()
    for username in roles:
        page = as_person(username)
        pages = _pages_of(username, known, seen)
        assert pages
        for address in pages:
            page.goto(address)
            found += [f"{username}: {finding}" for finding in look_at(page, address)]
        page.context.close()
    assert not found, "\n".join(found)


def test_pages_of_nobody_signed_in(window: Window) -> None:
    found: list[Finding] = []
    page = window()
    for address in ("/account/login/", "/account/login/?next=/referrals/"):
        page.goto(address)
        found += look_at(page, address)
    assert not found, "\n".join(map(str, found))
