"""A morning's digest: read, acknowledged once, and the leader sees that it was."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deadlines import digests
from deadlines.models import Digest
from tests.browser.conftest import TELEPHONE, SignIn
from tests.browser.hands import row_of
from tests.deadlines.digesting import HOUR, owed
from tests.marks import committed
from tests.personas import PEOPLE, person

pytestmark = [pytest.mark.browser, committed]


@pytest.fixture
def digest(transactional_db: None) -> Digest:
    for username in PEOPLE:
        person(username)
    now = timezone.now()
    owed(now - HOUR), owed(now - HOUR, by="officer_b")
    digests.make(at=now)
    return Digest.objects.get(person__username="officer")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_read_and_acknowledged(digest: Digest, as_person: SignIn, javascript: bool) -> None:
    page = as_person("officer", size=TELEPHONE, javascript=javascript)
    page.goto("/waiting/")
    page.get_by_role("link", name="Daily digest").click()
    main = page.locator("main")
    expect(main.get_by_text(digest.lines[0]["reference"])).to_be_visible()
    main.get_by_role("button", name="Acknowledge").click()
    expect(main.get_by_text("Acknowledged", exact=True)).to_be_visible()
    expect(main.get_by_role("button", name="Acknowledge")).to_have_count(0)
    digest.refresh_from_db()
    assert digest.acknowledged_by == person("officer")

    leader = as_person("supervisor", javascript=javascript)
    leader.goto("/digests/")
    leader.get_by_text("Who has acknowledged theirs").click()
    expect(row_of(leader, "T. Hale")).not_to_contain_text("not yet")
    expect(row_of(leader, "L. Moss")).to_contain_text("not yet")
