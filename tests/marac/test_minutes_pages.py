"""The page of the minutes: read, approved, sent, set right, taken away as a file."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from marac.minutes.content import content_of, fingerprint
from marac.models import Meeting, Minutes
from tests.factories import marac
from tests.marac.minutes_scene import Scene, agency_of, held, there, withhold, words
from tests.personas import person

SignIn = Callable[[str], Client]
NAMES = [("Siobhán", "O'Neill"), ("Keisha", "Browne")]


@pytest.fixture
def scene(db: None, at: datetime) -> Scene:
    scene = held(at, NAMES)
    there(scene.meeting, "agency", at)
    return scene


def url(scene: Scene, name: str = "minutes") -> str:
    return reverse(f"marac:{name}", args=[scene.meeting.reference])


def approve(client: Client, scene: Scene, **said: Any) -> Any:
    said = {"seen": fingerprint(content_of(scene.meeting)), **said}
    return client.post(url(scene, "approve_minutes"), said)


def test_read_approved_sent_and_opened(scene: Scene, sign_in: SignIn) -> None:
    chair, coordinator, agency = (sign_in(who) for who in ("chair", "coordinator", "agency"))
    page = chair.get(url(scene)).content.decode()
    assert "1. Siobhán O&#x27;Neill" in page and "Approve the minutes" in page
    assert "There is nothing to read yet" in agency.get(url(scene)).content.decode()
    assert agency.get(url(scene, "minutes_pdf")).status_code == 404
    assert approve(chair, scene).status_code == 302
    assert "Send version 1" in coordinator.get(url(scene)).content.decode()
    assert coordinator.post(url(scene, "send_minutes")).status_code == 302
    page = agency.get(url(scene)).content.decode()
    assert "Copy of County housing" in page and "2. Keisha Browne" in page
    assert (
        "minutes/approve" not in page
        and "Approve a" not in page
        and "What each agency gets" not in page
    )
    file = agency.get(url(scene, "minutes_pdf"))
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file["Cache-Control"] == "private, no-store" and "O'Neill" not in str(file.headers)
    assert "Opened by T. Boyle" in words(file.content)
    assert AuditEvent.objects.filter(verb="marac_minutes.opened").count() == 4
    assert "opened" in coordinator.get(url(scene)).content.decode()


def test_the_coordinator_reads_what_an_agency_gets(
    scene: Scene, at: datetime, sign_in: SignIn
) -> None:
    withhold(scene.hearings[0], at, agency=agency_of("agency"))
    how = {"agency": str(agency_of("agency").pk)}
    page = sign_in("coordinator").get(url(scene), how).content.decode()
    assert "1. Keisha Browne" in page and "1. Siobhán" not in page
    # Of somebody who does not keep the conference the address asks for nothing else.
    approve(sign_in("chair"), scene)
    sign_in("coordinator").post(url(scene, "send_minutes"))
    other = {"agency": str(agency_of("agency_b").pk), "version": "1"}
    assert "Copy of County housing" in sign_in("agency").get(url(scene), other).content.decode()
    for wrong in ({"agency": "999999"}, {"agency": "x"}):
        assert sign_in("coordinator").get(url(scene), wrong).status_code == 404


def test_what_was_written_since_is_not_approved_unread(
    scene: Scene, at: datetime, sign_in: SignIn
) -> None:
    seen = fingerprint(content_of(scene.meeting))
    marac.line(scene.hearings[0], "Late.", at, by=person("chair"))
    refused = approve(sign_in("chair"), scene, seen=seen)
    assert refused.status_code == 409
    assert "Something was written after" in refused.content.decode()
    assert not Minutes.objects.exists()


def test_what_was_typed_stays_when_it_is_refused(scene: Scene, sign_in: SignIn) -> None:
    chair = sign_in("chair")
    approve(chair, scene)
    said = {"words_1": "She lives at number 8.", "case_2": str(scene.hearings[0].pk)}
    refused = approve(chair, scene, because="An address.", **said)
    assert refused.status_code == 400
    page = refused.content.decode()
    for shown in ("An address.", "number 8", "Choose the case", "Say what is right."):
        assert shown in page
    said = {"words_1": "She lives at number 8.", "case_1": str(scene.hearings[0].pk)}
    again = approve(chair, scene, **said)
    assert again.status_code == 400 and "number 8" in again.content.decode()
    assert approve(chair, scene, because="An address.", **said).status_code == 302
    assert Minutes.objects.get(number=2).content["cases"][0]["corrections"]


def test_before_the_end_there_is_nothing(scene: Scene, sign_in: SignIn) -> None:
    Meeting.objects.update(state="under_way", ended_at=None)
    assert "The meeting is not over" in sign_in("chair").get(url(scene)).content.decode()
    assert sign_in("chair").get(url(scene, "minutes_pdf")).status_code == 404
    assert sign_in("agency").get(url(scene)).status_code == 403
    assert approve(sign_in("chair"), scene).status_code == 409


def test_sending_what_nobody_approved_changes_nothing(scene: Scene, sign_in: SignIn) -> None:
    done = sign_in("coordinator").post(url(scene, "send_minutes"), follow=True)
    assert "has not approved them" in done.content.decode()


def test_unsigned_and_observing_nobody_reads(scene: Scene, at: datetime, sign_in: SignIn) -> None:
    refused = sign_in("agency_b").get(url(scene))
    assert refused.status_code == 403 and url(scene, "sign") in refused.content.decode()
    there(scene.meeting, "agency_b", at, observer=True)
    for name in ("minutes", "minutes_pdf"):
        assert sign_in("agency_b").get(url(scene, name)).status_code == 403
    assert sign_in("idva").get(url(scene)).status_code == 404


def test_a_page_of_many_cases_costs_the_same(
    db: None, at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    scene = held(at, [("A", f"Case {n}") for n in range(30)])
    client = sign_in("chair")
    client.get(url(scene))
    with django_assert_max_num_queries(60):
        client.get(url(scene))
