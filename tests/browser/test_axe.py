"""Every page of every role: axe finds nothing, nothing scrolls sideways, the console is silent."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.browser.accessible import Finding, look_at
from tests.browser.addresses import Known, addresses, is_page
from tests.browser.conftest import SignIn, Window
from tests.browser.county import small_county
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]

ROLES = (
    "handler", "inspector", "officer", "supervisor", "worker", "manager", "head", "idva",
    "agency", "analyst", "auditor", "administrator", "nobody",
)
#: Addresses with something to show besides what the URL configuration lists.
WITH_WORDS = ("/search/?q=oneil", "/search/?q=nobody-of-this-name")


def _pages_of(username: str, known: Known) -> list[str]:
    client = Client()
    client.force_login(person(username), backend="accounts.backends.RoleBackend")
    return [one for one in (*addresses(known), *WITH_WORDS) if is_page(client, one)]


@pytest.mark.parametrize("username", ROLES)
def test_every_page_of_a_role(username: str, as_person: SignIn) -> None:
    known = small_county(timezone.now())
    found: list[Finding] = []
    page = as_person(username)
    pages = _pages_of(username, known)
    assert pages
    for address in pages:
        page.goto(address)
        found += look_at(page, address)
    assert not found, "\n".join(map(str, found))


def test_pages_of_nobody_signed_in(window: Window) -> None:
    found: list[Finding] = []
    page = window()
    for address in ("/account/login/", "/account/login/?next=/referrals/"):
        page.goto(address)
        found += look_at(page, address)
    assert not found, "\n".join(map(str, found))
