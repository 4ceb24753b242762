"""What became of a crime: by page, by API, and put right with words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from core import clock, events
from core.errors import InvalidInput, Stale
from incidents.events import CrimeOutcomeRecorded
from incidents.models import Crime
from incidents.services import crimes, response
from tests.factories.response import responded

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]
NUMBER = "42FW/1234/26"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: at + DAY)
    return at + DAY


@pytest.fixture
def crime(at: datetime, people: People) -> Crime:
    row = responded(at=at).incident
    return response.record_crime(
        incident_id=row.pk, category="stalking", number=NUMBER, actor=people("officer"), at=at
    )


def record(crime: Crime, by: User, at: datetime, **changes: Any) -> Crime:
    said = {"outcome": "charge", "at_when": at, "words": "", "version": 1, **changes}
    return crimes.record_outcome(crime_id=crime.pk, actor=by, at=at, **said)


def address(crime: Crime) -> str:
    return f"/incidents/{crime.incident.reference}/crimes/{NUMBER}/outcome/"


def test_an_outcome_is_recorded_once(
    crime: Crime, now: datetime, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "announce", heard.append)
    done = record(crime, people("officer"), now)
    assert (done.outcome, done.outcome_at, done.version) == ("charge", now, 2)
    assert record(crime, people("supervisor"), now).version == 2
    (fact,) = heard
    assert isinstance(fact, CrimeOutcomeRecorded)
    assert fact.outcome == "charge"
    (event,) = AuditEvent.objects.filter(verb="incident.crime_outcome")
    assert event.headline == f"{NUMBER}: charge or summons"


def test_no_further_action_needs_words(crime: Crime, now: datetime, people: People) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(crime, people("officer"), now, outcome="no_further_action")
    assert refused.value.field == "words"
    record(crime, people("officer"), now, outcome="no_further_action", words="No evidence.")


def test_it_is_put_right_with_words_and_both_stay(
    crime: Crime, now: datetime, people: People
) -> None:
    record(crime, people("officer"), now)
    with pytest.raises(InvalidInput) as refused:
        record(crime, people("officer"), now, outcome="caution", version=2)
    assert refused.value.field == "words"
    record(crime, people("officer"), now, outcome="caution", words="Typed wrongly", version=2)
    event = AuditEvent.objects.filter(verb="incident.crime_outcome").latest("pk")
    assert event.detail["before"]["outcome"] == "Charge or summons"
    assert event.detail["after"]["outcome"] == "Caution"
    assert event.headline == f"{NUMBER}: caution, not charge or summons"


def test_who_was_second_sees_both_versions(crime: Crime, now: datetime, people: People) -> None:
    record(crime, people("officer"), now)
    with pytest.raises(Stale) as refused:
        record(crime, people("supervisor"), now, outcome="caution", words="x")
    assert refused.value.theirs["outcome"] == "Charge or summons"
    assert refused.value.yours["outcome"] == "Caution"


@pytest.mark.parametrize("moved", [timedelta(seconds=1), -DAY - timedelta(minutes=1)])
def test_never_in_the_future_nor_before_it_was_recorded(
    crime: Crime, now: datetime, people: People, moved: timedelta
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(crime, people("officer"), now, at_when=now + moved)
    assert refused.value.field == "at_when"


@pytest.mark.parametrize("outcome", ["", "pardon"])
def test_only_what_there_is(crime: Crime, now: datetime, people: People, outcome: str) -> None:
    with pytest.raises(InvalidInput):
        record(crime, people("officer"), now, outcome=outcome)


@pytest.mark.parametrize("who", ["handler", "worker", "idva", "analyst", "nobody"])
def test_who_may_not(crime: Crime, now: datetime, people: People, who: str) -> None:
    with pytest.raises(PermissionDenied):
        record(crime, people(who), now)
    with pytest.raises(PermissionDenied):
        crimes.record_arrests(crime_id=crime.pk, arrests=1, version=1, actor=people(who), at=now)


def test_arrests_are_added_later(crime: Crime, now: datetime, people: People) -> None:
    officer = people("officer")
    done = crimes.record_arrests(crime_id=crime.pk, arrests=2, version=1, actor=officer, at=now)
    assert (done.arrests, done.version) == (2, 2)
    with pytest.raises(Stale):
        crimes.record_arrests(crime_id=crime.pk, arrests=3, version=1, actor=officer, at=now)
    with pytest.raises(InvalidInput):
        crimes.record_arrests(crime_id=crime.pk, arrests=51, version=2, actor=officer, at=now)
    assert f"{NUMBER}: 2 arrested, not 0" in AuditEvent.objects.values_list("headline", flat=True)


def test_the_page_of_a_number_with_slashes(
    crime: Crime, now: datetime, people: People, sign_in: SignIn
) -> None:
    client = sign_in("officer")
    log = client.get(f"/incidents/{crime.incident.reference}/").content.decode()
    assert f'href="{address(crime)}"' in log
    assert client.get(address(crime)).status_code == 200
    typed = {"version": 1, "outcome": "no_further_action", "at_when": "2026-11-24T09:30"}
    refused = client.post(address(crime), {**typed, "words": ""})
    assert refused.status_code == 400
    assert "Say why nothing further is done." in refused.content.decode()
    assert 'value="2026-11-24T09:30"' in refused.content.decode()
    assert client.post(address(crime), {**typed, "words": "No witness"}).status_code == 302
    stale = client.post(address(crime), {**typed, "outcome": "charge", "words": "Typed"})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "No witness" in page
    assert 'value="Typed"' in page
    again = {**typed, "outcome": "charge", "words": "Typed", "version": 2}
    assert client.post(address(crime), again).status_code == 302
    assert client.post(address(crime), {"arrests": "1", "arrests_version": "3"}).status_code == 302
    crime.refresh_from_db()
    assert (crime.outcome, crime.arrests, crime.version) == ("charge", 1, 4)
    assert (
        "/outcome/"
        not in sign_in("worker").get(f"/incidents/{crime.incident.reference}/").content.decode()
    )


def test_by_the_api(crime: Crime, now: datetime, people: People, sign_in: SignIn) -> None:
    client = sign_in("officer")
    body = {"outcome": "caution", "at_when": now.isoformat(), "words": "", "version": 1}
    answer = client.post(f"/api/v1{address(crime)}", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["outcome"], answer.json()["version"]) == ("caution", 2)
    stale = client.post(
        f"/api/v1{address(crime)}", {**body, "words": "no"}, content_type="application/json"
    )
    assert stale.status_code == 409
    assert stale.json()["theirs"]["outcome"] == "Caution"
    unknown = f"/api/v1/incidents/{crime.incident.reference}/crimes/NONE/outcome/"
    assert client.post(unknown, body, content_type="application/json").status_code == 404
