"""The victim is asked before the meeting and told after it, by their adviser."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User, Withholding
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline
from marac.events import CaseHeard, CaseListed, CaseTakenOff, MeetingMoved
from marac.models import Conflict, Hearing, Meeting
from marac.services import report_told, report_wishes
from tests.factories import advising, marac
from tests.personas import PEOPLE, person

DAY = timedelta(days=1)
#: A Thursday three weeks on.
MEETS = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)


def listed(at: datetime, *, adviser: bool = True, **meets: object) -> Hearing:
    """A case on an agenda, announced; its victim has an adviser unless told otherwise."""
    case = marac.case(at - 3 * DAY)
    if adviser:
        advising.accepted(at - DAY, victim=case.victim)
    row = marac.hearing(marac.meeting(MEETS, **meets), case)  # type: ignore[arg-type]
    announce(CaseListed, row, at)
    return row


def announce(event: type, row: Hearing, at: datetime) -> None:
    keys = (row.pk, row.meeting_id, row.case_id, row.victim_id)
    events.announce(event(*keys, person("coordinator"), at))


def heard(at: datetime, *, adviser: bool = True) -> Hearing:
    case = marac.case(at - 14 * DAY)
    if adviser:
        advising.accepted(at - DAY, victim=case.victim)
    row = marac.heard(at, case=case)
    announce(CaseHeard, row, at)
    return row


def clock(row: Hearing, kind: str = "marac_wishes") -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=row.pk)


def test_the_adviser_reports_a_working_day_before(db: None, at: datetime) -> None:
    row = listed(at)
    owed = clock(row)
    assert (owed.owner, owed.due_at) == (person("idva"), datetime(2026, 12, 9, 9, 30, tzinfo=UTC))
    done = report_wishes(hearing_id=row.pk, wanted="To stay.", actor=person("idva"), at=at + DAY)
    assert (done.wanted, done.wanted_by, done.wanted_at) == ("To stay.", person("idva"), at + DAY)
    assert clock(row).state == "met"


def test_without_an_adviser_it_is_the_coordinators(db: None, at: datetime) -> None:
    row = listed(at, adviser=False)
    assert clock(row).owner == person("coordinator")
    done = report_wishes(
        hearing_id=row.pk,
        not_asked_because="No safe way to reach her.",
        actor=person("coordinator"),
        at=at,
    )
    assert (done.wanted, done.not_asked_because) == ("", "No safe way to reach her.")
    assert clock(row).state == "met"


def test_listed_late_it_is_due_by_the_meeting(db: None) -> None:
    late = MEETS - timedelta(hours=3)
    assert clock(listed(late)).due_at == MEETS


def test_nobody_asks_before_a_weekly_call(db: None, at: datetime) -> None:
    listed(at, kind=Meeting.Kind.WEEKLY)
    assert not Deadline.objects.filter(kind="marac_wishes").exists()


def test_it_follows_the_meeting_and_ends_with_the_agenda(db: None, at: datetime) -> None:
    row = listed(at)
    Meeting.objects.update(starts_at=MEETS + 7 * DAY)
    events.announce(MeetingMoved(row.meeting_id, person("coordinator"), at))
    assert clock(row).due_at == datetime(2026, 12, 16, 9, 30, tzinfo=UTC)
    announce(CaseTakenOff, row, at)
    assert clock(row).state == "cancelled"


def test_it_follows_the_adviser(db: None, at: datetime) -> None:
    row = listed(at, adviser=False)
    advising.accepted(at + DAY, victim=row.victim, to="idva_b")
    assert clock(row).owner == person("idva_b")


def test_told_within_a_working_day_after(db: None, at: datetime) -> None:
    row = heard(at)
    owed = clock(row, "marac_told")
    assert (owed.owner, owed.due_at) == (person("idva"), at + DAY)
    done = report_told(hearing_id=row.pk, words="The locks.", actor=person("idva"), at=at + DAY)
    assert (done.told, done.told_by) == ("The locks.", person("idva"))
    assert clock(row, "marac_told").state == "met"
    again = report_told(
        hearing_id=row.pk, words="The locks.", actor=person("idva"), at=at + 2 * DAY
    )
    assert again.told_at == at + DAY
    with pytest.raises(AlreadyTaken, match="has told them"):
        report_told(hearing_id=row.pk, words="More.", actor=person("coordinator"), at=at + 2 * DAY)


def test_heard_without_asking_nobody_asks_any_more(db: None, at: datetime) -> None:
    row = listed(at)
    row.state, row.began_at, row.ended_at = "concluded", MEETS, MEETS
    row.save()
    announce(CaseHeard, row, MEETS)
    assert clock(row).state == "cancelled"
    with pytest.raises(DomainError, match="done with this case"):
        report_wishes(hearing_id=row.pk, wanted="x", actor=person("idva"), at=MEETS)


def test_who_reports_and_tells(db: None, at: datetime) -> None:
    ahead, over = listed(at), heard(at)
    may = {"idva", "idva_manager", "coordinator", "chair"}
    for who in set(PEOPLE) - may:
        with pytest.raises(PermissionDenied):
            report_wishes(hearing_id=ahead.pk, wanted="x", actor=person(who), at=at)
        with pytest.raises(PermissionDenied):
            report_told(hearing_id=over.pk, words="x", actor=person(who), at=at)
    for who in sorted(may):
        report_wishes(hearing_id=ahead.pk, wanted=who, actor=person(who), at=at)
    ahead.refresh_from_db()
    assert ahead.wanted == "idva_manager"


def test_near_to_it_or_withheld_nobody_reports(db: None, at: datetime) -> None:
    row = listed(at)
    coordinator, adviser = person("coordinator"), person("idva")
    Conflict.objects.create(
        hearing=row, person=coordinator, words="Sister", declared_at=at, declared_by=coordinator
    )
    Withholding.objects.create(
        victim=row.victim, person=adviser, reason="Brother", set_by=person("head"), set_at=at
    )
    for who in (coordinator, adviser):
        with pytest.raises(PermissionDenied):
            actor = User.objects.get(pk=who.pk)
            report_wishes(hearing_id=row.pk, wanted="x", actor=actor, at=at)


@pytest.mark.parametrize(
    ("wanted", "why", "field"),
    [("", " ", "wanted"), ("x", "y", "not_asked_because"), ("x" * 10_001, "", "wanted")],
)
def test_the_one_or_the_other_is_said(
    db: None, at: datetime, wanted: str, why: str, field: str
) -> None:
    row = listed(at)
    with pytest.raises(InvalidInput) as refused:
        report_wishes(
            hearing_id=row.pk, wanted=wanted, not_asked_because=why, actor=person("idva"), at=at
        )
    assert refused.value.field == field
    assert clock(row).state == "running"


def test_nothing_is_told_before_it_is_decided(db: None, at: datetime) -> None:
    row = listed(at)
    with pytest.raises(DomainError, match="not heard"):
        report_told(hearing_id=row.pk, words="x", actor=person("idva"), at=at)
    with pytest.raises(InvalidInput):
        report_told(hearing_id=row.pk, words=" ", actor=person("idva"), at=at)
