"""Each agency is asked for each case, answers for itself, is reminded, and may not be asked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

import victims.services
from accounts.models import Agency, Team, User, Withholding
from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from marac import services
from marac.events import CaseHeard, MeetingCancelled, MeetingMoved
from marac.models import Hearing, Invitation, Meeting, ResearchRequest
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, listed, out, request
from tests.personas import PEOPLE, person, team

WORDS = "Two complaints of noise since June."


@pytest.fixture
def meeting(db: None, at: datetime) -> Meeting:
    return marac.meeting(at + 20 * DAY)


@pytest.fixture
def hearing(meeting: Meeting, at: datetime) -> Hearing:
    """One case on an agenda that is out; T. Boyle of housing has signed."""
    marac.attendance(meeting, person("agency"), at=at)
    return out(meeting, at, "Birch")[0]


def answered(
    row: ResearchRequest, at: datetime, words: str = WORDS, who: str = "agency", **more: Any
) -> ResearchRequest:
    said: dict[str, Any] = {"version": row.version, "actor": person(who), "at": at, **more}
    return services.return_research(research_id=row.pk, words=words, **said)


def clock(row: ResearchRequest) -> Deadline:
    return Deadline.objects.filter(kind="marac_research", subject_id=row.pk).latest("pk")


def withheld(hearing: Hearing, at: datetime, **whom: int) -> None:
    victims.services.withhold(
        victim_id=hearing.victim_id, reason="A cousin", actor=person("manager"), at=at, **whom
    )


def test_each_agency_is_asked_for_each_case(meeting: Meeting, at: datetime) -> None:
    """One request for each pair, due two working days before, its team's to answer."""
    rows = out(meeting, at, "Ash", "Beech")
    asked = ResearchRequest.objects.filter(hearing__in=rows)
    assert asked.count() == 2 * meeting.invitations.count() == 6
    # The meeting is on a Sunday: two whole working days lie between.
    due = {row.due_at for row in asked}
    assert [f"{one:%a %d %b %H:%M}" for one in due] == ["Thu 10 Dec 00:00"]
    for row in asked:
        assert row.victim_id == row.hearing.victim_id
        assert clock(row).team == row.team
        assert row.team.agency_id == row.agency_id
        assert (clock(row).due_at, clock(row).victim_id) == (row.due_at, None)
        assert (
            clock(row).basis == "2 working days before the meeting, 13 Dec 2026 10:00 "
            "(force policy)"
        )
    headlines = AuditEvent.objects.filter(verb="research.asked").values_list("headline", flat=True)
    assert set(headlines) == {"Research asked of 3 agencies"}


def test_the_unit_answers_for_the_police_and_the_area_for_others(
    meeting: Meeting, at: datetime
) -> None:
    housing = team("partner")
    Team.objects.filter(pk=housing.pk).update(area=None)
    here = Team.objects.create(
        name="Fenwick homes", kind="partner", agency=housing.agency, area=team("maru").area
    )
    (hearing,) = out(meeting, at, "Ash")
    assert request(hearing).team == here
    assert request(hearing, "police").team == team("maru")


def test_a_weekly_call_asks_only_where_it_is_ticked(db: None, at: datetime) -> None:
    meeting, coordinator = marac.meeting(at + 2 * DAY, kind="weekly"), person("coordinator")
    rows = [listed(meeting, a_case(at, name), at, late_reason="New") for name in ("Ash", "Elm")]
    services.send_agenda(meeting_id=meeting.pk, research_for=[rows[1].pk], actor=coordinator, at=at)
    asked = ResearchRequest.objects.all()
    assert {row.hearing for row in asked} == {rows[1]}
    assert {row.due_at for row in asked} == {meeting.starts_at}
    late = listed(meeting, a_case(at, "Oak"), at, late_reason="New")
    assert not late.research.exists()
    assert len(services.ask_research(hearing_id=late.pk, actor=coordinator, at=at)) == 3
    assert services.ask_research(hearing_id=late.pk, actor=coordinator, at=at) == []


def test_a_late_case_is_asked_at_once(hearing: Hearing, at: datetime) -> None:
    """Past the usual time it is wanted by the start of the meeting; the agencies are told."""
    meeting = hearing.meeting
    late = meeting.starts_at - DAY
    Notification.objects.filter(user=person("agency")).delete()
    new = listed(meeting, a_case(at, "Elm"), late, late_reason="Released tomorrow")
    assert request(new).due_at == meeting.starts_at
    told = Notification.objects.filter(user=person("agency"))
    assert [row.headline for row in told] == ["Research is asked of you by 13 Dec, 10:00"]


def test_nothing_is_asked_before_the_agenda_is_out(meeting: Meeting, at: datetime) -> None:
    row = listed(meeting, a_case(at), at)
    with pytest.raises(DomainError, match="Send the agenda first"):
        services.ask_research(hearing_id=row.pk, actor=person("coordinator"), at=at)


@pytest.mark.parametrize(
    ("words", "nothing_known", "state"), [(WORDS, False, "returned"), ("", True, "nothing_known")]
)
def test_an_answer_ends_the_clock(
    hearing: Hearing, at: datetime, words: str, nothing_known: bool, state: str
) -> None:
    row = answered(request(hearing), at, words, nothing_known=nothing_known)
    assert (row.state, row.words, row.returned_by) == (state, words, person("agency"))
    assert clock(row).state == Deadline.State.MET
    told = AuditEvent.objects.get(verb="research.returned")
    assert WORDS not in f"{told.headline} {told.detail}", "what they said is for the meeting"


@pytest.mark.parametrize(("words", "nothing_known"), [("", False), (" \n", False), (WORDS, True)])
def test_an_answer_says_one_thing(
    hearing: Hearing, at: datetime, words: str, nothing_known: bool
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        answered(request(hearing), at, words, nothing_known=nothing_known)
    assert refusal.value.field == "words"


def test_an_answer_with_apologies_is_read_out(hearing: Hearing, at: datetime) -> None:
    Invitation.objects.filter(agency=team("partner").agency).update(
        state="apologies", apologies="Ill"
    )
    assert answered(request(hearing), at).for_apologies


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_only_the_agency_answers_for_itself(hearing: Hearing, at: datetime, who: str) -> None:
    """Whoever else has signed too; and nobody of it who has not."""
    if who != "agency":
        marac.attendance(hearing.meeting, person(who), at=at)
        with pytest.raises(PermissionDenied):
            answered(request(hearing), at, who=who)
        return
    hearing.meeting.attendances.update(signed_at=None, statement=None)
    with pytest.raises(PermissionDenied):
        answered(request(hearing), at)


def test_an_observer_of_the_agency_listens(hearing: Hearing, at: datetime) -> None:
    hearing.meeting.attendances.update(is_observer=True, observes_because="Learns")
    with pytest.raises(PermissionDenied):
        answered(request(hearing), at)


def test_said_anew_while_the_case_waits(hearing: Hearing, at: datetime) -> None:
    """The same again changes nothing; from an older page it is refused with both."""
    row = answered(request(hearing), at)
    again = answered(row, at + DAY)
    assert (again.version, again.returned_at) == (row.version, at)
    more = answered(row, at + DAY, "And a third in July.")
    assert (more.words, more.version) == ("And a third in July.", row.version + 1)
    with pytest.raises(Stale) as refusal:
        answered(row, at + DAY, "Nothing new.")
    assert refusal.value.theirs["words"] == "And a third in July."
    assert refusal.value.yours["words"] == "Nothing new."


@pytest.mark.parametrize("state", ["concluded", "deferred"])
def test_not_once_the_case_was_heard(hearing: Hearing, at: datetime, state: str) -> None:
    row = request(hearing)
    Hearing.objects.filter(pk=hearing.pk).update(
        state=state, began_at=at, ended_at=at, ended_words="To the next"
    )
    with pytest.raises(DomainError, match="Tell the coordinator"):
        answered(row, at)


def test_who_must_not_know_is_never_asked(meeting: Meeting, at: datetime) -> None:
    hearing = listed(meeting, a_case(at), at)
    withheld(hearing, at, agency_id=team("partner").agency_id)
    services.send_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=at)
    kinds = hearing.research.values_list("agency__kind", flat=True)
    assert set(kinds) == {"police", "children"}
    assert services.ask_research(hearing_id=hearing.pk, actor=person("coordinator"), at=at) == []


def test_withheld_later_it_is_withdrawn_at_once(hearing: Hearing, at: datetime) -> None:
    row, police = request(hearing), request(hearing, "police")
    withheld(hearing, at, agency_id=row.agency_id)
    row.refresh_from_db()
    police.refresh_from_db()
    assert (row.state, police.state) == ("withdrawn", "asked")
    assert clock(row).state == Deadline.State.CANCELLED
    with pytest.raises(PermissionDenied):
        answered(row, at)
    assert (
        services.chase_research(research_ids=[row.pk], actor=person("coordinator"), at=at + DAY)
        == 0
    )


def test_what_was_said_before_stays(hearing: Hearing, at: datetime) -> None:
    row = answered(request(hearing), at)
    withheld(hearing, at, agency_id=row.agency_id)
    row.refresh_from_db()
    assert (row.state, row.words) == ("returned", WORDS)


def test_asked_again_once_it_may_know(hearing: Hearing, at: datetime) -> None:
    row = request(hearing)
    withheld(hearing, at, agency_id=row.agency_id)
    step: dict[str, Any] = {
        "hearing_id": hearing.pk,
        "actor": person("coordinator"),
        "at": at + DAY,
    }
    assert services.ask_research(**step) == []
    victims.services.end_withholding(
        withholding_id=Withholding.objects.get().pk,
        reason="A mistake",
        actor=person("manager"),
        at=at,
    )
    assert services.ask_research(**step) == [row]
    row.refresh_from_db()
    assert (row.state, row.asked_at) == ("asked", at + DAY)
    assert clock(row).is_open


def colleague(name: str = "L. Hart") -> User:
    row = User.objects.create_user(name.lower(), name=name, team=team("partner"))
    row.groups.set(person("agency").groups.all())
    return row


@pytest.mark.parametrize("how", ["withheld", "near"])
def test_a_person_who_must_not_know_hears_nothing(hearing: Hearing, at: datetime, how: str) -> None:
    """A colleague of theirs has it then; with none, the coordinator. Nobody else is reminded."""
    row, mine, other = request(hearing), person("agency"), colleague()
    assert (clock(row).owner, clock(row).team) == (None, team("partner"))
    if how == "near":
        services.declare_conflict(hearing_id=hearing.pk, words="A cousin", actor=mine, at=at)
    else:
        withheld(hearing, at, person_id=mine.pk)
    assert (clock(row).owner, clock(row).team) == (other, None)
    Notification.objects.all().delete()
    sweep(at=row.due_at)
    told = Notification.objects.filter(deadline=clock(row)).values_list("user", flat=True)
    assert set(told) == {other.pk}
    with pytest.raises(PermissionDenied):
        answered(row, at)
    withheld(hearing, at, person_id=other.pk)
    assert clock(row).owner == person("coordinator")


def test_reminders_go_to_the_agencys_people(hearing: Hearing, at: datetime) -> None:
    """And out of time to whoever leads them, then to the coordinators."""
    row, other = request(hearing), colleague()
    sweep(at=row.due_at)
    told = Notification.objects.filter(deadline=clock(row))
    assert set(told.values_list("user", flat=True)) == {person("agency").pk, other.pk}
    sweep(at=row.due_at + 30 * DAY)
    assert told.filter(user=person("coordinator")).exists()


def test_chased_in_one_go(hearing: Hearing, at: datetime) -> None:
    """One word to each person, however many cases; sent twice, it is sent once."""
    meeting, coordinator = hearing.meeting, person("coordinator")
    new = listed(meeting, a_case(at, "Elm"), at, late_reason="Released")
    answered(request(hearing), at)
    missing = list(ResearchRequest.objects.order_by("pk").values_list("pk", flat=True))
    Notification.objects.all().delete()
    chase: dict[str, Any] = {"research_ids": missing, "actor": coordinator}
    assert services.chase_research(at=at, **chase) == 5
    assert Notification.objects.filter(user=person("agency")).count() == 1
    assert services.chase_research(at=at + timedelta(minutes=9), **chase) == 0
    assert services.chase_research(at=at + timedelta(minutes=10), **chase) == 5
    assert request(new).chased == 2
    assert request(hearing).chased == 0, "it is not missing"
    with pytest.raises(PermissionDenied):
        services.chase_research(research_ids=missing, actor=person("chair"), at=at)


def test_off_the_agenda_nobody_is_asked(hearing: Hearing, at: datetime) -> None:
    answered(request(hearing), at)
    services.take_off(hearing_id=hearing.pk, words="Moved", actor=person("coordinator"), at=at)
    states = dict(hearing.research.values_list("agency__kind", "state"))
    assert states == {"housing": "returned", "police": "withdrawn", "children": "withdrawn"}
    assert not Deadline.objects.open().filter(kind="marac_research").exists()


def test_the_meeting_moves_and_is_cancelled(hearing: Hearing, at: datetime) -> None:
    meeting, coordinator, row = hearing.meeting, person("coordinator"), request(hearing)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + 30 * DAY)
    events.announce(MeetingMoved(meeting.pk, coordinator, at))
    row.refresh_from_db()
    assert row.due_at == clock(row).due_at
    assert row.due_at > meeting.starts_at
    events.announce(MeetingCancelled(meeting.pk, coordinator, at))
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not Deadline.objects.open().filter(kind="marac_research").exists()


def test_once_heard_nobody_is_reminded(hearing: Hearing, at: datetime) -> None:
    """What is missing stays missing."""
    Hearing.objects.filter(pk=hearing.pk).update(state="concluded", began_at=at, ended_at=at)
    ids = (hearing.pk, hearing.meeting_id, hearing.case_id, hearing.victim_id)
    events.announce(CaseHeard(*ids, person("chair"), at))
    assert request(hearing).state == "asked"
    assert not Deadline.objects.open().filter(kind="marac_research").exists()


def test_twelve_cases_cost_what_two_cost(db: None, at: datetime) -> None:
    """Twelve agencies: the rows are written at once, not one by one."""
    counts = []
    for number, days in ((2, 20), (12, 50)):
        meeting = marac.meeting(at + days * DAY, capacity=40)
        for key in range(12 - meeting.invitations.count()):
            agency, _ = Agency.objects.get_or_create(name=f"Agency {key}", kind="health")
            Team.objects.get_or_create(name=f"Team {key}", kind="partner", agency=agency)
            Invitation.objects.create(meeting=meeting, agency=agency, invited_at=at)
        for key in range(number):
            marac.hearing(meeting, a_case(at, f"Name {days} {key}"))
        with CaptureQueriesContext(connection) as made:
            services.send_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=at)
        counts.append(len(made))
        assert meeting.hearings.filter(research__state="asked").count() == 12 * number
    assert counts[0] == counts[1] <= 40
