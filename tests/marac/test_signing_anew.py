"""Somebody who signed for one agency is of another one now: they sign anew, and see as that one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Agency, Team, User, Withholding
from core.errors import DomainError
from marac import live, quorum
from marac.minutes.content import content_of
from marac.models import Attendance, Hearing, MaracCase, Meeting, ResearchRequest
from marac.permissions import speaks_at
from marac.services import (
    add_observer,
    come_in,
    note_here,
    open_minutes,
    remove_observer,
    return_research,
    sign,
)
from marac.services.minutes.opening import NotSigned
from marac.services.research.answering import speakers
from tests.factories import marac
from tests.personas import person, team

pytestmark = pytest.mark.django_db
BEGINS = datetime(2026, 12, 10, 9, 30, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def hearing(at: datetime) -> Hearing:
    """A case at a meeting whose agenda is out; housing's representative has signed."""
    meeting = marac.agenda_out(marac.meeting(BEGINS), at)
    hearing = marac.hearing(meeting, marac.case(at - 5 * DAY))
    for kind in ("partner", "children"):
        marac.research(hearing, team(kind).agency, at)
    sign(meeting_id=meeting.pk, actor=person("agency"), at=at)
    return hearing


def moved(to: Team | None, name: str = "agency") -> User:
    """This persona works elsewhere from now on, as their next request reads them."""
    User.objects.filter(pk=person(name).pk).update(team=to)
    return User.objects.get(pk=person(name).pk)


def uninvited() -> Team:
    agency = Agency.objects.create(name="Wexcombe Probation", kind=Agency.Kind.PROBATION)
    return Team.objects.create(name="Wexcombe Probation", agency=agency, kind=Team.Kind.PARTNER)


def sees(who: User, hearing: Hearing) -> bool:
    """Whether anything of the case opens to them, by whichever door; all must say the same."""
    said = {
        Meeting.objects.opened_by(who).exists(),
        Hearing.objects.visible_to(who).exists(),
        MaracCase.objects.visible_to(who).exists(),
        ResearchRequest.objects.for_agency_of(who).exists(),
        live.place_of(who, hearing.meeting) is not None,
        live.count_for(who, hearing.meeting.reference) is not None,
        speaks_at(who, hearing.meeting) is not None,
    }
    [one] = said
    return one


def test_moved_they_see_nothing_until_they_sign_for_the_new_agency(
    hearing: Hearing, at: datetime
) -> None:
    assert sees(person("agency"), hearing)
    who = moved(team("children"))
    assert not sees(who, hearing)
    with pytest.raises(PermissionDenied):
        come_in(meeting_id=hearing.meeting_id, actor=who, at=BEGINS)
    row = sign(meeting_id=hearing.meeting_id, actor=who, at=at + DAY)
    assert (row.agency, row.signed_at) == (team("children").agency, at + DAY)
    assert sees(who, hearing)


def test_what_they_signed_before_stays_on_record_and_signed_anew_once(
    hearing: Hearing, at: datetime
) -> None:
    who = moved(team("children"))
    for day in (1, 2):
        sign(meeting_id=hearing.meeting_id, actor=who, at=at + day * DAY)
    rows = Attendance.objects.filter(person=who).order_by("pk")
    assert [(row.agency, row.signed_at) for row in rows] == [
        (team("partner").agency, at),
        (team("children").agency, at + DAY),
    ]


def test_they_answer_for_the_new_agency_and_no_more_for_the_old(
    hearing: Hearing, at: datetime
) -> None:
    who = moved(team("children"))
    sign(meeting_id=hearing.meeting_id, actor=who, at=at)
    old, new = (hearing.research.get(agency=team(kind).agency) for kind in ("partner", "children"))
    assert list(ResearchRequest.objects.for_agency_of(who)) == [new]
    with pytest.raises(PermissionDenied):
        return_research(research_id=old.pk, words="We know her.", version=1, actor=who, at=at)
    return_research(research_id=new.pk, words="We know them.", version=1, actor=who, at=at)


def test_what_is_withheld_from_the_new_agency_stays_shut(hearing: Hearing, at: datetime) -> None:
    Withholding.objects.create(
        victim=hearing.victim,
        agency=team("children").agency,
        reason="His mother works there.",
        set_by=person("manager"),
        set_at=at,
    )
    who = moved(team("children"))
    sign(meeting_id=hearing.meeting_id, actor=who, at=at)
    assert Meeting.objects.opened_by(who).exists()
    assert not Hearing.objects.visible_to(who).exists()
    assert not MaracCase.objects.visible_to(who).exists()


def test_an_agency_that_is_not_invited_signs_nothing(hearing: Hearing, at: datetime) -> None:
    for to in (uninvited(), None):
        who = moved(to)
        assert not sees(who, hearing)
        assert not Meeting.objects.visible_to(who).exists()
        with pytest.raises((PermissionDenied, DomainError)):
            sign(meeting_id=hearing.meeting_id, actor=who, at=at)
    assert Attendance.objects.filter(person=who).count() == 1
    assert who not in speakers(hearing.meeting)


def test_back_again_the_first_signature_counts_and_the_second_no_more(
    hearing: Hearing, at: datetime
) -> None:
    sign(meeting_id=hearing.meeting_id, actor=moved(team("children")), at=at)
    who = moved(team("partner"))
    assert sees(who, hearing)
    assert list(ResearchRequest.objects.for_agency_of(who)) == [
        hearing.research.get(agency=team("partner").agency)
    ]


def test_in_the_meeting_one_person_is_one_voice(hearing: Hearing, at: datetime) -> None:
    """The former agency is there until they move; the new one from when they come in for it."""
    meeting = marac.under_way(hearing.meeting, BEGINS)
    come_in(meeting_id=meeting.pk, actor=person("agency"), at=BEGINS)
    assert quorum.of(meeting).present == 1
    who = moved(team("children"))
    assert quorum.of(meeting).present == 0
    sign(meeting_id=meeting.pk, actor=who, at=BEGINS + 5 * MINUTE)
    come_in(meeting_id=meeting.pk, actor=who, at=BEGINS + 6 * MINUTE)
    found = quorum.of(meeting)
    assert (found.present, [str(one) for one in found.missing_core]) == (
        1,
        sorted(str(team(kind).agency) for kind in ("response", "partner")),
    )
    there = [(one["agency_id"], one["left_at"] != "") for one in content_of(meeting)["people"]]
    assert sorted(there) == sorted(
        [(team("partner").agency.pk, True), (team("children").agency.pk, False)]
    )


def test_nobody_notes_them_in_the_room_for_the_old_agency(hearing: Hearing, at: datetime) -> None:
    sign(meeting_id=hearing.meeting_id, actor=person("coordinator"), at=at)
    moved(team("children"))
    row = Attendance.objects.get(person=person("agency"))
    with pytest.raises(DomainError):
        note_here(attendance_id=row.pk, actor=person("coordinator"), at=BEGINS)


def test_minutes_open_as_the_new_agency_once_signed(hearing: Hearing, at: datetime) -> None:
    who = moved(team("children"))
    with pytest.raises(NotSigned):
        open_minutes(meeting=hearing.meeting, reader=who, path="/", at=at)


def test_an_observer_who_moves_is_added_anew(hearing: Hearing, at: datetime) -> None:
    said = {"meeting_id": hearing.meeting_id, "person_id": person("idva").pk}
    keeper = person("coordinator")
    add_observer(**said, because="Learns.", actor=keeper, at=at)
    sign(meeting_id=hearing.meeting_id, actor=person("idva"), at=at)
    who = moved(uninvited(), "idva")
    with pytest.raises(PermissionDenied):
        sign(meeting_id=hearing.meeting_id, actor=who, at=at)
    add_observer(**said, because="Still learns.", actor=keeper, at=at)
    remove_observer(**said, actor=keeper, at=at)
    [row] = Attendance.objects.filter(person=who)
    assert row.signed_at == at


def test_the_pages_lead_to_the_statement_again(
    hearing: Hearing, at: datetime, sign_in: Callable[[str], Client]
) -> None:
    moved(team("children"))
    client, address = sign_in("agency"), f"/marac/meetings/{hearing.meeting.reference}/"
    assert client.get(f"{address}agenda/").status_code == 403
    assert client.get(f"{address}live/").status_code == 403
    page = client.get(address).content.decode()
    assert "Sign the confidentiality statement" in page and "Sign to open" in page
    statement = client.get(f"{address}sign/").content.decode()
    assert "You signed this" not in statement
    client.post(f"{address}sign/", {"statement": "1", "agreed": "on"})
    assert client.get(f"{address}agenda/").status_code == 200
