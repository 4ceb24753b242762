"""Opening an assessment: for whom, by which rule, and what is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import events
from core.errors import DomainError, InvalidInput
from core.models import PolicyVersion
from incidents.events import CrimeRecorded, OfficerArrived
from incidents.models import Crime
from incidents.services.editing.further_calls import add_further_call
from risk import services
from risk.models import Assessment
from tests.factories import closure as gate
from tests.factories import risk as make
from tests.factories.incidents import call, in_call, incident
from tests.factories.response import attended
from tests.risk.helpers import deadline, verbs

pytestmark = pytest.mark.django_db

People = Callable[[str], User]


def narrow_rule(at: datetime, author: User) -> None:
    PolicyVersion.objects.create(
        effective_from=at - timedelta(days=400),
        values={"assess_every_incident": False},
        author=author,
        reason="test",
        recorded_at=at,
    )


def test_arrival_begins_one_for_each_victim(people: People, at: datetime) -> None:
    one, other = make.a_victim(at), make.a_victim(at, given_name="Rosa", family_name="Lint")
    incident = make.an_incident(at, one, other)
    for officer in ("officer", "officer_b"):
        there = people(officer)
        events.announce(OfficerArrived(incident.pk, officer=there, actor=there, at=at))
    begun = Assessment.objects.filter(incident=incident)
    assert {row.victim_id for row in begun} == {one.pk, other.pk}
    assert {row.officer for row in begun} == {people("officer")}
    for row in begun:
        clock = deadline(row, "assessment")
        assert clock.owner == people("officer")
        assert clock.due_at == at + timedelta(hours=8)
        assert clock.victim_id == row.victim_id


@pytest.mark.parametrize(
    ("earlier", "months", "words"),
    [
        ((), 0, "every domestic incident"),
        (("victim",), 11, "every domestic incident, and the victim known in the last 12 months"),
        (("victim",), 13, "every domestic incident"),
        (
            ("other",),
            11,
            "every domestic incident, and the other person known in the last 12 months",
        ),
        (
            ("victim", "other"),
            2,
            "every domestic incident, and both people known in the last 12 months",
        ),
    ],
)
def test_the_page_says_which_limb_applied(
    people: People, at: datetime, earlier: tuple[str, ...], months: int, words: str
) -> None:
    victim, other = make.a_victim(at), make.a_victim(at, given_name="Cal").person
    then = at - timedelta(days=30 * months)
    if "victim" in earlier:
        make.an_incident(then, victim)
    if "other" in earlier:
        stranger = make.a_victim(at, given_name="Ona")
        make.an_incident(then, stranger).involvements.create(
            person=other, role="perpetrator", received_at=then
        )
    incident = make.an_incident(at, victim)
    incident.involvements.create(person=other, role="perpetrator", received_at=at)
    assert make.draft(at, victim=victim, incident=incident).due_because == words


def test_the_narrower_rule_waits_for_a_limb(people: People, at: datetime) -> None:
    narrow_rule(at, people("administrator"))
    victim = make.a_victim(at)
    incident = make.an_incident(at, victim, officer=people("officer"))
    events.announce(OfficerArrived(incident.pk, people("officer"), people("officer"), at))
    assert not incident.assessments.exists()
    crime = Crime.objects.create(
        incident=incident,
        victim=victim,
        category="stalking",
        number="35/1",
        recorded_at=at,
        recorded_by=people("officer"),
    )
    events.announce(CrimeRecorded(crime.pk, incident.pk, people("handler"), at))
    assert incident.assessments.get().due_because == "a crime recorded"
    assert incident.assessments.get().officer == people("officer")


def test_a_victim_named_by_a_further_call_gets_one(people: People, at: datetime) -> None:
    row = attended(at=at)
    news = call(
        received_at=at + timedelta(hours=1),
        people=(in_call("victim", given_name="Ona", family_name="Vale"),),
        narrative="Her sister was pushed too.",
    )
    add_further_call(
        incident_id=row.pk, actor=people("handler"), at=at + timedelta(hours=1), call=news
    )
    begun = row.assessments.get(victim__person__given_name="Ona")
    assert (begun.officer, begun.started_at) == (people("officer"), at + timedelta(hours=1))


def test_before_anybody_is_there_a_further_call_begins_none(people: People, at: datetime) -> None:
    row = incident(at=at)
    news = call(received_at=at, people=(in_call("victim", given_name="Ona", family_name="Vale"),))
    add_further_call(incident_id=row.pk, actor=people("handler"), at=at, call=news)
    assert not row.assessments.exists()


def test_opening_twice_gives_the_same(people: People, at: datetime) -> None:
    first = make.draft(at)
    again = make.draft(
        at + timedelta(hours=1),
        officer=people("officer_b"),
        victim=first.victim,
        incident=first.incident,
    )
    assert again == first
    assert verbs(first) == ["assessment.opened"]


def test_opening_is_refused(people: People, at: datetime) -> None:
    victim, stranger = make.a_victim(at), make.a_victim(at, given_name="Ona")
    incident = make.an_incident(at, victim)
    with pytest.raises(PermissionDenied):
        services.open_assessment(
            incident_id=incident.pk, victim_id=victim.pk, actor=people("worker"), at=at
        )
    with pytest.raises(InvalidInput) as refused:
        services.open_assessment(
            incident_id=incident.pk, victim_id=stranger.pk, actor=people("officer"), at=at
        )
    assert refused.value.field == "victim"
    assert not Assessment.objects.exists()
    closed = gate.closed(at=at)
    make.involve(closed, stranger)
    with pytest.raises(DomainError, match="closed"):
        services.open_assessment(
            incident_id=closed.pk, victim_id=stranger.pk, actor=people("officer"), at=at
        )
    assert not stranger.assessments.exists()
