"""The return of a quarter: its page with charts that are whole, another quarter, its file."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Agency
from marac.returns.periods import quarters_before
from tests.browser.conftest import SignIn
from tests.factories import marac
from tests.marks import committed
from tests.personas import team

pytestmark = [pytest.mark.browser, committed]

LAST = quarters_before(datetime.now(UTC).date(), 1)[0]
#: As long as names of agencies are.
LONG = "Wexcombe Schools Safeguarding"
CUT_OFF = """() => [...document.querySelectorAll("main svg")].flatMap((chart) => {
    const box = chart.getBoundingClientRect();
    return [...chart.querySelectorAll("text")].filter((one) => {
        const mark = one.getBoundingClientRect();
        return mark.left < box.left - 1 || mark.right > box.right + 1;
    }).map((one) => one.textContent);
})"""


def figures(page: Page) -> dict[str, str]:
    rows = page.locator("main table").first.locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in rows}


def test_the_return_of_a_quarter_and_of_another(as_person: SignIn) -> None:
    at = LAST.since + timedelta(days=40)
    agency: Agency = team("partner").agency
    agency.name = LONG
    agency.save(update_fields=["name"])
    heard = marac.heard(at, case=marac.case(at - timedelta(days=20), agency=agency, children=2))
    marac.action(heard, agency, at)

    page = as_person("coordinator")
    page.goto("/marac/return/")
    expect(page.get_by_text("1 meeting", exact=False).first).to_be_visible()
    assert figures(page)["Cases heard"] == "1"
    expect(page.locator("main svg text").filter(has_text=LONG).first).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) > 20
    assert any("1" in row.values() for row in rows)

    page.get_by_label("Quarter", exact=True).select_option(index=4)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("No meeting was held in this quarter.")).to_be_visible()
    assert figures(page)["Cases heard"] == "0"
    assert page.evaluate(CUT_OFF) == []
