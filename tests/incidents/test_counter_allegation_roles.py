"""A counter-allegation gives both roles to both, and says who accuses whom."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput
from incidents.company import company_of
from incidents.events import CounterAllegationRecorded
from incidents.models import FirstResponse, Incident, Involvement
from incidents.services import response
from risk.models import Assessment
from tests.factories.incidents import in_call
from tests.factories.response import as_posted, as_sent, attended, findings, responded
from tests.incidents.helpers_counter_allegation import ALLEGED, again, record, roles, two_of
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]
NINE = timedelta(minutes=9)
DAY = timedelta(days=1)


# --- Both roles ---------------------------------------------------------------------------------


def test_both_stand_in_both_roles_and_each_has_an_assessment(at: datetime, people: People) -> None:
    row = responded(at=at, **ALLEGED).incident
    assert roles(row) == {
        ("Siobhán", "victim"),
        ("Siobhán", "perpetrator"),
        ("Darren", "victim"),
        ("Darren", "perpetrator"),
    }
    both = {row.victim_id for row in row.involvements.filter(role="victim")}
    assert len(both) == 2
    assert set(Assessment.objects.values_list("victim", flat=True)) == both
    new = Victim.objects.get(person__given_name="Darren")
    assert new.contact_owner == people("officer")
    assert new.last_incident_at == at
    heard = AuditEvent.objects.get(verb="incident.counter_allegation_recorded")
    assert heard.is_grave
    assert len(heard.detail["roles_added"]) == 2


def test_an_existing_record_is_used_and_nobody_else_becomes_responsible(
    at: datetime, people: People
) -> None:
    earlier = attended("officer_b", at=at - 30 * DAY)
    swapped = attended("officer_b", at=at - 20 * DAY, people=again(earlier, swapped=True))
    known = swapped.involvements.get(role="victim").victim
    row = attended(at=at, people=again(earlier))
    record(row, people("officer"), at + NINE, 0, **ALLEGED)
    added = row.involvements.get(role="victim", person__given_name="Darren")
    assert added.victim == known
    known.refresh_from_db()
    assert known.contact_owner == people("officer_b")
    assert known.last_incident_at == at


def test_said_again_nothing_is_added(
    at: datetime, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    real = events.announce
    monkeypatch.setattr(events, "announce", lambda event: (heard.append(event), real(event)))
    first = responded(at=at, **ALLEGED)
    record(first.incident, people("officer"), at + NINE, 0, **ALLEGED)
    record(first.incident, people("officer"), at + NINE, 1, **ALLEGED, account="More was said.")
    assert Involvement.objects.filter(incident=first.incident).count() == 4
    assert Assessment.objects.count() == 2
    assert sum(isinstance(event, CounterAllegationRecorded) for event in heard) == 1


def test_it_is_about_somebody(at: datetime, people: People) -> None:
    row = attended(at=at, people=(in_call("victim", given_name="Ann"),))
    with pytest.raises(InvalidInput, match="Nobody is named") as refused:
        record(row, people("officer"), at + NINE, 0, **ALLEGED)
    assert refused.value.field == "counter_allegation"


def test_who_needs_protection_is_one_of_the_two(at: datetime, people: People) -> None:
    stranger = two_of(attended(at=at))[0]
    row = attended(at=at)
    said = {**ALLEGED, "counter_view": "one"}
    with pytest.raises(InvalidInput) as refused:
        record(row, people("officer"), at + NINE, 0, **{**said, "counter_protect": stranger})
    assert refused.value.field == "counter_protect"
    harmed, _ = two_of(row)
    kept = record(row, people("officer"), at + NINE, 0, **{**said, "counter_protect": harmed})
    assert kept.counter_protect is not None
    assert kept.counter_protect.reference == harmed


def test_taking_it_back_needs_words_and_takes_nothing_away(at: datetime, people: People) -> None:
    row = responded(at=at, **ALLEGED).incident
    with pytest.raises(InvalidInput, match="keep both roles") as refused:
        record(row, people("officer"), at + NINE, 1, counter_allegation="no")
    assert refused.value.field == "counter_reason"
    kept = record(
        row,
        people("officer"),
        at + NINE,
        1,
        counter_allegation="no",
        counter_reason="He says now that he fell.",
    )
    assert (kept.counter_view, kept.counter_reason) == ("", "He says now that he fell.")
    assert len(roles(row)) == 4
    assert Assessment.objects.count() == 2


def test_a_refusal_later_on_leaves_no_role_behind(at: datetime, people: People) -> None:
    row = attended(at=at)
    Incident.objects.filter(pk=row.pk).update(state="attended")
    with pytest.raises(DomainError):
        record(row, people("officer"), at + NINE, 7, **ALLEGED)
    assert len(roles(row)) == 2


# --- More than two ------------------------------------------------------------------------------


@pytest.fixture
def three(at: datetime) -> tuple[Incident, str, str, str]:
    """A victim and two perpetrators, by their references; an officer is there."""
    row = attended(
        at=at,
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill"),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
            in_call("perpetrator", given_name="Lee", family_name="Pike"),
        ),
    )
    company = company_of(row)
    siobhan, darren, lee = (party.reference for party in company.parties)
    return row, siobhan, darren, lee


def test_where_more_than_two_are_named_it_must_be_said_who_accuses(
    at: datetime, people: People, three: tuple[Incident, str, str, str]
) -> None:
    row, siobhan, _, lee = three
    for wrong in ("", siobhan, "P-2026-999999"):
        with pytest.raises(InvalidInput) as refused:
            record(row, people("officer"), at, 0, **ALLEGED, counter_by=wrong)
        assert refused.value.field == "counter_by"
    said = {**ALLEGED, "counter_by": lee, "counter_view": "one", "counter_protect": lee}
    found = findings(row, **said)
    for _ in range(2):
        done = response.record_first_response(
            incident_id=row.pk, actor=people("officer"), findings=found, version=0, at=at
        )
        assert str(done.counter_between) == "Lee Pike against Siobhán O'Neill"
    assert done.version == 1
    assert roles(row) == {
        ("Siobhán", "victim"),
        ("Darren", "perpetrator"),
        ("Lee", "perpetrator"),
        ("Lee", "victim"),
        ("Siobhán", "perpetrator"),
    }
    written = AuditEvent.objects.get(verb="incident.counter_allegation_recorded").detail
    assert (written["by"], written["against"]) == (lee, siobhan)
    assert [side["person"] for side in written["aid"]["sides"]] == [siobhan, lee]


def test_of_two_victims_it_must_be_said_which_is_accused(at: datetime, people: People) -> None:
    row = attended(
        at=at,
        people=(
            in_call("victim", given_name="Siobhán", family_name="O'Neill"),
            in_call("victim", given_name="Ona", family_name="Vale"),
            in_call("perpetrator", given_name="Darren", family_name="Pike"),
        ),
    )
    ona = next(p.reference for p in company_of(row).parties if p.name.startswith("Ona"))
    with pytest.raises(InvalidInput) as refused:
        record(row, people("officer"), at, 0, **ALLEGED)
    assert refused.value.field == "counter_against"
    record(row, people("officer"), at, 0, **ALLEGED, counter_against=ona)
    assert ("Ona", "perpetrator") in roles(row)
    assert ("Siobhán", "perpetrator") not in roles(row)


def test_the_page_and_the_api_ask_who_accuses(
    at: datetime, sign_in: SignIn, three: tuple[Incident, str, str, str]
) -> None:
    row, siobhan, darren, lee = three
    client, address = sign_in("officer"), f"/incidents/{row.reference}/first-response/"
    page = client.get(address).content.decode()
    assert page.count('name="counter_by"') == 2
    assert 'name="counter_against"' not in page
    refused = client.post(address, as_posted(row, **ALLEGED))
    assert refused.status_code == 400
    assert "Say who accuses the victim." in refused.content.decode()
    said = {**ALLEGED, "counter_view": "one", "counter_protect": lee, "counter_by": lee}
    assert client.post(address, as_posted(row, **said)).status_code == 302
    assert "Lee Pike against" in client.get(f"/incidents/{row.reference}/").content.decode()
    shown = client.get(address).content.decode()
    assert re.search(f'name="counter_by" value="{lee}"[^>]* checked', shown)
    assert siobhan in shown
    api = APIClient()
    api.force_authenticate(person("officer"))
    both = {**ALLEGED, "counter_by": darren, "counter_against": siobhan}
    answer = api.post(
        f"/api/v1/incidents/{row.reference}/attendance/",
        {"first_response": as_sent(row, **both, version=1)},
        format="json",
    )
    assert answer.status_code in {200, 201}, answer.json()
    assert FirstResponse.objects.get(incident=row).counter_between.by.reference == darren


def test_two_people_are_not_asked_who_accuses(at: datetime, sign_in: SignIn) -> None:
    row = responded(at=at, **ALLEGED).incident
    page = sign_in("officer").get(f"/incidents/{row.reference}/first-response/").content.decode()
    assert "counter_by" not in page
    assert not hasattr(FirstResponse.objects.get(incident=row), "counter_between")
