"""Photographs and documents in a browser, on a telephone: added, seen, and refused in words."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import Exhibit, Incident
from tests.browser.accessible import look_at
from tests.browser.conftest import TELEPHONE
from tests.factories.exhibits import LINUX_PROGRAM, SHELL_SCRIPT, WINDOWS_PROGRAM, picture
from tests.factories.response import attended
from tests.marks import committed

pytestmark = [committed, pytest.mark.browser]


@pytest.fixture
def row() -> Incident:
    """A couple, and two officers who were there."""
    return attended(at=timezone.now() - timedelta(hours=1))


def named(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def fill(page: Page, *files: dict[str, object], words: str = "Bruise on the left arm") -> None:
    page.get_by_label("Files").set_input_files(list(files))
    page.get_by_text("Photograph of an injury", exact=True).click()
    page.get_by_label("What it shows", exact=True).fill(words)


def test_an_officer_adds_a_photograph_and_sees_it(as_person, row):
    page = as_person("officer", size=TELEPHONE)
    page.goto(f"/incidents/{row.reference}/")
    page.get_by_role("link", name="Add photographs or documents").click()
    fill(page, named("IMG_0042.jpg", picture(size=(640, 480))))
    page.get_by_label("Whom it shows").select_option(label="Siobhán O'Neill")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Kept: IMG_0042.jpg as TH/1")).to_be_visible()
    assert look_at(page, page.url) == []

    page.get_by_text("Show", exact=True).click()
    shown = page.get_by_role("img", name="TH/1: Bruise on the left arm")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as saved:
        page.get_by_role("link", name="IMG_0042.jpg").click()
    assert saved.value.path().read_bytes() == picture(size=(640, 480))

    page.goto(f"/incidents/{row.reference}/")
    expect(page.locator("#exhibits")).to_contain_text("Bruise on the left arm")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("photo.jpg", WINDOWS_PROGRAM, "This is a program, whatever its name says"),
        ("photo.jpg", LINUX_PROGRAM, "This is a program, whatever its name says"),
        ("notes.pdf", SHELL_SCRIPT, "This is a script, whatever its name says"),
    ],
    ids=["windows", "linux", "shell"],
)
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "without"])
def test_a_disguised_program_is_refused_and_nothing_typed_is_lost(
    as_person, complaints, row, name, data, words, javascript
):
    complaints.expect("400")
    page = as_person("officer", size=TELEPHONE, javascript=javascript)
    page.goto(f"/incidents/{row.reference}/exhibits/")
    fill(page, named(name, data), named("arm.jpg", picture()), words="Left arm, <here>")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator("#id_file_error")).to_contain_text(f"{name}: {words}")
    expect(page.locator("main")).to_contain_text("Kept: arm.jpg as TH/1")
    expect(page.get_by_label("What it shows", exact=True)).to_have_value("Left arm, <here>")
    expect(page.get_by_label("Photograph of an injury")).to_be_checked()
    assert Exhibit.objects.get().name == "arm.jpg"
