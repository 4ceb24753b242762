"""Invitations answered, the confidentiality statement signed, observers, who is there, quorum."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Agency, Withholding
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from deadlines.models import Notification
from marac import quorum
from marac.models import Attendance, Hearing, Invitation, MaracCase, Meeting
from marac.services import (
    add_observer,
    answer_invitation,
    come_in,
    remove_observer,
    sign,
)
from marac.statement import CURRENT, STATEMENTS
from tests.factories import marac
from tests.personas import PEOPLE, person, team

pytestmark = pytest.mark.django_db


def agency_of(username: str) -> Agency:
    return team(PEOPLE[username][2]).agency


BEGINS = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def meeting(at: datetime) -> Meeting:
    """Its agenda is out; police and housing are needed, children's services come too."""
    return marac.agenda_out(marac.meeting(BEGINS), at)


def signed(meeting: Meeting, username: str, at: datetime) -> Attendance:
    return sign(meeting_id=meeting.pk, actor=person(username), at=at)


def answered(meeting: Meeting, at: datetime, **given: Any) -> Invitation:
    said: dict[str, Any] = {"coming": True, "actor": person("agency")}
    said |= {"agency_id": agency_of("agency").pk, **given}
    return answer_invitation(meeting_id=meeting.pk, at=at, **said)


def observing(meeting: Meeting, at: datetime, **given: Any) -> Attendance:
    said: dict[str, Any] = {
        "person_id": person("idva").pk,
        "because": "Learns; asked by C. Whelan.",
        "actor": person("coordinator"),
    }
    return add_observer(meeting_id=meeting.pk, at=at, **{**said, **given})


def test_nothing_of_a_case_opens_before_it_is_signed(meeting: Meeting, at: datetime) -> None:
    hearing = marac.hearing(meeting, marac.case(at - timedelta(days=5)))
    reader = person("agency")
    assert meeting in Meeting.objects.visible_to(reader)
    assert not Hearing.objects.visible_to(reader).exists()
    assert not MaracCase.objects.visible_to(reader).exists()
    row = signed(meeting, "agency", at)
    assert (row.signed_at, row.statement) == (at, CURRENT.number)
    assert row.agency == agency_of("agency")
    assert list(Hearing.objects.visible_to(reader)) == [hearing]
    assert list(MaracCase.objects.visible_to(reader)) == [hearing.case]


def test_signed_nothing_withheld_opens(meeting: Meeting, at: datetime) -> None:
    hearing = marac.hearing(meeting, marac.case(at - timedelta(days=5)))
    Withholding.objects.create(
        victim=hearing.victim,
        agency=agency_of("agency"),
        reason="His sister works there",
        set_by=person("manager"),
        set_at=at,
    )
    signed(meeting, "agency", at)
    assert not Hearing.objects.visible_to(person("agency")).exists()


def test_signed_twice_is_signed_once(meeting: Meeting, at: datetime) -> None:
    first = signed(meeting, "agency", at)
    assert signed(meeting, "agency", at + timedelta(hours=1)).signed_at == first.signed_at
    events = AuditEvent.objects.filter(verb="marac_meeting.signed")
    assert [row.subject for row in events] == [meeting.reference]


@pytest.mark.parametrize("username", ["chair", "coordinator", "officer_b", "idva", "handler"])
def test_who_may_sign(meeting: Meeting, at: datetime, username: str) -> None:
    """Who leads or keeps it, and people of invited agencies who attend meetings at all."""
    if username in {"chair", "coordinator"}:
        assert signed(meeting, username, at).signed_at == at
        return
    with pytest.raises(PermissionDenied):
        signed(meeting, username, at)
    assert not Attendance.objects.exists()


def test_other_words_than_those_that_were_read_are_not_signed(
    meeting: Meeting, at: datetime
) -> None:
    with pytest.raises(DomainError):
        sign(meeting_id=meeting.pk, statement=99, actor=person("agency"), at=at)
    assert not Attendance.objects.exists()


def test_a_cancelled_meeting_is_not_signed_and_one_that_was_held_is(
    meeting: Meeting, at: datetime
) -> None:
    Meeting.objects.update(state="cancelled", cancelled_reason="Snow")
    with pytest.raises(DomainError):
        signed(meeting, "agency", at)
    Meeting.objects.update(state="held", began_at=BEGINS, ended_at=BEGINS + timedelta(hours=2))
    assert signed(meeting, "agency", at).signed_at == at


def test_the_words_are_numbered_and_never_empty() -> None:
    assert all(number == one.number for number, one in STATEMENTS.items())
    assert CURRENT.number == max(STATEMENTS)
    assert all(all(one.paragraphs) and len(one.paragraphs) > 4 for one in STATEMENTS.values())


def test_an_agency_says_that_it_comes(meeting: Meeting, at: datetime) -> None:
    row = answered(meeting, at)
    assert (row.state, row.answered_by, row.answered_at) == ("coming", person("agency"), at)
    assert answered(meeting, at + timedelta(hours=1)).answered_at == at


def test_apologies_come_with_words_and_the_coordinator_is_told(
    meeting: Meeting, at: datetime
) -> None:
    with pytest.raises(InvalidInput) as refused:
        answered(meeting, at, coming=False)
    assert refused.value.field == "apologies"
    row = answered(meeting, at, coming=False, apologies="Staff away; M. Osei speaks for us.")
    assert row.state == "apologies"
    assert Notification.objects.get(user=person("coordinator")).reference == meeting.reference
    assert answered(meeting, at).apologies == ""


def test_a_coordinator_answers_for_an_agency_that_telephoned(
    meeting: Meeting, at: datetime
) -> None:
    row = answered(meeting, at, actor=person("coordinator"))
    assert row.answered_by == person("coordinator")


@pytest.mark.parametrize("username", ["agency_b", "idva", "worker", "chair", "head"])
def test_nobody_answers_for_another_agency(meeting: Meeting, at: datetime, username: str) -> None:
    with pytest.raises(PermissionDenied):
        answered(meeting, at, actor=person(username))


def test_an_agency_that_is_not_invited_has_nothing_to_answer(
    meeting: Meeting, at: datetime
) -> None:
    with pytest.raises(DomainError):
        answered(meeting, at, actor=person("idva"), agency_id=agency_of("idva").pk)


def test_once_it_has_begun_nobody_answers(meeting: Meeting, at: datetime) -> None:
    marac.under_way(meeting, BEGINS)
    with pytest.raises(DomainError):
        answered(meeting, at)


def test_an_observer_signs_too_and_speaks_for_nobody(meeting: Meeting, at: datetime) -> None:
    hearing = marac.hearing(meeting, marac.case(at - timedelta(days=5)))
    row = observing(meeting, at)
    assert row.is_observer
    assert observing(meeting, at) == row
    assert meeting in Meeting.objects.visible_to(person("idva"))
    assert not Hearing.objects.visible_to(person("idva")).exists()
    assert signed(meeting, "idva", at).is_observer
    assert list(Hearing.objects.visible_to(person("idva"))) == [hearing]
    come_in(meeting_id=meeting.pk, actor=person("idva"), at=BEGINS)
    assert quorum.of(meeting).present == 0
    assert Notification.objects.get(user=person("idva")).reference == meeting.reference


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"because": ""}, "because"),
        ({"person_id": 0}, "person"),
        ({"who": "handler"}, "person"),  # their role comes to no meetings
        ({"who": "chair"}, "person"),  # leads it
    ],
)
def test_who_may_not_observe(
    meeting: Meeting, at: datetime, given: dict[str, Any], field: str
) -> None:
    if who := given.pop("who", None):
        given = {"person_id": person(who).pk}
    with pytest.raises(InvalidInput) as refused:
        observing(meeting, at, **given)
    assert refused.value.field == field


def test_whoever_speaks_for_an_agency_is_no_observer(meeting: Meeting, at: datetime) -> None:
    signed(meeting, "agency", at)
    with pytest.raises(InvalidInput):
        observing(meeting, at, person_id=person("agency").pk)


@pytest.mark.parametrize("username", ["agency", "idva_manager", "head", "worker"])
def test_only_coordinators_and_chairs_let_somebody_observe(
    meeting: Meeting, at: datetime, username: str
) -> None:
    with pytest.raises(PermissionDenied):
        observing(meeting, at, actor=person(username))


def test_an_observer_who_has_not_signed_is_taken_off_again(meeting: Meeting, at: datetime) -> None:
    observing(meeting, at)
    said: dict[str, Any] = {"meeting_id": meeting.pk, "person_id": person("idva").pk, "at": at}
    with pytest.raises(PermissionDenied):
        remove_observer(actor=person("idva"), **said)
    remove_observer(actor=person("coordinator"), **said)
    remove_observer(actor=person("coordinator"), **said)
    assert meeting not in Meeting.objects.visible_to(person("idva"))
    observing(meeting, at)
    signed(meeting, "idva", at)
    with pytest.raises(DomainError):
        remove_observer(actor=person("coordinator"), **said)


def test_nobody_comes_in_unsigned(meeting: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        come_in(meeting_id=meeting.pk, actor=person("agency"), at=BEGINS)


@pytest.mark.parametrize(
    ("minutes", "is_there"), [(-61, False), (-60, True), (0, True), (90, True)]
)
def test_somebody_is_there_from_an_hour_before(
    meeting: Meeting, at: datetime, minutes: int, is_there: bool
) -> None:
    signed(meeting, "agency", at)
    now = BEGINS + timedelta(minutes=minutes)
    row = come_in(meeting_id=meeting.pk, actor=person("agency"), at=now)
    assert row.present_at == (now if is_there else None)
    state = meeting.invitations.get(agency=row.agency).state
    assert state == ("attended" if is_there else "invited")


def test_afterwards_nobody_comes_in(meeting: Meeting, at: datetime) -> None:
    signed(meeting, "agency", at)
    Meeting.objects.update(state="held", began_at=BEGINS, ended_at=BEGINS + timedelta(hours=1))
    late = BEGINS + timedelta(hours=2)
    assert come_in(meeting_id=meeting.pk, actor=person("agency"), at=late).present_at is None


def test_the_quorum_needs_its_number_and_every_core_agency(meeting: Meeting, at: datetime) -> None:
    def there(username: str) -> quorum.Quorum:
        signed(meeting, username, at)
        come_in(meeting_id=meeting.pk, actor=person(username), at=BEGINS)
        return quorum.of(meeting)

    police, housing = agency_of("supervisor"), agency_of("agency")
    assert quorum.of(meeting) == quorum.Quorum(False, 0, 2, (housing, police))
    # The chair leads for all; the police are there when somebody else of theirs is.
    assert there("chair").present == there("coordinator").present == 0
    assert there("agency_b") == quorum.Quorum(False, 1, 2, (housing, police))
    assert there("agency") == quorum.Quorum(False, 2, 2, (police,))
    assert there("supervisor") == quorum.Quorum(True, 3, 2, ())
    assert there("worker").present == 3


def test_who_left_is_not_there_any_more(meeting: Meeting, at: datetime) -> None:
    marac.under_way(meeting, BEGINS)
    for username in ("agency", "supervisor"):
        signed(meeting, username, at)
        come_in(meeting_id=meeting.pk, actor=person(username), at=BEGINS)
    assert quorum.of(meeting).is_met
    Attendance.objects.filter(person=person("agency")).update(left_at=BEGINS)
    assert not quorum.of(meeting).is_met
    come_in(meeting_id=meeting.pk, actor=person("agency"), at=BEGINS + timedelta(minutes=5))
    assert quorum.of(meeting).is_met


def test_before_it_those_who_say_that_they_come_are_counted(meeting: Meeting, at: datetime) -> None:
    assert quorum.expected(meeting).present == 0
    answered(meeting, at)
    answered(meeting, at, actor=person("coordinator"), agency_id=agency_of("officer").pk)
    assert quorum.expected(meeting).is_met


def test_quorum_in_two_queries(meeting: Meeting, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        quorum.of(meeting)
