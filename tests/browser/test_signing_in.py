"""Signing in and out, as a person does it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TELEPHONE, SignIn, Window
from tests.marks import committed
from tests.personas import person

pytestmark = [pytest.mark.browser, committed]


def test_in_and_out_again(enter: SignIn) -> None:
    page = enter("auditor")
    expect(page.get_by_text("P. Sandys", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_told_and_the_name_stays(window: Window) -> None:
    person("auditor")
    page = window(size=TELEPHONE)
    page.goto("/account/login/")
    page.get_by_label("User name").fill("auditor")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.get_by_label("User name")).to_have_value("auditor")
    expect(page).to_have_title("Error: Sign in - Lodestar")
