"""Released from prison at two in the morning of a Sunday: told before, recorded, looked at again.

The clock is set to that weekend. The prison's messages come over the API, as from its own system.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from core import clock
from deadlines.sweep import sweep
from perpetrators.models import ExpectedRelease
from perpetrators.services.releases import look_ahead
from risk.models import Reassessment, ReassessmentReason
from tests.browser.conftest import DESKTOP, TELEPHONE, SignIn
from tests.browser.hands import row_of
from tests.factories.custody import couple
from tests.marks import committed
from tests.personas import PEOPLE, person
from victims.models import Victim, VictimUpdate
from victims.services import log_contact, set_responsible

pytestmark = [pytest.mark.browser, committed]

HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
Travel = Callable[[datetime], None]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """travel(SUNDAY): it is that instant, and what runs every half minute has run."""

    def to(instant: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: instant)
        look_ahead(at=instant)
        sweep(at=instant)

    return to


@pytest.fixture
def victim(transactional_db: None) -> Victim:
    """High; PC Hale answers for contact and risk."""
    for username in PEOPLE:
        person(username)
    _, row = couple(FRIDAY - timedelta(days=30))
    Victim.objects.filter(pk=row.pk).update(
        grade="high", grade_since=FRIDAY - timedelta(days=29), grade_reason="her account"
    )
    officer = person("officer")
    set_responsible(victim_id=row.pk, person=officer, actor=officer, at=FRIDAY)
    return row


def prison_says(kind: str, message_id: str, **said: Any) -> dict[str, Any]:
    """One message over the API; what was answered."""
    client = Client()
    client.force_login(person("custody_system"), backend="accounts.backends.RoleBackend")
    answer = client.post(
        "/api/v1/custody-events/",
        json.dumps(
            {
                "system": "custody",
                "message_id": message_id,
                "kind": kind,
                "person_number": "N/87/1",
                "custody_number": "S/26/1",
                **said,
            }
        ),
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_released_at_two_on_a_sunday(victim: Victim, as_person: SignIn, travel: Travel) -> None:
    travel(FRIDAY)
    sentenced = (FRIDAY - timedelta(days=20)).isoformat()
    prison_says("prison", "m-1", happened_at=sentenced, where="HMP Whitmoor")
    prison_says(
        "prison-release-planned",
        "m-2",
        happened_at=FRIDAY.isoformat(),
        release_at=SUNDAY.isoformat(),
    )

    custody = as_person("custody", size=DESKTOP)
    custody.goto("/")
    expect(custody.get_by_role("heading", level=1)).to_have_text("In and out")
    row = row_of(custody, "22 Nov 2026 at 02:00")
    expect(row).to_contain_text("not told")
    expect(row).to_contain_text("PC 2210 T. Hale")

    officer = as_person("officer", size=TELEPHONE)
    officer.goto("/reassessments/")
    expect(row_of(officer, "Darren Pike: release is planned for")).to_be_visible()
    officer.goto(f"/victims/{victim.reference}/")
    bar = officer.locator(".alertbar").filter(
        has_text="Darren Pike is to be released on 22 Nov 2026 at 02:00."
    )
    expect(bar).to_contain_text("Not told yet: to be told by PC 2210 T. Hale")

    update = VictimUpdate.objects.get(about="release_ahead")
    assert update.due_at <= SUNDAY
    log_contact(
        victim_id=victim.pk,
        way="they_came",
        outcome="reached",
        words="She came to the counter.",
        updates={update.pk: update.version},
        seen=0,
        actor=person("officer"),
        at=FRIDAY + HOUR,
    )
    travel(FRIDAY + 2 * HOUR)
    custody = as_person("custody", size=DESKTOP)
    custody.goto("/custody/")
    expect(row_of(custody, "22 Nov 2026 at 02:00")).to_contain_text("told")
    expect(row_of(custody, "22 Nov 2026 at 02:00")).not_to_contain_text("not told")

    travel(SUNDAY - HOUR)
    officer = as_person("officer", size=TELEPHONE)
    officer.goto("/waiting/")
    expect(officer.get_by_text("Release in an hour: 22 Nov 2026 at 02:00")).to_be_visible()

    travel(SUNDAY + HOUR / 6)
    prison_says("prison-release", "m-3", happened_at=SUNDAY.isoformat())
    assert ExpectedRelease.objects.get().state == "done"
    # Owed before the release; the release itself gives four hours by the clock, Sunday or not.
    assert Reassessment.objects.get().due_at == SUNDAY
    why = ReassessmentReason.objects.get(trigger="prison_release")
    assert why.due_at == SUNDAY + 4 * HOUR
    # The victim by the end of the next working day.
    told = VictimUpdate.objects.get(about="release", state="owed")
    assert told.due_at.date() == (SUNDAY + 24 * HOUR).date()

    officer, custody = as_person("officer", size=TELEPHONE), as_person("custody", size=DESKTOP)
    officer.goto(f"/victims/{victim.reference}/")
    bar = officer.locator(".alertbar").filter(
        has_text="Darren Pike was released from prison on 22 Nov 2026 at 02:00."
    )
    expect(bar).to_contain_text("Not told yet: to be told by PC 2210 T. Hale")
    expect(bar).to_contain_text("Told beforehand by PC 2210 T. Hale")
    expect(bar).to_contain_text("Reassessment due")
    officer.goto("/reassessments/")
    row = row_of(officer, "Darren Pike released from prison")
    expect(row).to_contain_text("PC 2210 T. Hale")
    expect(row).to_contain_text("10 min over")
    custody.goto("/custody/?show=done")
    expect(row_of(custody, "Darren Pike")).to_contain_text("At liberty, released")
