"""Every page of every role: axe finds nothing, nothing scrolls sideways, the console is silent."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.accessible import AXE_WIDTHS, Finding, look_at
from tests.browser.addresses import Known, addresses, page_html
from tests.browser.conftest import Complaints, SignIn, Window
from tests.browser.county import small_county
from tests.browser.hands import wait_until_kept
from tests.config.every_address.asking import asking_plainly, signed_in
from tests.factories import closure as gate
from tests.marks import committed

pytestmark = [pytest.mark.browser, committed]

#: Two halves, so that two processes share the work; each role's frame is looked at once at least.
#: Whoever keeps conferences comes after those of the police, whose pages they see too.
RESPONSE = (
    *("handler", "inspector", "officer", "supervisor", "superintendent", "head", "nobody"),
    *("coordinator", "chair"),
)
PROTECTION = (
    *("worker", "manager", "idva", "agency", "analyst", "auditor", "administrator"),
    "custody",
)
#: Addresses with something to show besides what the URL configuration lists.
WITH_WORDS = ("/search/?q=oneil", "/search/?q=nobody-of-this-name")

#: A start tag; of its attributes all but the classes are told by their names alone.
_TAG = re.compile(rb"<([a-z][a-z0-9]*)([^<>]*)>")
_CLASS = re.compile(rb'class="([^"]*)"')
_ATTRIBUTE = re.compile(rb'([a-z-]+)(?==|\s|$)(?:="[^"]*")?')


def _pages_of(username: str, known: Known, seen: set[object]) -> list[str]:
    """The role's pages at new addresses, and those made of something that nobody looked at yet.

    Two pages of one address that are built of the same kinds of elements differ in words and
    numbers, in which axe finds nothing. The first is always among them: the frame differs from
    role to role.
    """
    pages: list[str] = []
    for address, html in _html_of(username, [*addresses(known), *WITH_WORDS]):
        if html is None:
            continue
        made_of = {re.sub(r"[0-9]+", "", address), *_elements(html)}
        if not made_of <= seen or not pages:
            pages.append(address)
        seen |= made_of
    return pages


def _elements(html: bytes) -> set[object]:
    """Each kind of element: its name, its classes, and which attributes it has."""
    kinds: set[object] = set()
    for name, rest in _TAG.findall(html):
        classes = _CLASS.search(rest)
        attributes = frozenset(_ATTRIBUTE.findall(rest))
        kinds.add((name, classes[1] if classes else b"", attributes))
    return kinds


def _html_of(username: str, asked_for: list[str]) -> list[tuple[str, bytes | None]]:
    with asking_plainly():
        client = signed_in(username)
        return [(address, page_html(client, address)) for address in asked_for]


@pytest.mark.parametrize("roles", [RESPONSE, PROTECTION], ids=["response", "protection"])
def test_every_page_of_every_role(roles: tuple[str, ...], as_person: SignIn) -> None:
    known = small_county(timezone.now())
    found: list[str] = []
    seen: set[object] = set()
    narrow: set[str] = set()
    for username in roles:
        page = as_person(username)
        pages = _pages_of(username, known, seen)
        assert pages
        for address in pages:
            page.goto(address)
            # What folds on a telephone is the same for whoever opens the address.
            axe_at = AXE_WIDTHS if address not in narrow else AXE_WIDTHS[:1]
            found += [f"{username}: {one}" for one in look_at(page, address, axe_at=axe_at)]
            narrow.add(address)
        page.context.close()
    assert not found, "\n".join(found)


def test_forms_that_were_refused_and_a_call_that_dropped(
    as_person: SignIn, complaints: Complaints
) -> None:
    """What shows only after something was pressed."""
    complaints.expect("400 (Bad Request)")
    row = gate.ready(at=timezone.now())
    found: list[Finding] = []
    page = as_person("officer")
    for address, button in (
        (f"/incidents/{row.reference}/closure/", "Ask for closure"),
        (f"/incidents/{row.reference}/first-response/", "Record"),
    ):
        page.goto(address)
        if address.endswith("first-response/"):
            page.locator("#id_account").evaluate("one => { one.value = ''; }")
        page.get_by_role("button", name=button, exact=True).last.click()
        expect(page.locator("main .error").first).to_be_attached()
        found += look_at(page, f"{address}, refused")
    page = as_person("handler")
    page.goto("/calls/new/")
    page.locator("#id_call_dropped").check()
    page.locator("#id_narrative").fill("He took my phone and says he will kill me.")
    page.locator("label[for=id_q_strangled_0]").click()
    wait_until_kept(page)
    found += look_at(page, "/calls/new/, dropped, with prompts")
    page.goto(f"/incidents/{row.reference}/regrade/?dropped")
    page.get_by_role("button", name="Grade again").click()
    expect(page.locator("main .error").first).to_be_visible()
    found += look_at(page, "grading again, refused")
    assert not found, "\n".join(map(str, found))


def test_pages_of_nobody_signed_in(window: Window) -> None:
    found: list[Finding] = []
    page = window()
    for address in ("/account/login/", "/account/login/?next=/referrals/"):
        page.goto(address)
        found += look_at(page, address)
    assert not found, "\n".join(map(str, found))
