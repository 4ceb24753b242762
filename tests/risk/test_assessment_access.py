"""Who begins an assessment on its page, who sees it, and that reading is kept."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents.models import Incident
from incidents.services import dispatch
from risk.closure import each_victim_is_assessed
from risk.models import Assessment
from tests.factories import risk as make
from tests.factories.incidents import incident
from tests.personas import person
from tests.risk.helpers_pages import text, typed, url

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
People = Callable[[str], User]


@pytest.fixture
def now() -> datetime:
    """An hour ago: pages read the real clock."""
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def draft(now: datetime) -> Assessment:
    return make.draft(now)


# --- Begun by hand --------------------------------------------------------------------------------


@pytest.fixture
def unattended(now: datetime) -> Incident:
    """Nobody was sent, for a reason: she came to the counter."""
    row = incident(at=now)
    dispatch.send_nobody(
        incident_id=row.pk, actor=person("handler"), reason="she is at the counter", at=now
    )
    return row


def test_where_nobody_went_an_officer_begins_it_on_the_page(
    unattended: Incident, now: datetime, sign_in: SignIn
) -> None:
    page = f"/incidents/{unattended.reference}/"
    (missing,) = each_victim_is_assessed(unattended, now)
    assert missing.url == f"{page}#assessments"
    handlers = sign_in("handler").get(page).content.decode()
    assert 'id="assessments"' in handlers
    assert f'action="{page}assessments/"' not in handlers
    client = sign_in("supervisor")
    shown = client.get(page).content.decode()
    assert f'action="{page}assessments/"' in shown
    (victim,) = re.findall(r'name="victim" value="([^"]+)"', shown)
    for _ in range(2):
        answer = client.post(f"{page}assessments/", {"victim": victim})
        begun = Assessment.objects.get(incident=unattended)
        assert answer.headers["Location"] == url("assess", begun)
    assert begun.officer == person("supervisor")
    assert "Not begun" not in client.get(page).content.decode()


def test_beginning_for_somebody_else_is_refused_with_words(
    unattended: Incident, draft: Assessment, sign_in: SignIn
) -> None:
    client, page = sign_in("officer"), f"/incidents/{unattended.reference}/"
    for victim in (draft.victim.reference, "VI-2026-999999", ""):
        answer = client.post(f"{page}assessments/", {"victim": victim}, follow=True)
        assert "victim of th" in text(answer)
    assert not Assessment.objects.filter(incident=unattended).exists()


# --- Who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200),
        ("officer_b", 200),
        ("supervisor", 200),
        ("worker", 200),
        ("handler", 200),
        ("auditor", 200),
        ("idva", 404),
        ("agency", 404),
        ("analyst", 404),
        ("administrator", 404),
        ("nobody", 404),
    ],
)
def test_who_sees_an_assessment(draft: Assessment, sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(name).get(url("assess", draft)).status_code == status


def test_an_idva_with_a_grant_reads_and_cannot_write(
    draft: Assessment, sign_in: SignIn, people: People
) -> None:
    assign_perm("victims.view_victim", people("idva"), draft.victim)
    client = sign_in("idva")
    page = client.get(url("assess", draft))
    assert page.status_code == 200
    assert b"<textarea" not in page.content
    for name in ("assess", "keep", "submit"):
        assert client.post(url(name, draft), typed(draft)).status_code == 403
    assert client.get(url("review", draft)).status_code == 403
    assert client.get(reverse("risk:reviews")).status_code == 403
    assert client.get(reverse("risk:of_victim", args=[draft.victim.reference])).status_code == 200
    assert sign_in("idva_b").post(url("keep", draft), typed(draft)).status_code == 404
    draft.refresh_from_db()
    assert draft.version == 1


def test_reading_is_kept(draft: Assessment, sign_in: SignIn, people: People) -> None:
    sign_in("worker").get(url("assess", draft))
    sign_in("supervisor").get(url("review", draft))
    reads = RecordRead.objects.filter(subject=draft.reference, victim_id=draft.victim_id)
    assert [row.user for row in reads.order_by("pk")] == [people("worker"), people("supervisor")]


def test_nobody_without_a_session(draft: Assessment) -> None:
    assert Client().get(url("assess", draft)).status_code == 302
    refused = Client().post(url("keep", draft), headers={"Accept": "application/json"})
    assert refused.status_code == 401
