"""A review of repeated non-crimes: who decides, what takes it back, which crime is owed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from incidents import closure_conditions
from incidents.deadlines import owing_a_crime_number
from incidents.models import Incident, NonCrimeReview
from incidents.services import closure, dispatch, response
from incidents.services.response import CrimeNamed
from risk import services as risk_services
from tests.factories import closure as gate
from tests.factories.incidents import incident
from tests.incidents.helpers_non_crimes import decided, known_couple, non_crime, settle, siobhan
from tests.personas import person
from victims.models import Victim

People = Callable[[str], User]
SignIn = Callable[[str], Client]
DAY = timedelta(days=1)


# --- What comes after -----------------------------------------------------------------------------


@pytest.fixture
def three(db: None, at: datetime) -> list[Incident]:
    person("supervisor")
    return [non_crime(at - 3 * DAY), non_crime(at - 2 * DAY), non_crime(at - DAY)]


def test_a_team_that_cannot_decide_is_not_asked(at: datetime, people: People, db: None) -> None:
    """The referral unit is responsible for her; the officer's own supervisor decides."""
    people("supervisor")
    non_crime(at - 3 * DAY)
    Victim.objects.update(contact_team=people("manager").team)
    non_crime(at - 2 * DAY)
    non_crime(at - DAY)
    clock_ = Deadline.objects.get(kind="non_crime_review")
    assert (clock_.owner, clock_.team) == (people("supervisor"), people("officer").team)


def test_a_fourth_while_it_waits_is_added(three: list[Incident], at: datetime) -> None:
    fourth = non_crime(at)
    review = NonCrimeReview.objects.get()
    assert review.incidents_counted == [row.reference for row in (*three, fourth)]
    assert (review.incident, review.version) == (fourth, 2)
    assert review.basis.startswith("4 incidents")
    with pytest.raises(Stale):
        decided(at, version=1)


def test_a_fourth_after_the_decision_opens_another(three: list[Incident], at: datetime) -> None:
    decided(at)
    settle(three[0], at, version=1, account="More was said.")
    assert NonCrimeReview.objects.count() == 1
    fourth = non_crime(at + DAY)
    review = NonCrimeReview.objects.latest("pk")
    assert NonCrimeReview.objects.count() == 2
    assert review.incident == fourth
    assert len(review.incidents_counted) == 4


def test_a_crime_recorded_after_all_takes_it_back(
    three: list[Incident], at: datetime, people: People
) -> None:
    response.record_crime(
        incident_id=three[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    review = NonCrimeReview.objects.get()
    assert review.fell_away_at == at
    assert Deadline.objects.get(kind="non_crime_review").state == "cancelled"
    with pytest.raises(DomainError, match="fell away"):
        decided(at)


def test_a_first_response_put_right_takes_it_back(three: list[Incident], at: datetime) -> None:
    crime = (CrimeNamed(category="stalking"),)
    settle(three[0], at, version=1, crime_committed="yes", crimes=crime)
    assert NonCrimeReview.objects.get().fell_away_at == at
    settle(three[0], at, version=2)
    assert NonCrimeReview.objects.filter(fell_away_at=None).count() == 1


def test_with_enough_left_the_review_goes_on(
    three: list[Incident], at: datetime, people: People
) -> None:
    fourth = non_crime(at)
    response.record_crime(
        incident_id=fourth.pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    review = NonCrimeReview.objects.get()
    assert review.fell_away_at is None
    assert review.incidents_counted == [row.reference for row in three]
    assert review.incident == three[-1]


def test_a_supervisor_decides_with_words(
    three: list[Incident], at: datetime, people: People
) -> None:
    for said in ({"words": " "}, {"decision": ""}, {"decision": "nothing"}):
        with pytest.raises(InvalidInput):
            decided(at, **said)
    review = decided(at)
    assert (review.decision, review.decided_by) == ("plan", people("supervisor"))
    assert Deadline.objects.get(kind="non_crime_review").state == "met"
    assert decided(at).version == review.version
    with pytest.raises(AlreadyTaken, match="Obi decided already"):
        decided(at, decision="no_steps", version=2)


@pytest.mark.parametrize("who", ["officer", "handler", "inspector", "worker", "idva", "nobody"])
def test_nobody_else_decides(three: list[Incident], at: datetime, people: People, who: str) -> None:
    with pytest.raises(PermissionDenied):
        decided(at, actor=people(who))


# --- A crime should have been recorded ------------------------------------------------------------


def crime_owed(three: list[Incident], at: datetime, **changes: Any) -> NonCrimeReview:
    said = {"decision": "crime", "incident": three[1].reference, "category": "stalking"}
    return decided(at, **{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"incident": ""}, "incident"),
        ({"incident": "DA-2026-999999"}, "incident"),
        ({"category": ""}, "category"),
        ({"category": "rudeness"}, "category"),
    ],
)
def test_it_must_be_said_which_crime(
    three: list[Incident], at: datetime, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        crime_owed(three, at, **changes)
    assert refused.value.field == field
    assert NonCrimeReview.objects.get().decision == ""


def test_a_crime_that_should_have_been_recorded_is_owed(
    three: list[Incident], at: datetime, people: People
) -> None:
    crime_owed(three, at)
    duty = Deadline.objects.open().get(kind="crime_recorded")
    assert (duty.subject_reference, duty.owner) == (three[1].reference, people("officer"))
    assert (duty.started_at, duty.due_at) == (at, at + DAY)
    assert owing_a_crime_number([row.pk for row in three]) == {three[1].pk}
    told = Notification.objects.get(user=people("officer"), reference=three[1].reference)
    assert "stalking" in told.headline
    (missing,) = [
        one for one in closure_conditions.missing_of(three[1], at) if "supervisor" in one.words
    ]
    assert missing.url.endswith("#crimes")
    # Saying again that there was none takes nothing back.
    settle(three[1], at, version=1)
    assert Deadline.objects.open().filter(kind="crime_recorded").exists()
    response.record_crime(
        incident_id=three[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    assert Deadline.objects.get(kind="crime_recorded").state == "met"
    assert not owing_a_crime_number([three[1].pk])
    assert Incident.objects.get(pk=three[1].pk).non_crime_reason == ""


def test_the_crime_of_a_closed_incident_is_owed_too(at: datetime, people: People, db: None) -> None:
    person("supervisor")
    rows = [gate.closed(at=at - days * DAY, people=known_couple()) for days in (3, 2)]
    non_crime(at - DAY)
    crime_owed(rows, at)
    response.record_crime(
        incident_id=rows[1].pk, category="stalking", number="A1", actor=people("officer"), at=at
    )
    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].non_crime_reason) == ("closed", "")
    assert Deadline.objects.get(kind="crime_recorded").state == "met"


def test_non_crimes_are_counted_at_closure(at: datetime, people: People, db: None) -> None:
    """Nobody was there, so that only the inspector's signature settles that it was no crime."""
    person("supervisor")
    non_crime(at - 3 * DAY)
    non_crime(at - 2 * DAY)
    row = incident(at=at - DAY, people=known_couple())
    dispatch.send_nobody(
        incident_id=row.pk, actor=people("handler"), reason="she is at the counter", at=at - DAY
    )
    begun = risk_services.open_assessment(
        incident_id=row.pk, victim_id=siobhan().pk, actor=people("officer"), at=at - DAY
    )
    gate.assess(begun, at)
    waiting = closure.request_closure(
        incident_id=row.pk,
        actor=people("handler"),
        answers=gate.answered(),
        non_crime_reason="Words only.",
        at=at,
    )
    assert not NonCrimeReview.objects.exists()
    gate.decided(waiting, "signed_off", at=at)
    assert NonCrimeReview.objects.get().incident == row


def test_the_page_asks_which_crime_it_was(
    three: list[Incident], at: datetime, sign_in: SignIn
) -> None:
    client, address = sign_in("supervisor"), f"/non-crime-reviews/{siobhan().reference}/"
    said = {"version": 1, "decision": "crime", "words": "He followed her.", "category": "stalking"}
    refused = client.post(address, said)
    assert refused.status_code == 400
    assert "Choose which of the incidents was a crime." in refused.content.decode()
    assert "He followed her." in refused.content.decode()
    assert client.post(address, {**said, "incident": three[0].reference}).status_code == 302
    assert f"/incidents/{three[0].reference}/#crimes" in client.get(address).content.decode()
    shown = sign_in("officer").get(f"/incidents/{three[0].reference}/").content.decode()
    assert "A crime should have been recorded: stalking." in shown
